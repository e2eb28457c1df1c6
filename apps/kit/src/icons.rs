//! The icons, drawn for MomFood: strokes on a 24 px grid, one path each. Those that point are mirrored in
//! right-to-left pages.

use dioxus::prelude::*;

/// An icon of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A magnifying glass.
    Search,
    /// A cross.
    Close,
    /// A tick.
    Check,
    /// A plus.
    Plus,
    /// A minus.
    Minus,
    /// Back to where one came from.
    Back,
    /// Onward.
    Forward,
    /// A row leads somewhere.
    ChevronNext,
    /// Opens downward.
    ChevronDown,
    /// Closes upward.
    ChevronUp,
    /// Three lines.
    Menu,
    /// Three dots.
    More,
    /// A house.
    Home,
    /// A place on the map.
    Pin,
    /// My own place.
    Target,
    /// Directions.
    Navigate,
    /// A way from here to there.
    Route,
    /// A clock.
    Clock,
    /// A stopwatch.
    Timer,
    /// A date.
    Calendar,
    /// An order to carry.
    Bag,
    /// The cart.
    Cart,
    /// A bill, past orders.
    Receipt,
    /// A payment card.
    Card,
    /// Notes.
    Cash,
    /// Earnings.
    Wallet,
    /// An offer, a discount.
    Tag,
    /// A heart in a hand: a tip.
    Tip,
    /// A star.
    Star,
    /// A favourite.
    Heart,
    /// A person.
    User,
    /// People.
    Users,
    /// Call.
    Phone,
    /// Write.
    Chat,
    /// Help.
    Help,
    /// Good to know.
    Info,
    /// Something is wrong.
    Alert,
    /// Refused, cancelled.
    Stop,
    /// The bell.
    Bell,
    /// The bell, silent.
    BellOff,
    /// Sound is on.
    Sound,
    /// Sound is off.
    SoundOff,
    /// Settings.
    Settings,
    /// Language.
    Globe,
    /// Light colours.
    Sun,
    /// Dark colours.
    Moon,
    /// As the device says.
    Device,
    /// Being sent.
    Sync,
    /// Take back.
    Undo,
    /// No way to the server.
    CloudOff,
    /// Changes arrive as they happen.
    Live,
    /// Pause.
    Pause,
    /// Go on.
    Play,
    /// Shift on or off.
    Power,
    /// A motorbike.
    Scooter,
    /// A car.
    Car,
    /// A cook's hat: the kitchen.
    Chef,
    /// Being cooked.
    Fire,
    /// Food.
    Bowl,
    /// Without meat.
    Leaf,
    /// Hot.
    Chili,
    /// A note.
    Note,
    /// Change.
    Edit,
    /// Remove.
    Trash,
    /// Narrow down.
    Filter,
    /// A list.
    List,
    /// The board.
    Board,
    /// A photo as proof.
    Camera,
    /// A code.
    Key,
    /// Locked, secure.
    Lock,
    /// Show.
    Eye,
    /// Hide.
    EyeOff,
    /// Leave.
    SignOut,
    /// Opens elsewhere.
    External,
    /// A building.
    Building,
    /// A place of work.
    Work,
    /// Figures.
    Chart,
    /// New.
    Sparkle,
    /// Ticket printer.
    Printer,
    /// Fill the screen.
    FullScreen,
    /// No longer fill it.
    SmallScreen,
    /// Hand to somebody else.
    Share,
}

impl Icon {
    /// Every icon.
    pub const ALL: [Self; 82] = [
        Self::Search,
        Self::Close,
        Self::Check,
        Self::Plus,
        Self::Minus,
        Self::Back,
        Self::Forward,
        Self::ChevronNext,
        Self::ChevronDown,
        Self::ChevronUp,
        Self::Menu,
        Self::More,
        Self::Home,
        Self::Pin,
        Self::Target,
        Self::Navigate,
        Self::Route,
        Self::Clock,
        Self::Timer,
        Self::Calendar,
        Self::Bag,
        Self::Cart,
        Self::Receipt,
        Self::Card,
        Self::Cash,
        Self::Wallet,
        Self::Tag,
        Self::Tip,
        Self::Star,
        Self::Heart,
        Self::User,
        Self::Users,
        Self::Phone,
        Self::Chat,
        Self::Help,
        Self::Info,
        Self::Alert,
        Self::Stop,
        Self::Bell,
        Self::BellOff,
        Self::Sound,
        Self::SoundOff,
        Self::Settings,
        Self::Globe,
        Self::Sun,
        Self::Moon,
        Self::Device,
        Self::Sync,
        Self::Undo,
        Self::CloudOff,
        Self::Live,
        Self::Pause,
        Self::Play,
        Self::Power,
        Self::Scooter,
        Self::Car,
        Self::Chef,
        Self::Fire,
        Self::Bowl,
        Self::Leaf,
        Self::Chili,
        Self::Note,
        Self::Edit,
        Self::Trash,
        Self::Filter,
        Self::List,
        Self::Board,
        Self::Camera,
        Self::Key,
        Self::Lock,
        Self::Eye,
        Self::EyeOff,
        Self::SignOut,
        Self::External,
        Self::Building,
        Self::Work,
        Self::Chart,
        Self::Sparkle,
        Self::Printer,
        Self::FullScreen,
        Self::SmallScreen,
        Self::Share,
    ];

    /// Whether it points somewhere, and so turns around with the page.
    pub const fn points(self) -> bool {
        matches!(
            self,
            Self::Back
                | Self::Forward
                | Self::ChevronNext
                | Self::Route
                | Self::Cart
                | Self::Tag
                | Self::Phone
                | Self::Chat
                | Self::Sound
                | Self::SoundOff
                | Self::Settings
                | Self::Undo
                | Self::Play
                | Self::Scooter
                | Self::Note
                | Self::Edit
                | Self::List
                | Self::SignOut
                | Self::External
                | Self::Chart
        )
    }

    #[expect(clippy::too_many_lines, reason = "drawings, not logic")]
    const fn path(self) -> &'static str {
        match self {
            Self::Search => "M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14zM16.2 16.2L20.5 20.5",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Check => "M4.5 12.5l5 5L19.5 7",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Minus => "M5 12h14",
            Self::Back => "M19.5 12H5M11 5.5L4.5 12l6.5 6.5",
            Self::Forward => "M4.5 12H19M13 5.5l6.5 6.5-6.5 6.5",
            Self::ChevronNext => "M9.5 5.5L16 12l-6.5 6.5",
            Self::ChevronDown => "M5.5 9L12 15.5 18.5 9",
            Self::ChevronUp => "M5.5 15L12 8.5l6.5 6.5",
            Self::Menu => "M4 6.5h16M4 12h16M4 17.5h16",
            Self::More => {
                "M5 11.3a.7.7 0 1 0 0 1.4a.7.7 0 0 0 0-1.4zM12 11.3a.7.7 0 1 0 0 1.4a.7.7 0 0 0 0-1.4zM19 11.3a.7.7 0 1 0 0 1.4a.7.7 0 0 0 0-1.4z"
            }
            Self::Home => "M4 11l8-7 8 7M6 9.5V19.5h12V9.5M10 19.5v-5.5h4v5.5",
            Self::Pin => {
                "M12 21.5s7-6.2 7-11.7a7 7 0 0 0-14 0c0 5.5 7 11.7 7 11.7zM12 7.3a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5z"
            }
            Self::Target => {
                "M12 6.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zM12 2.5v4M12 17.5v4M2.5 12h4M17.5 12h4"
            }
            Self::Navigate => "M20.5 3.5L3.5 10.6l7.2 2.7 2.7 7.2z",
            Self::Route => {
                "M6 16a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5zM18 3a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5zM8.5 18.5H15a3.2 3.2 0 0 0 0-6.5H9a3.2 3.2 0 0 1 0-6.5h6.5"
            }
            Self::Clock => "M12 3.2a8.8 8.8 0 1 0 0 17.6a8.8 8.8 0 0 0 0-17.6zM12 7v5.2l3.4 2",
            Self::Timer => "M12 6a7.5 7.5 0 1 0 0 15a7.5 7.5 0 0 0 0-15zM12 9.8v3.9M9.5 2.8h5M18 6.5l1.4-1.4",
            Self::Calendar => {
                "M5 5.5h14a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 19V7A1.5 1.5 0 0 1 5 5.5zM3.5 10h17M8 3v4.5M16 3v4.5"
            }
            Self::Bag => "M5.5 8h13l1 12.5h-15zM8.8 10.5V7a3.2 3.2 0 0 1 6.4 0v3.5",
            Self::Cart => {
                "M2.8 4h2.6l2.4 11.2h9.9L20 7.5H6.2M9 18.3a1.2 1.2 0 1 0 0 2.4a1.2 1.2 0 0 0 0-2.4zM17 18.3a1.2 1.2 0 1 0 0 2.4a1.2 1.2 0 0 0 0-2.4z"
            }
            Self::Receipt => {
                "M6 3h12v18l-2.4-1.6L13.2 21 12 20.2 10.8 21l-2.4-1.6L6 21zM9 8h6M9 12h6M9 15.8h3"
            }
            Self::Card => {
                "M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5zM3 10h18M6.5 14.8h4"
            }
            Self::Cash => {
                "M3 7h18v10.5H3zM12 9.6a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 0 0 0-5.2zM6 12.2h.01M18 12.2h.01"
            }
            Self::Wallet => {
                "M4 7.5V18a1.8 1.8 0 0 0 1.8 1.8H20V8H5.5A1.7 1.7 0 0 1 4 6.3 1.7 1.7 0 0 1 5.7 4.5H18V8M16.5 14h.01"
            }
            Self::Tag => "M4 4h7.5l8.6 8.6a1.5 1.5 0 0 1 0 2.1l-5.4 5.4a1.5 1.5 0 0 1-2.1 0L4 11.5zM8 8h.01",
            Self::Tip => {
                "M12 13s-4.8-2.9-4.8-6.2A2.6 2.6 0 0 1 12 5.4a2.6 2.6 0 0 1 4.8 1.4C16.8 10.1 12 13 12 13zM3.5 17.5h3.2c1.5-1.2 3.3-1.2 4.8 0h3a1.4 1.4 0 0 1 0 2.8h-3.5M15.5 18.6l3.6-1.8a1.3 1.3 0 0 1 1.3 2.2c-2 1.5-4.2 2.5-6.9 2.5H3.5"
            }
            Self::Star => "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8z",
            Self::Heart => "M12 20s-8-4.8-8-10.6A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.4C20 15.2 12 20 12 20z",
            Self::User => "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM4.5 20.5c.7-4 3.7-5.8 7.5-5.8s6.8 1.8 7.5 5.8",
            Self::Users => {
                "M9 4.5a3.6 3.6 0 1 0 0 7.2a3.6 3.6 0 0 0 0-7.2zM2.5 19.5c.6-3.6 3.2-5.2 6.5-5.2s5.9 1.6 6.5 5.2M15.8 4.8a3.5 3.5 0 0 1 0 6.7M17.8 14.6c2 .7 3.3 2.3 3.7 4.9"
            }
            Self::Phone => {
                "M6.2 3.5l2.9 0 1.7 4.5-2.2 1.7a12.5 12.5 0 0 0 5.7 5.7l1.7-2.2 4.5 1.7v2.9a2.2 2.2 0 0 1-2.4 2.2C10.7 19.4 4.6 13.3 4 5.9a2.2 2.2 0 0 1 2.2-2.4z"
            }
            Self::Chat => {
                "M4.5 4.5h15A1.5 1.5 0 0 1 21 6v9.5a1.5 1.5 0 0 1-1.5 1.5H12l-5 4v-4H4.5A1.5 1.5 0 0 1 3 15.5V6a1.5 1.5 0 0 1 1.5-1.5zM8 10.8h.01M12 10.8h.01M16 10.8h.01"
            }
            Self::Help => {
                "M12 3.2a8.8 8.8 0 1 0 0 17.6a8.8 8.8 0 0 0 0-17.6zM9.4 9.5a2.6 2.6 0 1 1 3.8 2.3c-.8.5-1.2 1-1.2 1.9M12 16.8h.01"
            }
            Self::Info => "M12 3.2a8.8 8.8 0 1 0 0 17.6a8.8 8.8 0 0 0 0-17.6zM12 11v5.5M12 7.7h.01",
            Self::Alert => "M12 3.8l9.2 16.2H2.8zM12 10v4.5M12 17.2h.01",
            Self::Stop => "M12 3.2a8.8 8.8 0 1 0 0 17.6a8.8 8.8 0 0 0 0-17.6zM5.8 5.8l12.4 12.4",
            Self::Bell => "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.8 1.7H4.2zM10 21h4M12 3v2",
            Self::BellOff => "M8 6.5A6 6 0 0 1 18 11v4M6 11v5.5l-1.8 1.7H17M10 21h4M3.5 3.5l17 17",
            Self::Sound => {
                "M4 9.5h3.5L12.5 5v14l-5-4.5H4zM16 9a4.2 4.2 0 0 1 0 6M18.5 6.5a7.8 7.8 0 0 1 0 11"
            }
            Self::SoundOff => "M4 9.5h3.5L12.5 5v14l-5-4.5H4zM16.5 9.5l5 5M21.5 9.5l-5 5",
            Self::Settings => {
                "M4 7h9M17.5 7H20M4 17h2.5M11 17h9M15.2 4.8a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 0 0 0-4.4zM8.7 14.8a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 0 0 0-4.4z"
            }
            Self::Globe => {
                "M12 3.2a8.8 8.8 0 1 0 0 17.6a8.8 8.8 0 0 0 0-17.6zM3.3 12h17.4M12 3.2c2.6 2.5 3.8 5.5 3.8 8.8s-1.2 6.3-3.8 8.8c-2.6-2.5-3.8-5.5-3.8-8.8S9.4 5.7 12 3.2z"
            }
            Self::Sun => {
                "M12 7.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9zM12 2v2.2M12 19.8V22M2 12h2.2M19.8 12H22M4.9 4.9l1.6 1.6M17.5 17.5l1.6 1.6M19.1 4.9l-1.6 1.6M6.5 17.5l-1.6 1.6"
            }
            Self::Moon => "M20 14.2A8.3 8.3 0 0 1 9.8 4a8.3 8.3 0 1 0 10.2 10.2z",
            Self::Device => {
                "M7.5 2.8h9A1.5 1.5 0 0 1 18 4.3v15.4a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 19.7V4.3a1.5 1.5 0 0 1 1.5-1.5zM11 18h2"
            }
            Self::Sync => {
                "M4 11a8 8 0 0 1 14-4.5L20 8.5M20 4v4.5h-4.5M20 13a8 8 0 0 1-14 4.5L4 15.5M4 20v-4.5h4.5"
            }
            Self::Undo => "M8.5 4.5L4 9l4.5 4.5M4 9h9.5a6 6 0 0 1 0 12H9",
            Self::CloudOff => {
                "M9.5 5.7A6 6 0 0 1 17.3 10a4.3 4.3 0 0 1 2.8 7M16.5 18.5H7a4.5 4.5 0 0 1-.6-9 6 6 0 0 1 .5-1.2M3.5 3.5l17 17"
            }
            Self::Live => {
                "M12 10a2 2 0 1 0 0 4a2 2 0 0 0 0-4zM7.8 7.8a6 6 0 0 0 0 8.4M16.2 7.8a6 6 0 0 1 0 8.4M5 5a10 10 0 0 0 0 14M19 5a10 10 0 0 1 0 14"
            }
            Self::Pause => "M8 5v14M16 5v14",
            Self::Play => "M7 4.5l12 7.5-12 7.5z",
            Self::Power => "M12 3v8M7 6.2a8 8 0 1 0 10 0",
            Self::Scooter => {
                "M5.5 14.5a3 3 0 1 0 0 6a3 3 0 0 0 0-6zM18.5 14.5a3 3 0 1 0 0 6a3 3 0 0 0 0-6zM8.5 17.5h5c0-3.5 1.3-5.6 3.5-6.5L15 4.5h-3M2.5 11.5h7M4 14.5c.3-1.8 1.5-3 3-3"
            }
            Self::Car => {
                "M4 16.5v-4l2-5.5a2 2 0 0 1 1.9-1.3h8.2A2 2 0 0 1 18 7l2 5.5v4zM4 12h16M4.5 16.5v2.5h2.5v-2.5M17 16.5v2.5h2.5v-2.5M7.5 14.3h.01M16.5 14.3h.01"
            }
            Self::Chef => "M7 13.5A4.3 4.3 0 0 1 7.5 5a5 5 0 0 1 9 0 4.3 4.3 0 0 1 .5 8.5V20H7zM7 16.8h10",
            Self::Fire => {
                "M12 2.8c.5 3.7 5.8 5.9 5.8 11a5.8 5.8 0 0 1-11.6 0c0-2.3 1.2-3.8 2.4-5 .2 1.5.9 2.3 1.7 2.7C10.2 8.2 10.5 5 12 2.8z"
            }
            Self::Bowl => {
                "M3 11.5h18a9 9 0 0 1-5.5 8.3h-7A9 9 0 0 1 3 11.5zM9 8c-1-1.5 1-2.5 0-4M13.5 8c-1-1.5 1-2.5 0-4"
            }
            Self::Leaf => {
                "M5 19c0-9 5-14 15-14 0 10-5 14.5-11 14-1.5-.1-2.8-.8-3.5-2M5 20.5C6.5 16 9.5 12.5 14 10.5"
            }
            Self::Chili => {
                "M13.5 8.5c3 .5 4.5 2.5 4 5.5-.7 4.3-5.5 7-13 6.5 4-1 6-3 6.5-7 .3-2.5.8-4 2.5-5zM13.5 8.5C13 6 14.5 4 17 3.5"
            }
            Self::Note => "M5 4h14v11.5L14.5 20H5zM14.5 20v-4.5H19M8.5 8.5h7M8.5 12h4.5",
            Self::Edit => {
                "M4 20l1-4.5L16.2 4.3a1.7 1.7 0 0 1 2.4 0l1.1 1.1a1.7 1.7 0 0 1 0 2.4L8.5 19zM14 6.5l3.5 3.5"
            }
            Self::Trash => "M4 6.5h16M9 6.5V4h6v2.5M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6",
            Self::Filter => "M4 6h16M7 12h10M10 18h4",
            Self::List => "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
            Self::Board => "M4 4.5h16v15H4zM9.3 4.5v15M14.7 4.5v15",
            Self::Camera => {
                "M4.5 7.5H8l1.5-2.5h5L16 7.5h3.5A1.5 1.5 0 0 1 21 9v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18V9a1.5 1.5 0 0 1 1.5-1.5zM12 9.5a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 0 0 0-7.6z"
            }
            Self::Key => {
                "M8 9.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9zM11.2 10.8L20 2.5M16 6.3l3 3M13.5 8.7l2 2"
            }
            Self::Lock => "M5.5 10.5h13v10h-13zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M12 14.5v2",
            Self::Eye => {
                "M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12zM12 9a3 3 0 1 0 0 6a3 3 0 0 0 0-6z"
            }
            Self::EyeOff => {
                "M9.8 5.8A9.5 9.5 0 0 1 12 5.5c3.8 0 7 2 9.5 6.5a15 15 0 0 1-2.3 3.2M6 7.3A14 14 0 0 0 2.5 12c2.5 4.5 5.7 6.5 9.5 6.5a9.5 9.5 0 0 0 4.8-1.3M10 10a3 3 0 0 0 4 4M3.5 3.5l17 17"
            }
            Self::SignOut => {
                "M10 4H5.5A1.5 1.5 0 0 0 4 5.5v13A1.5 1.5 0 0 0 5.5 20H10M9.5 12H20M16 7.5l4.5 4.5-4.5 4.5"
            }
            Self::External => "M10 5H5v14h14v-5M13.5 4.5h6v6M19 5l-8.5 8.5",
            Self::Building => {
                "M6 20.5V3.5h12v17M3.5 20.5h17M10 8h.01M14 8h.01M10 12h.01M14 12h.01M10.5 20.5V16h3v4.5"
            }
            Self::Work => "M4 8h16v11.5H4zM9 8V5h6v3M4 13h16",
            Self::Chart => "M4 4v16h16M8 16v-4M12.5 16V8M17 16v-6",
            Self::Sparkle => {
                "M12 3.5l1.9 5.6 5.6 1.9-5.6 1.9L12 18.5l-1.9-5.6L4.5 11l5.6-1.9zM19 16.5v4M17 18.5h4"
            }
            Self::Printer => "M7 9V3.5h10V9M7 17H4.5V9h15v8H17M7 14h10v6.5H7zM16.5 11.5h.01",
            Self::FullScreen => "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
            Self::Share => "M12 15V3.8M7.5 8L12 3.5 16.5 8M8 11H5v9.5h14V11h-3",
            Self::SmallScreen => "M4 9h5V4M20 9h-5V4M4 15h5v5M20 15h-5v5",
        }
    }
}

/// Draws an icon, sized by the text around it unless `size` is given. It says nothing to screen readers: the word
/// beside it, or the button's label, does.
#[component]
pub fn IconView(
    /// Which.
    icon: Icon,
    /// Width and height in pixels.
    #[props(default)]
    size: Option<u32>,
    /// Filled rather than outlined: a chosen star or heart.
    #[props(default)]
    filled: bool,
) -> Element {
    let style = size.map(|size| format!("width:{size}px;height:{size}px"));
    rsx! {
        svg {
            class: "k-icon",
            class: if icon.points() { "k-flip" },
            class: if filled { "is-filled" },
            style,
            view_box: "0 0 24 24",
            "aria-hidden": "true",
            path { d: icon.path() }
        }
    }
}

//! The pieces screens are put together from. One file per family.

mod actions;
mod choices;
mod feedback;
mod fields;
mod navigation;
mod order;
mod sheet;
mod slide;
mod surfaces;

pub use actions::{Button, ButtonKind, Chip, IconButton, Segmented, button_class};
pub use choices::{Checkbox, Radio, RateStars, Stars, Stepper, Switch};
pub use feedback::{
    Badge, Banner, BannerKind, EmptyState, ErrorState, ProgressBar, RingCountdown, Skeleton, SkeletonShape,
    Spinner, StatusPill, Tone,
};
pub use fields::{FieldKind, OtpField, PhoneField, SearchField, Select, TextArea, TextField};
pub use navigation::{AppBar, BackButton, BottomNav, NavItem, Tabs, scroll_to_id};
pub use order::{BillLine, BillTable, CartBar, StepState, Timeline, TimelineStep};
pub use sheet::{Confirm, Sheet};
pub(crate) use sheet::{MODALS, current_mark as sheet_mark};
pub use slide::SlideToConfirm;
pub use surfaces::{Avatar, Card, ListRow, Picture, Section, Table};

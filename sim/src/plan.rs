//! What a run is made of: everything follows from it, and it can be said on one command line.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use momfood_backend::faults::Fault;
use momfood_client::sync::Faults;

use crate::chance::Chance;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$of])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name on the command line.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("`{word}` is none of {}", Self::ALL.iter().map(|one| one.word()).collect::<Vec<_>>().join(", "))),
                }
            }
        }
    };
}

words! {
    /// What can go wrong.
    Trouble {
        /// Requests do not arrive.
        Lost = "lost",
        /// Requests arrive twice.
        Doubled = "doubled",
        /// Requests and answers take long, and so arrive in another order.
        Late = "late",
        /// A device is cut off for minutes.
        Partition = "partition",
        /// The server has done it, and its answer does not arrive.
        Cut = "cut",
        /// Streams break, or fall silent.
        Stream = "stream",
        /// A device's program dies between any two of its acts.
        Crash = "crash",
        /// A device that dies has lost the last commits of its cache.
        Forget = "forget",
        /// A device that dies comes back with a damaged cache.
        Damage = "damage",
        /// The server dies before a commit.
        ServerCrash = "server-crash",
        /// The server comes back with an older copy of its data.
        Restore = "restore",
        /// Clocks of devices are wrong, up to a year.
        Skew = "skew",
        /// People sign out with taps waiting, others sign in on the same device.
        SignOut = "sign-out",
        /// Accounts are suspended, and let in again.
        Suspend = "suspend",
        /// Cooks lose their place at the kitchen, and with it its scope.
        Dismiss = "dismiss",
        /// What is queued is asked for by REST too, under the same uid.
        Rest = "rest",
        /// Mutations nobody can read.
        Poison = "poison",
        /// The server takes nothing in for a while.
        Pause = "pause",
        /// A device is set up from a copy of another's files.
        Clone = "clone",
        /// The server begins to show scopes through other eyes.
        View = "view",
    }
}

words! {
    /// A wrong variant of the protocol.
    Broken {
        /// Numbers are drawn before the commit, as from a sequence.
        SequenceCursor = "sequence-cursor",
        /// Pages are asked for only when nothing waits to be handed in.
        PullWaits = "pull-waits",
        /// A refused mutation blocks those behind it.
        Wedge = "wedge",
        /// A page as long as was asked for says there is no more.
        OffByOne = "off-by-one",
        /// A mutation leaves the outbox before its result is written down.
        EarlyRemoval = "early-removal",
        /// What failed is sent again only when something else is tapped.
        EdgeRetry = "edge-retry",
        /// Predictions are dropped as soon as a `lastMid` is heard.
        EarlyLastMid = "early-last-mid",
        /// The same order by REST and out of the outbox is done twice.
        NoUidGuard = "no-uid-guard",
        /// A cursor read through another view goes on being used.
        OldView = "old-view",
        /// Mutations are taken in from devices that do not know yet that the server was put back.
        OldHistory = "old-history",
    }
}

impl Broken {
    /// What is wrong on the server.
    pub const fn on_server(self) -> Option<Fault> {
        match self {
            Self::SequenceCursor => Some(Fault::SequenceCursor),
            Self::OffByOne => Some(Fault::NoMoreAtLimit),
            Self::NoUidGuard => Some(Fault::NoUidGuard),
            Self::OldView => Some(Fault::CursorOutlivesView),
            Self::OldHistory => Some(Fault::OldHistory),
            _ => None,
        }
    }
}

/// The people of a run, at most those of the town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cast {
    /// Customers.
    pub customers: usize,
    /// Screens in kitchens.
    pub screens: usize,
    /// Drivers.
    pub drivers: usize,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What everything is drawn from.
    pub seed: u64,
    /// How often somebody does something.
    pub steps: u32,
    /// Who is there.
    pub cast: Cast,
    /// What goes wrong.
    pub troubles: BTreeSet<Trouble>,
    /// Changes on a page: few, so that there are boundaries to stumble over.
    pub page: u32,
    /// Which wrong variant is run, if one.
    pub broken: Option<Broken>,
}

impl Plan {
    /// The run of a seed: a few people, some kinds of trouble.
    pub fn of(seed: u64) -> Self {
        let mut chance = Chance::of(seed, "plan");
        let cast = Cast {
            customers: 1 + usize::from(chance.hits(700)) + usize::from(chance.hits(300)),
            screens: 2 + usize::from(chance.hits(500)) + usize::from(chance.hits(250)),
            drivers: 1 + usize::from(chance.hits(600)) + usize::from(chance.hits(200)),
        };
        // Few kinds at a time: too much trouble at once and nothing is ever done. Now and then none at all.
        let most = chance.below(6);
        let mut troubles = BTreeSet::new();
        for _ in 0..most {
            troubles.extend(chance.pick(Trouble::ALL).copied());
        }
        Self {
            seed,
            steps: 10 + u32::try_from(chance.below(25)).unwrap_or(0),
            cast,
            troubles,
            page: match chance.below(3) {
                0 => 1_000,
                1 => 1,
                _ => 2 + u32::try_from(chance.below(4)).unwrap_or(0),
            },
            broken: None,
        }
    }

    /// Whether that goes wrong.
    pub fn has(&self, trouble: Trouble) -> bool {
        self.troubles.contains(&trouble)
    }

    /// The wrong variant of the device, if that is what is wrong.
    pub fn device_faults(&self) -> Faults {
        let mut faults = Faults::NONE;
        match self.broken {
            Some(Broken::PullWaits) => faults.pull_waits_for_push = true,
            Some(Broken::EarlyRemoval) => faults.result_not_stored = true,
            Some(Broken::EdgeRetry) => faults.edge_triggered_retry = true,
            Some(Broken::Wedge) => faults.wedge_on_poisoned = true,
            Some(Broken::EarlyLastMid) => faults.early_last_mid = true,
            Some(Broken::OldView) => faults.keep_cursor_across_views = true,
            _ => {}
        }
        faults
    }
}

impl fmt::Display for Plan {
    /// The command that runs it again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let troubles: Vec<&str> = self.troubles.iter().map(|trouble| trouble.word()).collect();
        let troubles = if troubles.is_empty() {
            "none".to_owned()
        } else {
            troubles.join(",")
        };
        let Cast {
            customers,
            screens,
            drivers,
        } = self.cast;
        write!(
            f,
            "cargo xtask simulate --seed {} --steps {} --cast {customers},{screens},{drivers} --faults {troubles}",
            self.seed, self.steps
        )?;
        write!(f, " --page {}", self.page)?;
        if let Some(broken) = self.broken {
            write!(f, " --broken {}", broken.word())?;
        }
        Ok(())
    }
}

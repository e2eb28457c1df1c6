//! What is counted, and the budgets there are unless the settings say otherwise.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use super::budget::{Budget, NoBudget};

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $budget:expr;)+) => {
        /// A kind of thing that is counted, each with a budget of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Class { $($(#[$doc])* $name,)+ }

        impl Class {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// What it is called in settings and keys.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// The budget unless the settings say otherwise.
            pub const fn usual(self) -> Budget {
                match self { $(Self::$name => $budget,)+ }
            }
        }
    };
}

// By address: a mobile carrier puts thousands of people behind one. These end floods, nobody's ordinary evening.
classes! {
    /// Requests that change nothing, by address.
    Reads = "reads", Budget::a_second(3_000, 300);
    /// Requests that change something, by address.
    Writes = "writes", Budget::a_second(1_000, 100);
    /// Parts of pictures and documents, by address.
    Uploads = "uploads", Budget::a_second(600, 60);
    /// Streams opened, by address. All of them come back at once when a server was restarted.
    Streams = "streams", Budget::a_second(2_000, 100);
    /// Looks through links to orders, by address.
    Looks = "looks", Budget::a_second(120, 10);
    /// Whatever signs in, registers or recovers, by address.
    SignIn = "sign_in", Budget::a_second(300, 5);
    /// Whatever one signed-in person does, wherever from.
    Person = "person", Budget::a_second(1_000, 50);
    /// Wrong passwords and codes, by account and address (or device that the account knows).
    Tries = "tries", Budget::a_minute(8, 6);
    /// Wrong passwords of an account from wherever it is not known. Nobody is refused for these: see [`Class::Siege`].
    Strangers = "strangers", Budget::an_hour(50, 30);
    /// Tries by account and address while [`Class::Strangers`] is used up, where the account is not known.
    Siege = "siege", Budget::an_hour(1, 12);
    /// Failed sign-ins of an account that are written into the audit log; of more only the log tells. Nobody waits for it.
    Failures = "failures", Budget::an_hour(5, 2);
    /// Archives of everything that is kept about one person.
    Archives = "archives", Budget::an_hour(3, 1);
    /// Codes asked for, by address: each costs money.
    CodesFrom = "codes_from", Budget::a_minute(60, 6);
}

/// The budget of every class; one without a budget is not counted. In settings: what differs from the usual, as
/// `reads=600+60/s, looks=none`; `none` lifts all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budgets(Vec<Option<Budget>>);

impl Default for Budgets {
    fn default() -> Self {
        Self(Class::ALL.iter().map(|class| Some(class.usual())).collect())
    }
}

impl Budgets {
    /// Nothing is counted.
    pub fn none() -> Self {
        Self(vec![None; Class::ALL.len()])
    }

    /// The budget of `class`.
    pub fn of(&self, class: Class) -> Option<Budget> {
        self.0.get(class as usize).copied().flatten()
    }

    /// The same with another budget for `class`.
    #[must_use]
    pub fn with(mut self, class: Class, budget: Option<Budget>) -> Self {
        if let Some(place) = self.0.get_mut(class as usize) {
            *place = budget;
        }
        self
    }
}

impl FromStr for Budgets {
    type Err = NoBudget;

    fn from_str(text: &str) -> Result<Self, NoBudget> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .try_fold(Self::default(), |budgets, part| {
                if part == "none" {
                    return Ok(Self::none());
                }
                let wrong = || NoBudget(part.to_owned());
                let (word, budget) = part.split_once('=').ok_or_else(wrong)?;
                let class = Class::ALL.iter().find(|class| class.word() == word.trim());
                let budget = match budget.trim() {
                    "none" => None,
                    budget => Some(budget.parse()?),
                };
                Ok(budgets.with(*class.ok_or_else(wrong)?, budget))
            })
    }
}

impl fmt::Display for Budgets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, class) in Class::ALL.iter().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            match self.of(*class) {
                Some(budget) => write!(f, "{comma}{}={budget}", class.word())?,
                None => write!(f, "{comma}{}=none", class.word())?,
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Budgets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_say_only_what_differs() {
        let budgets: Budgets = "reads=5+1/s, looks=none".parse().unwrap();
        assert_eq!(budgets.of(Class::Reads), Some(Budget::a_second(5, 1)));
        assert_eq!(budgets.of(Class::Looks), None);
        assert_eq!(budgets.of(Class::Tries), Some(Class::Tries.usual()));
        assert_eq!(budgets.to_string().parse(), Ok(budgets));
        assert_eq!("".parse(), Ok(Budgets::default()));
        let only: Budgets = "none, tries=8+6/m".parse().unwrap();
        assert_eq!(
            (only.of(Class::Reads), only.of(Class::Tries)),
            (None, Some(Class::Tries.usual()))
        );
        for wrong in ["reeds=5+1/s", "reads", "reads=", "all=none"] {
            assert!(wrong.parse::<Budgets>().is_err(), "{wrong}");
        }
    }
}

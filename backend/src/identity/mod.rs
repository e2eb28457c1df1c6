//! Who calls: people, their passwords, sessions, tokens and addresses. Other modules learn who calls by taking a
//! [`SignedIn`] as an argument of their handlers; nobody else reads `Authorization` or touches `users` and `sessions`.
//!
//! Where to start: [`SignedIn`] is what every protected door asks for, [`doors`] are the routes, [`session`] is how a
//! sign-in begins, is renewed and ends. It must never tell a caller whether an email has an account, except to the
//! one who registers it, and never keep a password or a refresh token.

pub mod addresses;
mod attempt;
mod challenge;
mod code_doors;
mod codes;
mod cookie;
mod device;
mod digits;
mod directory;
pub mod doors;
pub mod elsewhere;
pub mod entry;
mod error;
mod factor;
mod factor_doors;
mod failures;
mod gate;
mod joining;
mod known;
mod own;
mod passkey_doors;
pub mod passkeys;
mod password;
mod people;
mod phones;
mod policy;
mod recovery;
mod recovery_codes;
mod registration;
mod renewal;
mod security;
pub mod session;
mod sign_ins;
mod signed_in;
mod site;
mod staff;
mod standing;
mod token;
mod totp;
mod ways;

pub(crate) use cookie::is_this_machine;
pub use digits::digits;
pub use directory::{By, account, find, lines};
pub use error::Refusal;
pub use gate::{Gate, learn_due};
pub use joining::{Enrolment, appoint, email, enroll, grant, how_many};
pub use password::Hashing;
pub(crate) use password::{LONGEST as LONGEST_PASSWORD, hash_now};
pub use people::{Contacts, Person, Vehicle, contacts, id_of_email, people, roles, workplaces};
pub(crate) use phones::adopt_some as adopt_phones;
#[cfg(feature = "testing")]
#[cfg(feature = "testing")]
pub(crate) use phones::said as said_phone;
pub use renewal::Renewal;
pub use sign_ins::sign_ins;
pub use signed_in::{Oneself, SignedIn, is_alive, may_act};
pub use site::Site;
pub use staff::{dismiss, employ, is_owner, make_driver, staff};
pub use standing::{Deed, change_role, end_session, reinstate, remove_factor, suspend};
pub use token::{ACCESS_MINUTES, AccessToken, Bearer, Untrusted};
pub use ways::forget as forget_ways;

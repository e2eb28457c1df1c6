//! A person and their account: the way in, how the account is kept, where it is signed in, what is known about them, and
//! how the app looks and speaks. The same in every app.
//!
//! [`Entry`] is the one way in. [`Security`], [`SignIns`] and [`Privacy`] are whole screens, which an app gives the
//! addresses `/account/security`, `/account/devices` and `/account/privacy`; [`AccountRows`] leads to them. [`SignedIn`]
//! stands at `/signed-in` ([`SignedInWith`] at `/signed-in/:ticket`), [`Terms`] and [`PrivacyNotice`] at `/terms` and `/privacy`.
//!
//! All of it asks the server: nothing is decided here, kept here, or tapped for later.

mod code;
mod confirm;
mod entry;
mod factor;
mod legal;
mod oauth;
mod passkey;
mod privacy;
mod recover;
mod register;
mod rows;
mod security;
mod sessions;
mod settings;
mod wrong;

pub use code::CodeForm;
pub use confirm::{ConfirmGate, Guard, Guarded, use_guard, use_guarded};
pub use entry::{Entry, SignedIn, SignedInWith, StaffEntry, Way};
pub use legal::{LegalLinks, PrivacyNotice, Terms};
pub use privacy::Privacy;
pub use rows::{AccountRows, NeedsLine, Own, Page};
pub use security::Security;
pub use sessions::{SignIns, device};
pub use settings::{InstallHint, Preferences, SignOutButton};
pub use wrong::{Wrong, wrong_field};

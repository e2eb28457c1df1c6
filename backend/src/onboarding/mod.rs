//! How somebody comes to sell, to drive, or to join a restaurant's staff.
//!
//! Where to start: [`applications`] is an application and its course, [`documents`] what is handed in with it,
//! [`approval`] the one place where an application becomes a restaurant or a driver, [`invitations`] how an owner brings
//! others in. What an application says, and its documents, are sealed under its person's key: nobody reads them but that
//! person and the admins who decide, and each look of theirs is in the audit log. Nothing is open before approval:
//! no other module may write a restaurant's approval or make a driver.

pub mod applications;
pub mod approval;
pub mod documents;
pub mod doors;
mod error;
pub mod form;
pub mod invitations;
mod staff_doors;

pub use error::OnboardingError;

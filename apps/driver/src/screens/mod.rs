//! One file per screen.

pub mod account;
pub mod cash;
pub mod hand_over;
pub mod home;
pub mod job;
pub mod offer;
pub mod shift;
pub mod stops;
pub mod today;
pub mod trouble;

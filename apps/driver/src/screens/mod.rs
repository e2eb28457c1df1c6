//! One file per screen.

pub mod account;
pub mod cash;
pub mod home;
pub mod job;
pub mod offer;
pub mod shift;
pub mod today;
pub mod trouble;

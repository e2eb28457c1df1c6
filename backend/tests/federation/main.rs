//! Signing in with passkeys and with accounts elsewhere, as people and thieves would try it.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod browser;
mod forger;
mod glewlwyd;
mod passkeys;
mod stories;
mod thieves;

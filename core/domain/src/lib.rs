//! What is true in MomFood.
//!
//! Pure values and pure functions: ids, money, menus, carts, prices, the order's state machines, roles.
//! The server decides with this code and every client predicts with the same code.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time and ids come in as arguments.
//!
//! Where to start: [`order`] is the heart; [`pricing`] is the one function that prices a cart;
//! [`actor`] says who acts, [`access`] who may do what; [`application`] is how somebody comes to sell or to drive.
#![warn(missing_docs)]

pub mod access;
pub mod actor;
pub mod address;
pub mod application;
pub mod cart;
pub mod delivery;
pub mod dispatch;
pub mod geo;
pub mod hours;
pub mod id;
pub mod menu;
pub mod money;
pub mod order;
pub mod papers;
pub mod payment;
pub mod phone;
pub mod pricing;
pub mod rating;
pub mod text;
pub mod ticket;
pub mod time;

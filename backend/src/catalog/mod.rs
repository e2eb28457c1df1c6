//! Restaurants and their menus: found, shown, and run by their kitchens.
//!
//! Where to start: [`shelf`] is what customers read, from memory; [`menu`] and [`change`] are what a kitchen changes,
//! in the database. Other modules ask [`restaurant_for_order`] (which is never from memory) for what pricing and
//! placing need. It must never show a restaurant that is not approved and active to anyone but its own people, nor a
//! hidden item to a customer.

pub mod change;
mod cuisine;
pub mod doors;
mod error;
pub mod menu;
pub mod restaurant;
pub mod search;
pub mod shelf;

pub use error::CatalogError;
pub use menu::{owner_menu, public_menu};
pub use restaurant::{
    NewRestaurant, Restaurant, RestaurantForOrder, establish, how_many, kitchen_settings, names, opening,
    restaurant_for_order, restaurants_of_orders,
};
pub use shelf::Shelf;

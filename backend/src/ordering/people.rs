//! Names to put beside an order: the restaurant's, the customer's, the driver's. Read for many orders at once.

use std::collections::HashMap;

use momfood_domain::id::{RestaurantId, UserId};
use momfood_protocol::view::RestaurantOfOrder;

use super::record::Record;
use crate::catalog;
use crate::identity::{self, Person};
use crate::store::{StoreError, Tx};

/// Everyone some orders are about.
#[derive(Default)]
pub(super) struct Names {
    restaurants: HashMap<RestaurantId, RestaurantOfOrder>,
    people: HashMap<UserId, Person>,
}

impl Names {
    /// Reads the names for `records`.
    pub(super) async fn of(tx: &mut Tx, records: &[Record]) -> Result<Self, StoreError> {
        let mut restaurants: Vec<RestaurantId> = Vec::new();
        let mut people: Vec<UserId> = Vec::new();
        for Record { order, .. } in records {
            restaurants.push(order.restaurant_id);
            people.push(order.customer_id);
            people.extend(order.delivery.and_then(|delivery| delivery.driver()));
        }
        restaurants.sort_unstable();
        restaurants.dedup();
        people.sort_unstable();
        people.dedup();
        Ok(Self {
            restaurants: catalog::restaurants_of_orders(tx, &restaurants).await?,
            people: identity::people(tx, &people).await?,
        })
    }

    /// The restaurant; an order cannot exist without one.
    pub(super) fn restaurant(&self, id: RestaurantId) -> Option<&RestaurantOfOrder> {
        self.restaurants.get(&id)
    }

    /// The person; an order cannot exist without its customer.
    pub(super) fn person(&self, id: UserId) -> Option<&Person> {
        self.people.get(&id)
    }
}

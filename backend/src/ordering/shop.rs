//! A restaurant as somebody who orders meets it: open or not, its charges, its menu.

use momfood_domain::cart::Cart;
use momfood_domain::dispatch::estimated_delivery;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::RestaurantId;
use momfood_domain::menu::Menu;
use momfood_domain::pricing::{Bill, Fulfilment, price};
use momfood_domain::time::Timestamp;
use momfood_protocol::problem::Problem;
use momfood_protocol::view::{KitchenSettings, Opening};

use super::OrderingError;
use crate::catalog;
use crate::store::Tx;

/// What pricing needs of a restaurant.
pub(super) struct Shop {
    pub settings: KitchenSettings,
    menu: Menu,
    heard_at: Option<Timestamp>,
}

impl Shop {
    /// Reads it. Not found when there is none that sells.
    pub(super) async fn of(tx: &mut Tx, id: RestaurantId) -> Result<Self, OrderingError> {
        let found = catalog::restaurant_for_order(tx, id).await?;
        let found = found.ok_or(OrderingError::NotFound)?;
        Ok(Self {
            settings: found.settings,
            menu: found.menu,
            heard_at: found.heard_at,
        })
    }

    /// Refuses unless the restaurant takes orders at `now`.
    pub(super) fn takes_orders(&self, now: Timestamp) -> Result<(), OrderingError> {
        let KitchenSettings {
            hours, paused_until, ..
        } = &self.settings;
        match catalog::opening(hours, *paused_until, self.heard_at, now) {
            Opening::Open => Ok(()),
            Opening::Closed { opens_at } => Err(OrderingError::Closed { opens_at }),
            Opening::Paused { until } => Err(OrderingError::Paused { until }),
            Opening::Unreachable => Err(OrderingError::Unreachable),
        }
    }

    /// Prices a cart. `distance_m` is the straight line to the customer; `None` when the customer fetches it.
    pub(super) fn price(
        &self,
        cart: &Cart,
        distance_m: Option<u32>,
        now: Timestamp,
    ) -> Result<Bill, OrderingError> {
        price(&self.menu, cart, &self.settings.terms, distance_m, now)
            .map_err(|problem| OrderingError::Problem(Problem::of_cart(problem, &self.menu)))
    }

    /// The straight line a driver has to go for it, if one has to.
    pub(super) fn distance(&self, fulfilment: Fulfilment, point: Option<GeoPoint>) -> Option<u32> {
        match fulfilment {
            Fulfilment::Delivery => point.map(|point| self.settings.point.distance_m(point)),
            Fulfilment::Pickup => None,
        }
    }

    /// When an order placed `now` could be expected.
    pub(super) fn estimate(&self, distance_m: Option<u32>, now: Timestamp) -> Timestamp {
        let ready = now.plus_minutes(i64::from(self.settings.preparation_minutes));
        distance_m.map_or(ready, |metres| estimated_delivery(ready, metres))
    }
}

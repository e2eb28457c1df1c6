//! The map: the restaurant, home, and the driver where last seen.

use dioxus::prelude::*;
use momfood_domain::order::OrderStatus;
use momfood_domain::pricing::Fulfilment;
use momfood_kit::prelude::*;
use momfood_protocol::engine::OrderTrack;

/// The map of an order on its way.
#[component]
pub fn Place(track: OrderTrack) -> Element {
    let order = &track.order;
    let restaurant = order.restaurant.point;
    let home = order
        .address
        .as_ref()
        .filter(|_| order.fulfilment == Fulfilment::Delivery);
    let mut markers = vec![MapMarker::fixed(
        MarkerKind::Restaurant,
        restaurant,
        order.restaurant.name.here(),
    )];
    let mut route = Vec::new();
    if let Some(home) = home {
        markers.push(MapMarker::fixed(MarkerKind::Home, home.point, home.label.clone()));
        route = vec![restaurant, home.point];
    }
    if let Some(position) = track.position {
        let name = order
            .delivery
            .as_ref()
            .and_then(|delivery| delivery.driver.as_ref())
            .map(|driver| driver.name.clone());
        markers.push(MapMarker::driver(
            position.point,
            position.at,
            name.unwrap_or_default(),
        ));
        let carried = order.status == OrderStatus::PickedUp;
        route = match (carried, home) {
            (true, Some(home)) => vec![position.point, home.point],
            _ => vec![position.point, restaurant],
        };
    }
    rsx! {
        div { class: "c-map", "data-testid": "track-map",
            MapView { label: t!("track-map"), markers, route, height: 300 }
        }
    }
}

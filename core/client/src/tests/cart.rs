//! The cart says what the server will say, as far as the engine can know.

use momfood_domain::cart::{Cart, CartLine};
use momfood_domain::id::{MenuItemId, OptionId, OrderId, RestaurantId};
use momfood_domain::pricing::Fulfilment;
use momfood_protocol::engine::{
    AddToCart, CartView, ClearCart, GetCart, GetQuote, GetRestaurant, Reorder, SetCart, SetCartLine,
    SetFulfilment, SetTip,
};
use momfood_protocol::error::ErrorCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{KITCHEN, World, order, terms};
use crate::customer;

const KABSA: MenuItemId = MenuItemId(Uuid::from_u128(10));
const JUICE: MenuItemId = MenuItemId(Uuid::from_u128(11));
const LARGE: OptionId = OptionId(Uuid::from_u128(20));
const ELSEWHERE: RestaurantId = RestaurantId(Uuid::from_u128(3));

/// A restaurant that never closes, with kabsa (28.00, large + 7.00) and juice (9.00).
pub fn page() -> Value {
    let always: Vec<Value> = (0..7)
        .map(|day| json!({ "day": day, "open": 0, "close": 1440 }))
        .collect();
    json!({
        "restaurant": {
            "id": KITCHEN, "name": { "ar": "بيت الكبسة", "en": "Kabsa House" }, "cuisines": ["saudi"],
            "district": { "en": "Olaya" }, "point": { "lat": 24.7, "lng": 46.7 }, "picture": "kabsa.svg",
            "rating": 45, "reviews": 10, "featured": false, "preparationMinutes": 20, "currency": "SAR",
            "terms": terms(), "opening": { "state": "open" }
        },
        "hours": { "utcOffsetMinutes": 180, "periods": always },
        "phone": "+966110000000",
        "menu": { "currency": "SAR", "utcOffsetMinutes": 180, "categories": [{
            "id": Uuid::from_u128(30), "name": { "en": "Food" },
            "items": [
                { "id": KABSA, "name": { "en": "Kabsa" }, "price": 2_800, "availability": { "state": "available" },
                  "optionGroups": [{ "id": Uuid::from_u128(40), "name": { "en": "Size" }, "min": 0, "max": 1,
                    "options": [{ "id": LARGE, "name": { "en": "Large" }, "price": 700 }] }] },
                { "id": JUICE, "name": { "en": "Juice" }, "price": 900, "availability": { "state": "available" } }
            ]
        }] },
        "menuRev": 1
    })
}

fn say_page(world: &World, page: &Value) {
    world
        .server
        .borrow_mut()
        .say(&format!("GET restaurants/{KITCHEN}"), page);
}

/// Signed in, looking at the menu.
pub fn with_menu() -> World {
    let mut world = World::signed_in(customer());
    say_page(&world, &page());
    world.ask(GetRestaurant { id: KITCHEN }).unwrap();
    world
}

fn line(item_id: MenuItemId, quantity: u32, option_ids: Vec<OptionId>) -> CartLine {
    CartLine {
        item_id,
        quantity,
        option_ids,
        note: None,
    }
}

fn add(world: &mut World, line: CartLine) -> CartView {
    world
        .ask(AddToCart {
            restaurant_id: KITCHEN,
            line,
            replace: false,
        })
        .unwrap()
}

pub fn add_kabsa(world: &mut World) -> CartView {
    add(world, line(KABSA, 1, vec![LARGE]))
}

#[test]
fn a_cart_is_priced_by_the_same_code_the_server_runs() {
    let mut world = with_menu();
    add_kabsa(&mut world);
    let view = add(&mut world, line(KABSA, 1, vec![LARGE]));
    assert_eq!(view.count, 2);
    let bill = view.bill.unwrap();
    assert_eq!(
        (bill.subtotal, bill.delivery_fee, bill.service_fee),
        (7_000, 900, 210)
    );
    assert_eq!(bill.total_amount, 8_110);
    assert_eq!(view.problem, None);
    assert_eq!(
        (
            view.restaurant.unwrap().get(momfood_domain::text::Lang::En),
            view.picture.unwrap().as_str()
        ),
        ("Kabsa House", "kabsa.svg")
    );
}

#[test]
fn below_the_minimum_the_lines_are_priced_and_the_missing_amount_is_told() {
    let mut world = with_menu();
    let view = add(&mut world, line(JUICE, 1, vec![]));
    let problem = view.problem.unwrap();
    assert_eq!(
        (problem.code, problem.details),
        (
            ErrorCode::BelowMinimum,
            json!({ "missing": 1_600, "minimum": 2_500 })
        )
    );
    assert_eq!(view.bill.unwrap().subtotal, 900);
}

#[test]
fn what_was_sold_out_meanwhile_is_named_and_still_shown() {
    let mut world = with_menu();
    add_kabsa(&mut world);
    let mut sold_out = page();
    sold_out["menu"]["categories"][0]["items"][0]["availability"] = json!({ "state": "sold_out" });
    say_page(&world, &sold_out);
    world.ask(GetRestaurant { id: KITCHEN }).unwrap();
    let view = world.ask(GetCart {}).unwrap();
    let problem = view.problem.unwrap();
    assert_eq!(problem.code, ErrorCode::ItemUnavailable);
    assert_eq!(
        problem.details,
        json!({ "itemId": KABSA, "name": { "en": "Kabsa" } })
    );
    assert_eq!(view.bill.unwrap().lines.len(), 1);
}

#[test]
fn what_is_no_longer_on_the_menu_is_left_out_of_the_price() {
    let mut world = with_menu();
    add_kabsa(&mut world);
    add(&mut world, line(JUICE, 3, vec![]));
    let mut shorter = page();
    shorter["menu"]["categories"][0]["items"]
        .as_array_mut()
        .unwrap()
        .remove(0);
    say_page(&world, &shorter);
    world.ask(GetRestaurant { id: KITCHEN }).unwrap();
    let view = world.ask(GetCart {}).unwrap();
    assert_eq!(view.problem.unwrap().code, ErrorCode::UnknownItem);
    assert_eq!(view.bill.unwrap().subtotal, 2_700);
}

#[test]
fn a_closed_or_paused_restaurant_is_said_before_paying() {
    let mut world = with_menu();
    add_kabsa(&mut world);
    let mut closed = page();
    closed["hours"]["periods"] = json!([]);
    say_page(&world, &closed);
    world.ask(GetRestaurant { id: KITCHEN }).unwrap();
    assert_eq!(
        world.ask(GetCart {}).unwrap().problem.unwrap().code,
        ErrorCode::RestaurantClosed
    );
    let mut paused = page();
    let until = world.now().plus_minutes(10);
    paused["restaurant"]["opening"] = json!({ "state": "paused", "until": until });
    say_page(&world, &paused);
    world.ask(GetRestaurant { id: KITCHEN }).unwrap();
    let problem = world.ask(GetCart {}).unwrap().problem.unwrap();
    assert_eq!(
        (problem.code, problem.details),
        (ErrorCode::RestaurantPaused, json!({ "until": until }))
    );
    world.pass(11 * 60_000);
    assert_eq!(
        world.ask(GetCart {}).unwrap().problem,
        None,
        "the break is over by the clock"
    );
}

#[test]
fn a_cart_holds_one_restaurant_unless_told_to_start_over() {
    let mut world = with_menu();
    add_kabsa(&mut world);
    let mut other = page();
    other["restaurant"]["id"] = json!(ELSEWHERE);
    other["restaurant"]["name"] = json!({ "en": "Burger Garage" });
    world
        .server
        .borrow_mut()
        .say(&format!("GET restaurants/{ELSEWHERE}"), other);
    let call = AddToCart {
        restaurant_id: ELSEWHERE,
        line: line(JUICE, 1, vec![]),
        replace: false,
    };
    let view = world.ask(call.clone()).unwrap();
    assert_eq!(
        view.conflict.unwrap().get(momfood_domain::text::Lang::En),
        "Burger Garage"
    );
    assert_eq!(view.cart.unwrap().restaurant_id, KITCHEN);
    let view = world
        .ask(AddToCart {
            replace: true,
            ..call
        })
        .unwrap();
    assert_eq!(view.cart.unwrap().restaurant_id, ELSEWHERE);
}

#[test]
fn the_cart_outlives_the_app_and_is_priced_as_soon_as_the_menu_is_there() {
    let mut world = with_menu();
    add_kabsa(&mut world);
    world.ask(SetTip { tip: 500 }).unwrap();
    world.restart();
    let view = world.ask(GetCart {}).unwrap();
    assert_eq!(view.count, 1);
    assert!(view.restaurant.is_some() && view.bill.is_none());
    world.pass(1_000);
    assert_eq!(world.ask(GetCart {}).unwrap().bill.unwrap().tip, 500);
}

#[test]
fn lines_change_and_go_and_what_is_not_there_cannot_be_changed() {
    let mut world = with_menu();
    add_kabsa(&mut world);
    let view = world
        .ask(SetCartLine {
            index: 0,
            line: line(KABSA, 3, vec![]),
        })
        .unwrap();
    assert_eq!(view.bill.unwrap().subtotal, 8_400);
    assert_eq!(
        world
            .ask(SetCartLine {
                index: 1,
                line: line(KABSA, 3, vec![])
            })
            .unwrap_err()
            .code,
        ErrorCode::NotFound
    );
    assert_eq!(
        world
            .ask(SetCartLine {
                index: 0,
                line: line(KABSA, 0, vec![])
            })
            .unwrap()
            .cart,
        None
    );
    for quantity in [0, 100, 1_000_000_000] {
        let call = AddToCart {
            restaurant_id: KITCHEN,
            line: line(KABSA, quantity, vec![]),
            replace: false,
        };
        assert_eq!(world.ask(call).unwrap_err().code, ErrorCode::BadQuantity);
    }
    assert_eq!(
        world.ask(SetTip { tip: -1 }).unwrap_err().code,
        ErrorCode::BadAmount
    );
    assert_eq!(world.ask(ClearCart {}).unwrap().count, 0);
}

#[test]
fn fetching_it_oneself_costs_no_delivery_and_tips_nobody() {
    let mut world = with_menu();
    add_kabsa(&mut world);
    world.ask(SetTip { tip: 500 }).unwrap();
    let bill = world
        .ask(SetFulfilment {
            fulfilment: Fulfilment::Pickup,
        })
        .unwrap()
        .bill
        .unwrap();
    assert_eq!((bill.delivery_fee, bill.tip), (0, 0));
}

#[test]
fn a_delivery_needs_an_address_before_it_can_be_quoted() {
    let mut world = with_menu();
    assert_eq!(world.ask(GetQuote {}).unwrap_err().code, ErrorCode::EmptyCart);
    add_kabsa(&mut world);
    let failure = world.ask(GetQuote {}).unwrap_err();
    assert_eq!(
        (failure.code, failure.details),
        (ErrorCode::InvalidInput, json!({ "field": "address" }))
    );
    assert_eq!(world.server.borrow().asked("POST quotes"), 0);
}

#[test]
fn an_old_order_is_ordered_again_without_what_is_gone() {
    let mut world = with_menu();
    let id = OrderId(Uuid::from_u128(70));
    let mut old = order(id, 9, "delivered");
    old["fulfilment"] = json!("pickup");
    old["bill"]["lines"] = json!([
        { "itemId": KABSA, "name": { "en": "Kabsa" }, "quantity": 2, "unitPrice": 3_000, "total": 6_000,
          "options": [{ "id": LARGE, "name": { "en": "Large" }, "price": 700 }] },
        { "itemId": Uuid::from_u128(99), "name": { "en": "Soup" }, "quantity": 1, "unitPrice": 1, "total": 1 }
    ]);
    world.server.borrow_mut().say(&format!("GET orders/{id}"), old);
    let again = world.ask(Reorder { id }).unwrap();
    assert_eq!(again.missing.len(), 1);
    let cart = again.cart.cart.unwrap();
    assert_eq!(cart.lines, [line(KABSA, 2, vec![LARGE])]);
    assert_eq!(again.cart.bill.unwrap().subtotal, 7_000, "at today's prices");
    assert_eq!(again.cart.fulfilment, Fulfilment::Pickup);
}

#[test]
fn undo_puts_the_whole_cart_back() {
    let mut world = with_menu();
    let before = add_kabsa(&mut world).cart.unwrap();
    world.ask(ClearCart {}).unwrap();
    assert_eq!(
        world.ask(SetCart { cart: before.clone() }).unwrap().cart,
        Some(before)
    );
    let empty = Cart::new(KITCHEN);
    assert_eq!(world.ask(SetCart { cart: empty }).unwrap().cart, None);
}

//! What cannot be ordered, and what the customer is told instead.

use momfood_domain::cart::{Cart, CartLine, MAX_LINES, MAX_NOTE, MAX_QUANTITY};
use momfood_domain::menu::{Availability, Daypart, Menu};
use momfood_domain::money::Currency;
use momfood_domain::pricing::{CartProblem, Terms, price};
use momfood_domain::time::{DAY, Timestamp};
use proptest::prelude::*;

use crate::carts::{Case, NOON, TERMS, cart, cases, group_id, item, item_id, line, menu, option_id};

/// One item of 20.00 with three options of which one or two must be picked.
fn choosy() -> Menu {
    let mut menu = menu(Currency::Sar, vec![item(1, 2_000, &[100, 200, 300])]);
    let group = &mut menu.item_mut(item_id(1)).unwrap().option_groups[0];
    (group.min, group.max) = (1, 2);
    menu
}

fn problem(menu: &Menu, lines: Vec<CartLine>) -> Option<CartProblem> {
    price(menu, &cart(lines), &TERMS, None, NOON).err()
}

fn picking(options: &[u128]) -> Option<CartProblem> {
    problem(&choosy(), vec![line(1, 1, options)])
}

#[test]
fn a_group_is_satisfied_from_its_minimum_to_its_maximum() {
    let group = group_id(1_000);
    assert_eq!(picking(&[]), Some(CartProblem::TooFewOptions { group, min: 1 }));
    assert_eq!(picking(&[1_001]), None);
    assert_eq!(picking(&[1_003, 1_001]), None);
    let all = [1_001, 1_002, 1_003];
    assert_eq!(picking(&all), Some(CartProblem::TooManyOptions { group, max: 2 }));
}

#[test]
fn repeated_unknown_and_unavailable_options_are_refused_by_name() {
    assert_eq!(
        picking(&[1_001, 1_001]),
        Some(CartProblem::RepeatedOption(option_id(1_001)))
    );
    assert_eq!(
        picking(&[1_001, 9]),
        Some(CartProblem::UnknownOption(option_id(9)))
    );
    let mut menu = choosy();
    menu.item_mut(item_id(1)).unwrap().option_groups[0].options[1].available = false;
    let picked = |options| problem(&menu, vec![line(1, 1, options)]);
    assert_eq!(
        picked(&[1_002]),
        Some(CartProblem::OptionUnavailable(option_id(1_002)))
    );
    assert_eq!(picked(&[1_001]), None);
}

#[test]
fn an_option_of_another_item_is_unknown() {
    let menu = menu(Currency::Sar, vec![item(1, 100, &[5]), item(2, 100, &[5])]);
    let borrowed = problem(&menu, vec![line(1, 1, &[2_001])]);
    assert_eq!(borrowed, Some(CartProblem::UnknownOption(option_id(2_001))));
}

#[test]
fn quantities_are_1_to_99() {
    let menu = menu(Currency::Sar, vec![item(1, 1, &[])]);
    let of = |quantity| problem(&menu, vec![line(1, quantity, &[])]);
    for wrong in [0, MAX_QUANTITY + 1, 1_000_000_000, u32::MAX] {
        assert_eq!(of(wrong), Some(CartProblem::Quantity(item_id(1))), "{wrong}");
    }
    assert_eq!((of(1), of(99)), (None, None));
    let minus_one = serde_json::json!({"itemId": item_id(1), "quantity": -1});
    assert!(serde_json::from_value::<CartLine>(minus_one).is_err());
}

#[test]
fn an_empty_or_endless_cart_is_refused() {
    let menu = menu(Currency::Sar, vec![item(1, 1, &[])]);
    let lines = |n| (0..n).map(|_| line(1, 1, &[])).collect::<Vec<_>>();
    assert_eq!(problem(&menu, lines(0)), Some(CartProblem::Empty));
    assert_eq!(problem(&menu, lines(MAX_LINES)), None);
    assert_eq!(
        problem(&menu, lines(MAX_LINES + 1)),
        Some(CartProblem::TooManyLines)
    );
}

#[test]
fn a_note_fits_a_ticket_counted_in_letters_not_bytes() {
    let menu = menu(Currency::Sar, vec![item(1, 1, &[])]);
    let noted = |letters| {
        let mut line = line(1, 1, &[]);
        line.note = Some("ب".repeat(letters));
        problem(&menu, vec![line])
    };
    assert_eq!(noted(MAX_NOTE), None);
    assert_eq!(noted(MAX_NOTE + 1), Some(CartProblem::NoteTooLong));
}

#[test]
fn a_blank_note_is_no_note() {
    let menu = menu(Currency::Sar, vec![item(1, 1, &[])]);
    let mut blank = line(1, 1, &[]);
    blank.note = Some(" \n".into());
    let bill = price(&menu, &cart(vec![blank]), &TERMS, None, NOON).unwrap();
    assert_eq!(bill.lines[0].note, None);
}

#[test]
fn an_unknown_item_is_refused() {
    let menu = menu(Currency::Sar, vec![item(1, 1, &[])]);
    let problem = problem(&menu, vec![line(1, 1, &[]), line(2, 1, &[])]);
    assert_eq!(problem, Some(CartProblem::UnknownItem(item_id(2))));
}

fn with_availability(availability: Availability) -> Menu {
    let mut menu = menu(Currency::Sar, vec![item(1, 1, &[])]);
    menu.item_mut(item_id(1)).unwrap().availability = availability;
    menu
}

fn at(menu: &Menu, at: Timestamp) -> Option<CartProblem> {
    price(menu, &cart(vec![line(1, 1, &[])]), &TERMS, None, at).err()
}

#[test]
fn what_is_hidden_or_sold_out_cannot_be_ordered_and_comes_back_at_its_time() {
    let gone = Some(CartProblem::ItemUnavailable(item_id(1)));
    assert_eq!(at(&with_availability(Availability::Hidden), NOON), gone);
    assert_eq!(
        at(&with_availability(Availability::SoldOut { until: None }), NOON),
        gone
    );
    let tomorrow = with_availability(Availability::SoldOut {
        until: Some(NOON.plus(DAY)),
    });
    assert_eq!(at(&tomorrow, NOON), gone);
    assert_eq!(at(&tomorrow, NOON.plus(DAY - 1)), gone);
    assert_eq!(at(&tomorrow, NOON.plus(DAY)), None);
}

#[test]
fn a_hidden_item_is_not_on_the_public_menu_and_a_sold_out_one_is() {
    let hidden = with_availability(Availability::Hidden);
    assert_eq!(hidden.public().items().count(), 0);
    assert!(hidden.public().categories.is_empty());
    let sold_out = with_availability(Availability::SoldOut { until: None });
    assert_eq!(sold_out.public(), sold_out);
}

fn served(dayparts: Vec<Daypart>) -> Menu {
    let mut menu = menu(Currency::Sar, vec![item(1, 1, &[])]);
    menu.item_mut(item_id(1)).unwrap().dayparts = dayparts;
    menu
}

#[test]
fn breakfast_is_served_in_the_morning_by_the_restaurant_s_clock() {
    let (open, close) = (6 * 60, 11 * 60);
    let breakfast = served(vec![Daypart { open, close }]);
    let midnight = NOON.plus_minutes(-12 * 60);
    let gone = Some(CartProblem::ItemUnavailable(item_id(1)));
    assert_eq!(at(&breakfast, midnight.plus_minutes(6 * 60).plus(-1)), gone);
    assert_eq!(at(&breakfast, midnight.plus_minutes(6 * 60)), None);
    assert_eq!(at(&breakfast, midnight.plus_minutes(11 * 60).plus(-1)), None);
    assert_eq!(at(&breakfast, midnight.plus_minutes(11 * 60)), gone);
    assert_eq!(at(&breakfast, NOON), gone);
}

#[test]
fn supper_runs_past_midnight() {
    let supper = served(vec![Daypart {
        open: 20 * 60,
        close: 26 * 60,
    }]);
    let midnight = NOON.plus_minutes(12 * 60);
    let gone = Some(CartProblem::ItemUnavailable(item_id(1)));
    assert_eq!(at(&supper, midnight.plus_minutes(-4 * 60).plus(-1)), gone);
    assert_eq!(at(&supper, midnight.plus_minutes(-4 * 60)), None);
    assert_eq!(at(&supper, midnight), None);
    assert_eq!(at(&supper, midnight.plus_minutes(2 * 60).plus(-1)), None);
    assert_eq!(at(&supper, midnight.plus_minutes(2 * 60)), gone);
}

#[test]
fn below_the_minimum_says_how_much_is_missing() {
    let menu = menu(Currency::Sar, vec![item(1, 1_000, &[])]);
    let terms = Terms {
        minimum_order: 3_001,
        ..TERMS
    };
    let of = |quantity| price(&menu, &cart(vec![line(1, quantity, &[])]), &terms, Some(0), NOON).err();
    let below = |missing| {
        Some(CartProblem::BelowMinimum {
            missing,
            minimum: 3_001,
        })
    };
    assert_eq!(of(1), below(2_001), "fees do not count");
    assert_eq!(of(3), below(1));
    assert_eq!(of(4), None);
}

#[test]
fn too_far_is_said_before_the_minimum() {
    let menu = menu(Currency::Sar, vec![item(1, 1, &[])]);
    let terms = Terms {
        minimum_order: 100,
        ..TERMS
    };
    let far = price(&menu, &cart(vec![line(1, 1, &[])]), &terms, Some(12_001), NOON);
    assert_eq!(far, Err(CartProblem::OutOfRange));
}

#[test]
fn a_tip_is_at_most_what_the_food_costs_or_a_hundred() {
    let menu = menu(Currency::Sar, vec![item(1, 20_000, &[]), item(2, 1, &[])]);
    let tipped = |item, tip| {
        let mut cart: Cart = cart(vec![line(item, 1, &[])]);
        cart.tip = tip;
        price(&menu, &cart, &TERMS, None, NOON).err()
    };
    assert_eq!(
        (tipped(1, 0), tipped(1, 20_000), tipped(2, 10_000)),
        (None, None, None)
    );
    for (item, tip) in [(1, -1), (1, 20_001), (2, 10_001), (1, i64::MAX), (1, i64::MIN)] {
        assert_eq!(tipped(item, tip), Some(CartProblem::Tip), "{tip}");
    }
}

#[test]
fn terms_that_pay_the_customer_price_nothing() {
    let menu = menu(Currency::Sar, vec![item(1, 1_000, &[])]);
    let wrong = [
        Terms {
            delivery_fee: -1,
            ..TERMS
        },
        Terms { vat_bp: -1, ..TERMS },
        Terms {
            service_fee_bp: 10_001,
            ..TERMS
        },
        Terms {
            discount: -1,
            ..TERMS
        },
        Terms {
            minimum_order: i64::MAX,
            ..TERMS
        },
    ];
    for terms in wrong {
        assert!(!terms.is_valid());
        let bill = price(&menu, &cart(vec![line(1, 1, &[])]), &terms, Some(0), NOON);
        assert_eq!(bill, Err(CartProblem::TooLarge), "{terms:?}");
    }
    assert!(TERMS.is_valid());
}

proptest! {
    #[test]
    fn the_missing_amount_is_exactly_what_makes_it_enough(case in cases(), over in 1_i64..10_000) {
        let subtotal = case.price().unwrap().subtotal;
        let minimum = subtotal + over;
        let short = Case { terms: Terms { minimum_order: minimum, ..case.terms }, ..case.clone() };
        prop_assert_eq!(short.price(), Err(CartProblem::BelowMinimum { missing: over, minimum }));
        let enough = Case { terms: Terms { minimum_order: subtotal, ..case.terms }, ..case };
        prop_assert!(enough.price().is_ok());
    }

    #[test]
    fn one_thing_that_cannot_be_had_stops_the_whole_cart(case in cases(), which in any::<prop::sample::Index>()) {
        let mut gone = case;
        let id = gone.cart.lines[which.index(gone.cart.lines.len())].item_id;
        gone.menu.item_mut(id).unwrap().availability = Availability::Hidden;
        prop_assert_eq!(gone.price(), Err(CartProblem::ItemUnavailable(id)));
    }
}

//! What a cart costs.

use momfood_domain::cart::{Cart, MAX_QUANTITY};
use momfood_domain::money::Currency;
use momfood_domain::pricing::{Bill, CartProblem, Terms, price};
use proptest::prelude::*;

use crate::carts::{Case, NOON, TERMS, cart, cases, item, line, menu};

/// `n ÷ d` rounded half-up, worked out as one does on paper.
fn half_up(n: i128, d: i128) -> i128 {
    let (whole, rest) = (n.div_euclid(d), n.rem_euclid(d));
    if rest * 2 >= d { whole + 1 } else { whole }
}

/// The bill worked out a second time, in wide integers, straight from product.md.
fn by_hand(case: &Case) -> [i128; 7] {
    let mut subtotal = 0_i128;
    let vat = i128::from(case.terms.vat_bp);
    let included = |gross: i128| half_up(gross * vat, 10_000 + vat);
    let mut tax = 0_i128;
    for line in &case.cart.lines {
        let item = case.menu.item(line.item_id).unwrap();
        let options = item.option_groups.iter().flat_map(|group| &group.options);
        let deltas: i128 = options
            .filter(|option| line.option_ids.contains(&option.id))
            .map(|option| i128::from(option.price))
            .sum();
        let total = (i128::from(item.price) + deltas).max(0) * i128::from(line.quantity);
        subtotal += total;
        tax += included(total);
    }
    let delivery = case.distance_m.map_or(0, |metres| {
        let street = i128::from(metres) * 135 / 100;
        let further = (street - 4_000).max(0);
        let begun = further / 1_000 + i128::from(further % 1_000 > 0);
        i128::from(case.terms.delivery_fee) + begun * i128::from(case.terms.delivery_fee_per_km)
    });
    let service = half_up(subtotal * i128::from(case.terms.service_fee_bp), 10_000);
    let discount = i128::from(case.terms.discount).min(subtotal);
    let tip = i128::from(case.cart.tip);
    let total = subtotal + delivery + service - discount + tip;
    tax += included(delivery) + included(service) - included(discount);
    [
        subtotal,
        delivery,
        service,
        discount,
        tip,
        tax.clamp(0, total - tip),
        total,
    ]
}

fn figures(bill: &Bill) -> [i128; 7] {
    [
        bill.subtotal,
        bill.delivery_fee,
        bill.service_fee,
        bill.discount,
        bill.tip,
        bill.tax_amount,
        bill.total_amount,
    ]
    .map(i128::from)
}

proptest! {
    #[test]
    fn every_figure_is_what_one_works_out_by_hand(case in cases()) {
        prop_assert_eq!(figures(&case.price().unwrap()), by_hand(&case));
    }

    #[test]
    fn client_and_server_come_to_the_same_bill(case in cases()) {
        let server = case.price();
        let menu = serde_json::from_str(&serde_json::to_string(&case.menu).unwrap()).unwrap();
        let cart = serde_json::from_str(&serde_json::to_string(&case.cart).unwrap()).unwrap();
        let terms = serde_json::from_str(&serde_json::to_string(&case.terms).unwrap()).unwrap();
        let client = price(&menu, &cart, &terms, case.distance_m, NOON);
        prop_assert_eq!(client, server);
    }

    #[test]
    fn the_total_is_the_sum_of_its_parts(case in cases()) {
        let bill = case.price().unwrap();
        let lines: i64 = bill.lines.iter().map(|line| line.total).sum();
        prop_assert_eq!(bill.subtotal, lines);
        for line in &bill.lines {
            prop_assert_eq!(line.total, line.unit_price * i64::from(line.quantity));
        }
        let parts = bill.subtotal + bill.delivery_fee + bill.service_fee - bill.discount + bill.tip;
        prop_assert_eq!(bill.total_amount, parts);
        prop_assert_eq!(bill.currency, case.menu.currency);
    }

    #[test]
    fn the_tax_is_part_of_the_total_and_never_of_the_tip(case in cases()) {
        let bill = case.price().unwrap();
        prop_assert!(0 <= bill.tax_amount && bill.tax_amount <= bill.total_amount - bill.tip);
        let untipped = Case { cart: Cart { tip: 0, ..case.cart.clone() }, ..case };
        prop_assert_eq!(untipped.price().unwrap().tax_amount, bill.tax_amount);
    }

    #[test]
    fn the_tax_is_at_most_half_a_minor_unit_a_figure_from_the_exact_one(case in cases()) {
        let case = Case { terms: Terms { discount: 0, ..case.terms }, ..case };
        let bill = case.price().unwrap();
        let taxed = i128::from(bill.total_amount - bill.tip) * i128::from(case.terms.vat_bp);
        let whole = i128::from(10_000 + case.terms.vat_bp);
        let error = (i128::from(bill.tax_amount) * whole - taxed).abs();
        let figures = i128::try_from(bill.lines.len() + 2).unwrap();
        prop_assert!(error * 2 <= whole * figures);
    }

    #[test]
    fn more_of_something_never_costs_less(case in cases(), which in any::<prop::sample::Index>()) {
        let bill = case.price().unwrap();
        let mut more = case.clone();
        let line = &mut more.cart.lines[which.index(case.cart.lines.len())];
        prop_assume!(line.quantity < MAX_QUANTITY);
        line.quantity += 1;
        let dearer = more.price().unwrap();
        prop_assert!(dearer.subtotal >= bill.subtotal);
        prop_assert!(dearer.total_amount >= bill.total_amount);
    }

    #[test]
    fn the_order_of_lines_and_of_picks_does_not_matter(case in cases(), seed in any::<prop::sample::Index>()) {
        let bill = case.price().unwrap();
        let mut turned = case.clone();
        turned.cart.lines.rotate_left(seed.index(case.cart.lines.len()));
        for line in &mut turned.cart.lines {
            line.option_ids.reverse();
        }
        let other = turned.price().unwrap();
        prop_assert_eq!(figures(&other), figures(&bill));
        for line in &other.lines {
            prop_assert!(bill.lines.contains(line), "each line is priced and frozen the same");
        }
    }

    #[test]
    fn a_discount_is_never_more_than_the_food(case in cases(), discount in any::<i64>()) {
        let priced = Case { terms: Terms { discount, ..case.terms }, ..case };
        match priced.price() {
            Ok(bill) => {
                prop_assert!(0 <= bill.discount && bill.discount <= bill.subtotal);
                prop_assert!(bill.total_amount >= bill.delivery_fee + bill.service_fee + bill.tip);
            }
            Err(problem) => prop_assert_eq!(problem, CartProblem::TooLarge),
        }
    }

    #[test]
    fn no_price_or_term_however_extreme_panics_or_wraps(
        prices in prop::collection::vec(extreme(), 1..5),
        options in prop::collection::vec(extreme(), 0..4),
        quantity in any::<u32>(),
        tip in extreme(),
        distance_m in any::<Option<u32>>(),
        terms in extreme_terms(),
        at in any::<i64>(),
        offset in any::<i16>(),
    ) {
        let items: Vec<_> = (1..).zip(&prices).map(|(n, price)| item(n, *price, &options)).collect();
        let picks: Vec<u128> = (1..=u128::try_from(options.len()).unwrap()).collect();
        let lines = (1..).zip(&prices).map(|(n, _)| {
            let mine: Vec<u128> = picks.iter().map(|pick| n * 1_000 + pick).collect();
            line(n, quantity % 120, &mine)
        });
        let mut cart = cart(lines.collect());
        cart.tip = tip;
        let mut menu = menu(Currency::Kwd, items);
        menu.utc_offset_minutes = offset;
        let _ = menu.fault();
        let at = momfood_domain::time::Timestamp(at);
        if let Ok(bill) = price(&menu, &cart, &terms, distance_m, at) {
            let parts = figures(&bill);
            prop_assert!(parts.iter().all(|part| *part >= 0));
            prop_assert_eq!(parts[6], parts[0] + parts[1] + parts[2] - parts[3] + parts[4]);
        }
    }
}

fn extreme() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        prop::sample::select(vec![
            i64::MIN,
            i64::MIN + 1,
            -1,
            0,
            1,
            100,
            i64::MAX - 1,
            i64::MAX
        ]),
        -2_000_000_000_i64..2_000_000_000,
    ]
}

fn extreme_terms() -> impl Strategy<Value = Terms> {
    let amounts = [(); 6].map(|()| extreme());
    (amounts, any::<u32>()).prop_map(
        |([minimum_order, base, per_km, service, vat, discount], radius)| Terms {
            minimum_order,
            delivery_fee: base,
            delivery_fee_per_km: per_km,
            delivery_radius_m: radius,
            service_fee_bp: service,
            vat_bp: vat,
            discount,
        },
    )
}

/// 23.00 of food, 4.61 km of street: the worked example one can check with a pencil, in each exponent.
#[test]
fn a_bill_in_each_exponent_is_exact_to_the_minor_unit() {
    for (currency, exponent) in [(Currency::Djf, 0), (Currency::Sar, 2), (Currency::Kwd, 3)] {
        assert_eq!(currency.exponent(), exponent);
        let menu = menu(currency, vec![item(1, 1_050, &[100]), item(2, 1, &[])]);
        let cart = cart(vec![line(1, 2, &[1_001]), line(2, 4, &[])]);
        let bill = price(&menu, &cart, &TERMS, Some(3_415), NOON).unwrap();
        assert_eq!(bill.currency, currency);
        assert_eq!(bill.subtotal, 2_304);
        assert_eq!(bill.delivery_fee, 1_150, "4 km included, one kilometre begun");
        assert_eq!(bill.service_fee, 69, "69.12 rounds down");
        assert_eq!(bill.total_amount, 3_523);
        // 2300, 4, 1150 and 69 by themselves: 300, 0.52, 150 and exactly 9.
        assert_eq!(bill.tax_amount, 300 + 1 + 150 + 9);
    }
}

#[test]
fn the_half_rounds_up() {
    let half_of = |price| {
        let terms = Terms {
            service_fee_bp: 5_000,
            vat_bp: 10_000,
            ..TERMS
        };
        let menu = menu(Currency::Sar, vec![item(1, price, &[])]);
        let bill = price_of(&menu, &terms);
        (bill.service_fee, bill.tax_amount)
    };
    assert_eq!(
        half_of(1),
        (1, 1 + 1),
        "half of one is one; so is half of the fee of one"
    );
    assert_eq!(half_of(2), (1, 1 + 1));
    assert_eq!(half_of(3), (2, 2 + 1));
}

fn price_of(menu: &momfood_domain::menu::Menu, terms: &Terms) -> Bill {
    price(menu, &cart(vec![line(1, 1, &[])]), terms, None, NOON).unwrap()
}

#[test]
fn an_option_may_make_it_cheaper_but_never_below_nothing() {
    let menu = menu(Currency::Sar, vec![item(1, 300, &[-500, 100])]);
    let with = |picks: &[u128]| price(&menu, &cart(vec![line(1, 3, picks)]), &TERMS, None, NOON).unwrap();
    assert_eq!(with(&[1_001]).subtotal, 0);
    assert_eq!(with(&[1_002]).subtotal, 1_200);
    assert_eq!(with(&[1_001, 1_002]).subtotal, 0);
}

#[test]
fn tiny_prices_fully_discounted_have_no_tax_and_never_a_negative_one() {
    let menu = menu(Currency::Sar, vec![item(1, 3, &[]), item(2, 4, &[])]);
    let terms = Terms {
        discount: 1_000_000,
        service_fee_bp: 0,
        ..TERMS
    };
    for n in [1, 2] {
        let lines = (0..60).map(|_| line(n, 1, &[])).collect();
        let bill = price(&menu, &cart(lines), &terms, None, NOON).unwrap();
        assert_eq!((bill.total_amount, bill.tax_amount), (0, 0));
    }
}

#[test]
fn fetching_it_oneself_costs_no_delivery_and_distance_is_charged_by_the_kilometre_begun() {
    let fee = |metres| TERMS.delivery_fee_for(metres);
    assert_eq!(fee(0), Some(1_000));
    assert_eq!(fee(2_963), Some(1_000), "4000 m of street");
    assert_eq!(fee(2_964), Some(1_150), "4001 m of street");
    assert_eq!(fee(12_000), Some(1_000 + 13 * 150), "16.2 km of street");
    assert_eq!(fee(12_001), None);
    let menu = menu(Currency::Sar, vec![item(1, 100, &[])]);
    assert_eq!(price_of(&menu, &TERMS).delivery_fee, 0);
}

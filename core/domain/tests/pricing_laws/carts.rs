//! Menus, carts and terms to price.

use momfood_domain::cart::{Cart, CartLine};
use momfood_domain::id::{CategoryId, MenuItemId, OptionGroupId, OptionId, RestaurantId};
use momfood_domain::menu::{Availability, Category, Menu, MenuItem, MenuOption, OptionGroup};
use momfood_domain::money::Currency;
use momfood_domain::pricing::{Bill, CartProblem, Terms, price};
use momfood_domain::text::LocalizedText;
use momfood_domain::time::Timestamp;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use uuid::Uuid;

/// Sunday 2026-11-22, 12:00 in Riyadh.
pub const NOON: Timestamp = Timestamp(1_795_338_000_000_000);

pub fn item_id(n: u128) -> MenuItemId {
    MenuItemId(Uuid::from_u128(n))
}

pub fn option_id(n: u128) -> OptionId {
    OptionId(Uuid::from_u128(n))
}

pub fn group_id(n: u128) -> OptionGroupId {
    OptionGroupId(Uuid::from_u128(n))
}

fn text(en: &str) -> LocalizedText {
    LocalizedText::both("نص", en)
}

/// An item whose one group allows any of its options, none or all. Ids grow from the item's.
pub fn item(n: u128, price: i64, options: &[i64]) -> MenuItem {
    let base = n * 1_000;
    let options: Vec<_> = (1..)
        .zip(options)
        .map(|(i, price)| MenuOption {
            id: option_id(base + i),
            name: text("option"),
            price: *price,
            available: true,
        })
        .collect();
    let max = u32::try_from(options.len()).unwrap();
    let group = OptionGroup {
        id: group_id(base),
        name: text("group"),
        min: 0,
        max,
        options,
    };
    MenuItem {
        id: item_id(n),
        name: text("item"),
        description: None,
        price,
        picture: None,
        availability: Availability::Available,
        dayparts: vec![],
        allergens: vec![],
        calories: None,
        option_groups: if max == 0 { vec![] } else { vec![group] },
    }
}

pub fn menu(currency: Currency, items: Vec<MenuItem>) -> Menu {
    let id = CategoryId(Uuid::from_u128(1));
    let name = text("all");
    Menu {
        currency,
        utc_offset_minutes: 180,
        categories: vec![Category {
            id,
            name,
            station: None,
            items,
        }],
    }
}

pub fn line(item: u128, quantity: u32, options: &[u128]) -> CartLine {
    CartLine {
        item_id: item_id(item),
        quantity,
        option_ids: options.iter().map(|n| option_id(*n)).collect(),
        note: None,
    }
}

pub fn cart(lines: Vec<CartLine>) -> Cart {
    let restaurant = RestaurantId(Uuid::from_u128(7));
    let mut cart = Cart::new(restaurant);
    cart.lines = lines;
    cart
}

/// Saudi terms without a minimum or a discount.
pub const TERMS: Terms = Terms {
    minimum_order: 0,
    delivery_fee: 1_000,
    delivery_fee_per_km: 150,
    delivery_radius_m: 12_000,
    service_fee_bp: 300,
    vat_bp: 1_500,
    discount: 0,
};

/// Something to price.
#[derive(Clone, Debug)]
pub struct Case {
    pub menu: Menu,
    pub cart: Cart,
    pub terms: Terms,
    pub distance_m: Option<u32>,
}

impl Case {
    pub fn price(&self) -> Result<Bill, CartProblem> {
        price(&self.menu, &self.cart, &self.terms, self.distance_m, NOON)
    }
}

fn a_price() -> impl Strategy<Value = i64> {
    prop_oneof![1 => Just(0_i64), 2 => 1_i64..20, 6 => 1_i64..20_000]
}

/// Up to eight items, each with up to four options.
fn a_menu() -> impl Strategy<Value = Menu> {
    let dish = (a_price(), prop::collection::vec(-500_i64..2_000, 0..4));
    (select(&Currency::ALL[..]), prop::collection::vec(dish, 1..8)).prop_map(|(currency, dishes)| {
        let items = (1..)
            .zip(dishes)
            .map(|(n, (price, options))| item(n, price, &options));
        menu(currency, items.collect())
    })
}

/// Some of the items, some of them twice, each with some of its options.
fn lines_of(menu: &Menu) -> impl Strategy<Value = Vec<CartLine>> + use<> {
    let items: Vec<_> = menu.items().cloned().collect();
    let one = select(items).prop_flat_map(|item| {
        let ids: Vec<_> = item
            .option_groups
            .iter()
            .flat_map(|group| group.options.iter().map(|option| option.id))
            .collect();
        let most = ids.len();
        (subsequence(ids, 0..=most).prop_shuffle(), 1_u32..=99).prop_map(move |(option_ids, quantity)| {
            CartLine {
                item_id: item.id,
                quantity,
                option_ids,
                note: None,
            }
        })
    });
    prop::collection::vec(one, 1..12)
}

fn some_terms() -> impl Strategy<Value = Terms> {
    let discount = prop_oneof![2 => Just(0_i64), 2 => 1_i64..3_000, 1 => Just(1_000_000_000_i64)];
    (
        0_i64..5_000,
        0_i64..500,
        0_i64..=1_000,
        select(vec![0_i64, 500, 1_500, 2_000]),
        discount,
    )
        .prop_map(
            |(delivery_fee, delivery_fee_per_km, service_fee_bp, vat_bp, discount)| Terms {
                delivery_fee,
                delivery_fee_per_km,
                service_fee_bp,
                vat_bp,
                discount,
                ..TERMS
            },
        )
}

/// A cart that can be priced.
pub fn cases() -> impl Strategy<Value = Case> {
    let distance = prop_oneof![1 => Just(None), 3 => (0_u32..=12_000).prop_map(Some)];
    (
        a_menu().prop_flat_map(|menu| (lines_of(&menu), Just(menu))),
        some_terms(),
        distance,
        0_i64..=10_000,
    )
        .prop_map(|((lines, menu), terms, distance_m, tip)| {
            let mut cart = cart(lines);
            cart.tip = tip;
            Case {
                menu,
                cart,
                terms,
                distance_m,
            }
        })
}

//! Filling a cart as a person would: some items of the menu, with the options they ask for, enough for the restaurant.

use momfood_domain::cart::CartLine;
use momfood_domain::menu::{Menu, MenuItem};
use momfood_domain::time::Timestamp;
use rand::Rng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};

/// One to three different items, and more of them until the subtotal reaches `minimum`. `None` when the menu has not
/// enough to be had now.
pub fn fill(menu: &Menu, minimum: i64, now: Timestamp, chance: &mut impl Rng) -> Option<Vec<CartLine>> {
    let mut items: Vec<&MenuItem> = menu
        .items()
        .filter(|item| item.price > 0 && item.is_orderable(now, menu.utc_offset_minutes))
        .collect();
    // A meal first, then what goes with it: nobody orders fifteen loaves to reach the minimum.
    items.shuffle(chance);
    if let Some(meal) = items.iter().position(|item| item.price * 2 >= minimum) {
        items.swap(0, meal);
    }
    let wanted = chance.random_range(1..=3);
    let picked = items.into_iter().filter_map(|item| line(item, chance));
    let mut lines: Vec<(CartLine, i64)> = picked.take(wanted).collect();
    while sum(&lines) < minimum {
        // The dearest: few pieces of it are enough.
        let (line, _) = lines
            .iter_mut()
            .max_by_key(|(line, each)| each / i64::from(line.quantity))?;
        line.quantity += 1;
        if line.quantity > 20 {
            return None;
        }
    }
    (!lines.is_empty()).then(|| lines.into_iter().map(|(line, _)| line).collect())
}

fn sum(lines: &[(CartLine, i64)]) -> i64 {
    lines
        .iter()
        .map(|(line, each)| each * i64::from(line.quantity))
        .sum()
}

/// One of `item` with as many options of each group as it asks for, and what it costs.
fn line(item: &MenuItem, chance: &mut impl Rng) -> Option<(CartLine, i64)> {
    let (mut option_ids, mut each) = (Vec::new(), item.price);
    for group in &item.option_groups {
        let there: Vec<_> = group.options.iter().filter(|option| option.available).collect();
        let least = usize::try_from(group.min).ok()?;
        let picks = if least == 0 && group.max > 0 && chance.random_bool(0.3) {
            1
        } else {
            least
        };
        if there.len() < picks.max(least) {
            if least > 0 {
                return None;
            }
            continue;
        }
        for option in there.choose_multiple(chance, picks) {
            option_ids.push(option.id);
            each += option.price;
        }
    }
    let line = CartLine {
        item_id: item.id,
        quantity: 1,
        option_ids,
        note: None,
    };
    Some((line, each.max(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::cart::Cart;
    use momfood_domain::id::{CategoryId, MenuItemId, OptionGroupId, OptionId, RestaurantId};
    use momfood_domain::menu::{Availability, Category, MenuOption, OptionGroup};
    use momfood_domain::money::Currency;
    use momfood_domain::pricing::{self, SAUDI_VAT_BP, Terms};
    use momfood_domain::text::LocalizedText;
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use uuid::Uuid;

    fn name() -> LocalizedText {
        LocalizedText::both("شيء", "Something")
    }

    fn item(id: u128, price: i64, groups: &[(u32, u32)]) -> MenuItem {
        let option = |n: u128| MenuOption {
            id: OptionId(Uuid::from_u128(id * 1000 + n)),
            name: name(),
            price: 150,
            available: n % 4 != 3,
        };
        let group = |(index, (min, max)): (u128, &(u32, u32))| OptionGroup {
            id: OptionGroupId(Uuid::from_u128(id * 1000 + 900 + index)),
            name: name(),
            min: *min,
            max: *max,
            options: (0..4).map(|n| option(index * 10 + n)).collect(),
        };
        MenuItem {
            id: MenuItemId(Uuid::from_u128(id)),
            name: name(),
            description: None,
            price,
            picture: None,
            availability: if id == 2 {
                Availability::SoldOut { until: None }
            } else {
                Availability::Available
            },
            dayparts: vec![],
            allergens: vec![],
            calories: None,
            option_groups: (0..).zip(groups).map(group).collect(),
        }
    }

    fn menu() -> Menu {
        Menu {
            currency: Currency::Sar,
            utc_offset_minutes: 180,
            categories: vec![Category {
                id: CategoryId(Uuid::from_u128(99)),
                name: name(),
                station: None,
                items: vec![
                    item(1, 700, &[(1, 1), (0, 2)]),
                    item(2, 500, &[]),
                    item(3, 2500, &[(2, 3)]),
                    item(4, 900, &[(4, 4)]),
                ],
            }],
        }
    }

    proptest! {
        #[test]
        fn every_cart_it_fills_is_one_the_product_prices(seed: u64, minimum in 0_i64..9_000) {
            let menu = menu();
            let lines = fill(&menu, minimum, Timestamp(0), &mut StdRng::seed_from_u64(seed)).unwrap();
            let cart = Cart { restaurant_id: RestaurantId(Uuid::from_u128(5)), lines, tip: 0 };
            let terms = Terms {
                minimum_order: minimum,
                delivery_fee: 1_000,
                delivery_fee_per_km: 150,
                delivery_radius_m: 12_000,
                service_fee_bp: 300,
                vat_bp: SAUDI_VAT_BP,
                discount: 0,
            };
            pricing::price(&menu, &cart, &terms, Some(2_000), Timestamp(0)).unwrap();
        }
    }

    #[test]
    fn from_an_empty_menu_nothing_can_be_ordered() {
        let menu = Menu {
            categories: vec![],
            ..menu()
        };
        assert_eq!(
            fill(&menu, 100, Timestamp(0), &mut StdRng::seed_from_u64(1)),
            None
        );
    }
}

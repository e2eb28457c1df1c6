//! Finding restaurants: by words in either language, by cuisine, near a point. Pure functions over what is on the
//! shelf.

use std::cmp::Reverse;

use momfood_domain::geo::GeoPoint;
use momfood_domain::menu::Menu;
use momfood_domain::text::{Lang, fold};
use momfood_domain::time::Timestamp;
use momfood_protocol::rest::{CUISINES, RestaurantQuery, RestaurantSort};
use momfood_protocol::view::{Opening, RestaurantCard};

use super::cuisine;
use super::error::CatalogError;
use super::restaurant::Restaurant;

/// Restaurants further than this from the point asked about are in another city.
const NEAR_M: u32 = 40_000;
/// Most restaurants of one answer.
pub const MOST: usize = 200;
/// Longest search, in characters.
const LONGEST: usize = 80;
/// How many metres of way a tenth of a star is worth to who is recommended something.
const METRES_PER_TENTH: i64 = 500;

/// A checked question.
#[derive(Debug)]
pub struct Wanted {
    from: Option<GeoPoint>,
    words: Vec<String>,
    cuisine: Option<String>,
    open_only: bool,
    sort: RestaurantSort,
}

impl Wanted {
    /// Checks what was asked.
    pub fn check(query: RestaurantQuery) -> Result<Self, CatalogError> {
        let from = point(query.lat, query.lng)?;
        let words = query.q.unwrap_or_default();
        if words.chars().count() > LONGEST {
            return Err(CatalogError::Invalid("q"));
        }
        if let Some(cuisine) = &query.cuisine
            && !CUISINES.contains(&cuisine.as_str())
        {
            return Err(CatalogError::Invalid("cuisine"));
        }
        Ok(Self {
            from,
            words: fold(&words).split_whitespace().map(stem).collect(),
            cuisine: query.cuisine,
            open_only: query.open.unwrap_or(false),
            sort: query.sort.unwrap_or_default(),
        })
    }
}

/// A point from its two halves; one without the other, or off the Earth, is refused.
pub fn point(lat: Option<f64>, lng: Option<f64>) -> Result<Option<GeoPoint>, CatalogError> {
    match (lat, lng) {
        (None, None) => Ok(None),
        (Some(lat), Some(lng)) => {
            let point = GeoPoint { lat, lng };
            if point.is_valid() {
                Ok(Some(point))
            } else {
                Err(CatalogError::Invalid("lat"))
            }
        }
        (None, Some(_)) => Err(CatalogError::Invalid("lat")),
        (Some(_), None) => Err(CatalogError::Invalid("lng")),
    }
}

/// A folded word without the Arabic article: who types «المندي» finds «مندي».
fn stem(word: &str) -> String {
    match word.strip_prefix("ال") {
        Some(rest) if rest.chars().count() >= 3 => rest.to_owned(),
        _ => word.to_owned(),
    }
}

/// What a restaurant is found by, folded: its name, and everything else.
#[derive(Clone, Debug, Default)]
pub struct Findable {
    name: String,
    rest: String,
}

impl Findable {
    /// Gathers the words of a restaurant and its public menu.
    pub fn of(restaurant: &Restaurant, menu: &Menu) -> Self {
        let both = [Lang::Ar, Lang::En];
        let mut rest: Vec<&str> = Vec::new();
        for cuisine in &restaurant.cuisines {
            rest.extend(cuisine::names(cuisine));
        }
        for lang in both {
            rest.push(restaurant.district.get(lang));
            rest.extend(restaurant.description.iter().map(|text| text.get(lang)));
            rest.extend(menu.categories.iter().map(|category| category.name.get(lang)));
            rest.extend(menu.items().map(|item| item.name.get(lang)));
        }
        Self {
            name: fold(&both.map(|lang| restaurant.name.get(lang)).join("\n")),
            rest: fold(&rest.join("\n")),
        }
    }

    fn has(&self, word: &str) -> bool {
        self.name.contains(word) || self.rest.contains(word)
    }
}

/// The restaurants wanted, each with when its kitchen was last heard, in the order wanted: those that take orders first, then those that deliver to the point.
pub fn find<'a>(
    shelf: impl Iterator<Item = (&'a Restaurant, &'a Findable, Option<Timestamp>)>,
    wanted: &Wanted,
    now: Timestamp,
) -> Vec<RestaurantCard> {
    let mut found: Vec<(RestaurantCard, bool)> = shelf
        .filter(|(restaurant, ..)| {
            wanted
                .cuisine
                .as_ref()
                .is_none_or(|cuisine| restaurant.cuisines.contains(cuisine))
        })
        .filter(|(restaurant, ..)| wanted.from.is_none_or(|from| is_near(from, restaurant.point)))
        .filter(|(_, findable, _)| wanted.words.iter().all(|word| findable.has(word)))
        .map(|(restaurant, findable, heard_at)| {
            let by_name = wanted.words.iter().any(|word| findable.name.contains(word));
            (restaurant.card(wanted.from, heard_at, now), by_name)
        })
        .filter(|(card, _)| !wanted.open_only || card.opening == Opening::Open)
        .filter(|(card, _)| card.distance_m.is_none_or(|distance| distance <= NEAR_M))
        .collect();
    found.sort_by_cached_key(|(card, by_name)| {
        let closed = card.opening != Opening::Open;
        let too_far = wanted.from.is_some() && card.delivery_fee.is_none();
        (closed, too_far, key(wanted.sort, card, *by_name), card.id)
    });
    found.truncate(MOST);
    found.into_iter().map(|(card, _)| card).collect()
}

/// Lower comes first.
fn key(sort: RestaurantSort, card: &RestaurantCard, by_name: bool) -> (bool, bool, i64, Reverse<u32>) {
    let distance = i64::from(card.distance_m.unwrap_or(0));
    let (unnamed, plain, rank) = match sort {
        RestaurantSort::Recommended => {
            let worth = i64::from(card.rating) * METRES_PER_TENTH;
            (!by_name, !card.featured, distance - worth)
        }
        RestaurantSort::Distance => (false, false, distance),
        RestaurantSort::Rating => (false, false, -i64::from(card.rating)),
        RestaurantSort::Time => {
            let minutes = card.delivery_minutes.unwrap_or(card.preparation_minutes);
            (false, false, i64::from(minutes))
        }
        RestaurantSort::Fee => (false, false, card.delivery_fee.unwrap_or(card.terms.delivery_fee)),
    };
    (unnamed, plain, rank, Reverse(card.reviews))
}

/// Whether two points could be within [`NEAR_M`]: a cheap look before the exact one.
fn is_near(a: GeoPoint, b: GeoPoint) -> bool {
    (a.lat - b.lat).abs() * 111_000.0 <= f64::from(NEAR_M)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_point_is_refused() {
        assert!(point(Some(24.7), Some(46.6)).unwrap().is_some());
        assert!(point(None, None).unwrap().is_none());
        assert!(point(Some(24.7), None).is_err());
        assert!(point(None, Some(46.6)).is_err());
        assert!(point(Some(f64::NAN), Some(46.6)).is_err());
        assert!(point(Some(97.0), Some(46.6)).is_err());
    }

    #[test]
    fn the_article_is_not_part_of_a_word_but_short_words_stay_whole() {
        assert_eq!(stem("المندي"), "مندي");
        assert_eq!(stem("الم"), "الم");
        assert_eq!(stem("mandi"), "mandi");
    }
}

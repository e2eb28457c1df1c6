//! A restaurant as the database knows it, and how each reader may see it. The only place that reads `restaurants`.

use std::collections::HashMap;

use momfood_domain::dispatch::estimated_delivery;
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::OpeningHours;
use momfood_domain::id::{RestaurantId, UserId};
use momfood_domain::menu::Menu;
use momfood_domain::money::Currency;
use momfood_domain::pricing::{SAUDI_VAT_BP, SERVICE_FEE_BP, Terms};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_protocol::feed::{Entity, Scope};
use momfood_protocol::sync::PRESENCE;
use momfood_protocol::view::{KitchenSettings, Opening, RestaurantCard, RestaurantOfOrder};
use sqlx::types::Json;

use crate::store::{StoreError, Tx, sql};
use crate::sync;

/// Paused until somebody says otherwise.
pub const UNTIL_RESUMED: Timestamp = Timestamp(i64::MAX);

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: RestaurantId,
    name: Option<String>,
    name_ar: Option<String>,
    description: Option<String>,
    description_ar: Option<String>,
    cuisine_type: Json<Vec<String>>,
    district: String,
    district_ar: String,
    lat: f64,
    lng: f64,
    phone: String,
    rating: i64,
    total_reviews: i64,
    currency: Currency,
    delivery_fee: i64,
    delivery_fee_per_km: i64,
    delivery_radius_m: i64,
    minimum_order: i64,
    preparation_time: i64,
    accept_limit_seconds: i64,
    hours: Json<OpeningHours>,
    paused_until: Option<Timestamp>,
    picture: Option<String>,
    is_featured: bool,
    sells: bool,
    rev: i64,
}

/// A restaurant, all that is known of it beside its menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Restaurant {
    /// Its id.
    pub id: RestaurantId,
    /// Its name.
    pub name: LocalizedText,
    /// What it is known for.
    pub description: Option<LocalizedText>,
    /// Words of [`momfood_protocol::rest::CUISINES`].
    pub cuisines: Vec<String>,
    /// District.
    pub district: LocalizedText,
    /// Where it is.
    pub point: GeoPoint,
    /// To call it.
    pub phone: String,
    /// Path of its picture.
    pub picture: Option<String>,
    /// Tenths of a star.
    pub rating: u32,
    /// How many rated it.
    pub reviews: u32,
    /// Shown first.
    pub featured: bool,
    /// Usual preparation, minutes.
    pub preparation_minutes: u32,
    /// Seconds the kitchen has to answer a new order.
    pub accept_limit_seconds: i64,
    /// Currency of its prices.
    pub currency: Currency,
    /// Its charges.
    pub terms: Terms,
    /// Opening hours.
    pub hours: OpeningHours,
    /// Takes no new orders until then.
    pub paused_until: Option<Timestamp>,
    /// Approved and active: customers see it.
    pub sells: bool,
    /// Grows with every change.
    pub rev: i64,
}

impl From<Row> for Restaurant {
    fn from(row: Row) -> Self {
        let small = |n: i64| u32::try_from(n).unwrap_or(0);
        // The schema holds that a name is set; an id is better than nothing for what was written around it.
        let name = LocalizedText::new(row.name_ar, row.name)
            .unwrap_or_else(|_| LocalizedText::both(row.id.to_string(), row.id.to_string()));
        Self {
            id: row.id,
            name,
            description: LocalizedText::new(row.description_ar, row.description).ok(),
            cuisines: row.cuisine_type.0,
            district: LocalizedText::both(row.district_ar, row.district),
            point: GeoPoint {
                lat: row.lat,
                lng: row.lng,
            },
            phone: row.phone,
            picture: row.picture,
            rating: small(row.rating),
            reviews: small(row.total_reviews),
            featured: row.is_featured,
            preparation_minutes: small(row.preparation_time),
            accept_limit_seconds: row.accept_limit_seconds,
            currency: row.currency,
            terms: Terms {
                minimum_order: row.minimum_order,
                delivery_fee: row.delivery_fee,
                delivery_fee_per_km: row.delivery_fee_per_km,
                delivery_radius_m: small(row.delivery_radius_m),
                service_fee_bp: SERVICE_FEE_BP,
                vat_bp: SAUDI_VAT_BP,
                discount: 0,
            },
            hours: row.hours.0,
            paused_until: row.paused_until,
            sells: row.sells,
            rev: row.rev,
        }
    }
}

/// Whether orders are taken at `now`: within the hours, when the kitchen did not ask for a break, and when it was heard
/// lately. A kitchen that never had a device (`heard_at` is `None`) takes its orders in some other way.
pub fn opening(
    hours: &OpeningHours,
    paused_until: Option<Timestamp>,
    heard_at: Option<Timestamp>,
    now: Timestamp,
) -> Opening {
    if !hours.is_open(now) {
        return Opening::Closed {
            opens_at: hours.next_opening(now),
        };
    }
    match (paused_until, heard_at) {
        (Some(until), _) if until > now => Opening::Paused {
            until: (until != UNTIL_RESUMED).then_some(until),
        },
        (_, Some(heard_at)) if now.since(heard_at) > PRESENCE => Opening::Unreachable,
        _ => Opening::Open,
    }
}

impl Restaurant {
    /// Whether it takes orders at `now`, its kitchen having been heard then, if ever.
    pub fn opening(&self, heard_at: Option<Timestamp>, now: Timestamp) -> Opening {
        opening(&self.hours, self.paused_until, heard_at, now)
    }

    /// As it stands on a list at `now`, for somebody at `from`.
    pub fn card(
        &self,
        from: Option<GeoPoint>,
        heard_at: Option<Timestamp>,
        now: Timestamp,
    ) -> RestaurantCard {
        let distance_m = from.map(|from| from.distance_m(self.point));
        let delivery_fee = distance_m.and_then(|distance| self.terms.delivery_fee_for(distance));
        let ready = now.plus_minutes(i64::from(self.preparation_minutes));
        let minutes = |distance| estimated_delivery(ready, distance).since(now) / MINUTE;
        let delivery_minutes = delivery_fee
            .and(distance_m)
            .and_then(|distance| u32::try_from(minutes(distance)).ok());
        RestaurantCard {
            id: self.id,
            name: self.name.clone(),
            description: self.description.clone(),
            cuisines: self.cuisines.clone(),
            district: self.district.clone(),
            point: self.point,
            picture: self.picture.clone(),
            rating: self.rating,
            reviews: self.reviews,
            featured: self.featured,
            preparation_minutes: self.preparation_minutes,
            currency: self.currency,
            terms: self.terms,
            opening: self.opening(heard_at, now),
            distance_m,
            delivery_fee,
            delivery_minutes,
        }
    }

    /// As its own kitchen sees it.
    pub fn settings(&self) -> KitchenSettings {
        KitchenSettings {
            id: self.id,
            name: self.name.clone(),
            point: self.point,
            hours: self.hours.clone(),
            paused_until: self.paused_until,
            preparation_minutes: self.preparation_minutes,
            accept_limit_seconds: self.accept_limit_seconds,
            terms: self.terms,
            currency: self.currency,
        }
    }
}

/// One restaurant, whether it sells or not.
pub async fn restaurant(tx: &mut Tx, id: RestaurantId) -> Result<Option<Restaurant>, StoreError> {
    Ok(several(tx, &[id]).await?.pop())
}

/// Those of `ids` that exist, whether they sell or not.
pub(super) async fn several(tx: &mut Tx, ids: &[RestaurantId]) -> Result<Vec<Restaurant>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select id, name, name_ar, description, description_ar, cuisine_type, district, district_ar, lat, lng, phone, \
         rating, total_reviews, currency, delivery_fee, delivery_fee_per_km, delivery_radius_m, minimum_order, \
         preparation_time, accept_limit_seconds, hours, paused_until, picture, is_featured, \
         (status = 'approved' and is_active) as sells, rev \
         from restaurants where id in {uuids($1)}",
        Json(ids)
    )?;
    Ok(rows.into_iter().map(Restaurant::from).collect())
}

/// A restaurant's settings, for its own kitchen. Pending and suspended ones have them too.
pub async fn kitchen_settings(tx: &mut Tx, id: RestaurantId) -> Result<Option<KitchenSettings>, StoreError> {
    Ok(restaurant(tx, id).await?.map(|restaurant| restaurant.settings()))
}

/// What placing an order needs of a restaurant.
#[derive(Clone, Debug, PartialEq)]
pub struct RestaurantForOrder {
    /// Terms, hours, pause, limit, place, preparation.
    pub settings: KitchenSettings,
    /// What it sells, hidden items too: they are told apart from unknown ones when priced.
    pub menu: Menu,
    /// The menu's revision.
    pub menu_rev: i64,
    /// When its kitchen was last heard, if ever.
    pub heard_at: Option<Timestamp>,
}

/// A restaurant that somebody may order from: approved and active. Always from the database, never from memory.
pub async fn restaurant_for_order(
    tx: &mut Tx,
    id: RestaurantId,
) -> Result<Option<RestaurantForOrder>, StoreError> {
    let Some(restaurant) = restaurant(tx, id).await?.filter(|restaurant| restaurant.sells) else {
        return Ok(None);
    };
    let menu = super::menu::owner_menu(tx, id).await?;
    let heard_at = sync::kitchen_heard_at(tx, id).await?;
    Ok(menu.map(|owned| RestaurantForOrder {
        settings: restaurant.settings(),
        menu: owned.menu,
        menu_rev: owned.rev,
        heard_at,
    }))
}

/// The restaurants of some orders, as an order shows them.
pub async fn restaurants_of_orders(
    tx: &mut Tx,
    ids: &[RestaurantId],
) -> Result<HashMap<RestaurantId, RestaurantOfOrder>, StoreError> {
    let of_order = |restaurant: Restaurant| {
        let shown = RestaurantOfOrder {
            id: restaurant.id,
            name: restaurant.name,
            point: restaurant.point,
            district: restaurant.district,
            phone: Some(restaurant.phone),
            picture: restaurant.picture,
        };
        (shown.id, shown)
    };
    Ok(several(tx, ids).await?.into_iter().map(of_order).collect())
}

/// What some restaurants are called.
pub async fn names(
    tx: &mut Tx,
    ids: &[RestaurantId],
) -> Result<HashMap<RestaurantId, LocalizedText>, StoreError> {
    let named = |restaurant: Restaurant| (restaurant.id, restaurant.name);
    Ok(several(tx, ids).await?.into_iter().map(named).collect())
}

/// A restaurant to be opened.
#[derive(Clone, Debug)]
pub struct NewRestaurant {
    /// Its id.
    pub id: RestaurantId,
    /// Who owns it.
    pub owner: UserId,
    /// Its name in addresses of pages.
    pub slug: String,
    /// Its name.
    pub name: LocalizedText,
    /// What it is known for.
    pub description: Option<LocalizedText>,
    /// Words of [`momfood_protocol::rest::CUISINES`].
    pub cuisines: Vec<String>,
    /// District.
    pub district: LocalizedText,
    /// Where it is.
    pub point: GeoPoint,
    /// To call it.
    pub phone: String,
    /// To write to it.
    pub email: String,
    /// Its commercial registration.
    pub business_license: Option<String>,
    /// Its VAT registration.
    pub vat_number: Option<String>,
    /// Tenths of a star, and how many rated it.
    pub rating: (u32, u32),
    /// Currency of its prices.
    pub currency: Currency,
    /// Its charges; the platform's own are the same for everyone.
    pub terms: Terms,
    /// Usual preparation, minutes.
    pub preparation_minutes: u32,
    /// Opening hours.
    pub hours: OpeningHours,
    /// Path of its picture.
    pub picture: Option<String>,
    /// Shown first.
    pub featured: bool,
}

/// Opens a restaurant, approved, with its menu. One that is there already stays exactly as it is.
pub async fn establish(
    tx: &mut Tx,
    new: &NewRestaurant,
    menu: &Menu,
    now: Timestamp,
) -> Result<(), StoreError> {
    let made = sql!(
        tx,
        execute,
        "insert into restaurants (id, owner_id, slug, name, name_ar, description, description_ar, cuisine_type, \
         district, district_ar, lat, lng, phone, email, status, rating, total_reviews, currency, delivery_fee, \
         delivery_fee_per_km, delivery_radius_m, minimum_order, preparation_time, hours, picture, is_featured, \
         created_at, updated_at, business_license, tax_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
         $13, $14, 'approved', $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29) \
         on conflict do nothing",
        new.id,
        new.owner,
        &new.slug,
        new.name.get(Lang::En),
        new.name.get(Lang::Ar),
        new.description.as_ref().map(|text| text.get(Lang::En)),
        new.description.as_ref().map(|text| text.get(Lang::Ar)),
        Json(&new.cuisines),
        new.district.get(Lang::En),
        new.district.get(Lang::Ar),
        new.point.lat,
        new.point.lng,
        &new.phone,
        &new.email,
        i64::from(new.rating.0),
        i64::from(new.rating.1),
        new.currency,
        new.terms.delivery_fee,
        new.terms.delivery_fee_per_km,
        i64::from(new.terms.delivery_radius_m),
        new.terms.minimum_order,
        i64::from(new.preparation_minutes),
        Json(&new.hours),
        &new.picture,
        new.featured,
        now,
        now,
        &new.business_license,
        &new.vat_number
    )?;
    if made == 0 {
        return Ok(());
    }
    sql!(
        tx,
        execute,
        "insert into menus (restaurant_id, menu, rev, updated_at) values ($1, $2, 1, $3)",
        new.id,
        Json(menu),
        now
    )?;
    sync::touch(tx, Scope::Menu(new.id), Entity::Menu, new.id.0, 1, false, now);
    Ok(())
}

/// How many of `ids` there are.
pub async fn how_many(tx: &mut Tx, ids: &[RestaurantId]) -> Result<i64, StoreError> {
    let (count,) = sql!(
        tx,
        fetch_one as (i64,),
        "select count(*) from restaurants where id in {uuids($1)}",
        Json(ids)
    )?;
    Ok(count)
}

//! Menus as the database keeps them: one document per restaurant under one revision. The only place that reads and
//! writes `menus`.

use momfood_domain::actor::Actor;
use momfood_domain::id::{MenuItemId, RestaurantId};
use momfood_domain::menu::{Availability, Menu, MenuItem};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use momfood_protocol::rest::OwnerMenu;
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::change::{self, Note};
use super::error::CatalogError;
use super::restaurant;
use crate::store::{StoreError, Tx, sql};

/// Most characters of a name, a description, and a picture's path or an allergen. Names and allergens are copied into
/// every line of an order.
const LONGEST: (usize, usize, usize) = (120, 1_000, 200);
/// Most allergens of an item.
const MOST_ALLERGENS: usize = 20;

/// The whole menu, for its owner and for pricing.
pub async fn owner_menu(tx: &mut Tx, id: RestaurantId) -> Result<Option<OwnerMenu>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (Json<Menu>, i64),
        "select menu, rev from menus where restaurant_id = $1",
        id
    )?;
    Ok(row.map(|(Json(menu), rev)| OwnerMenu { menu, rev }))
}

/// The menu as customers see it, of a restaurant that sells.
pub async fn public_menu(tx: &mut Tx, id: RestaurantId) -> Result<Option<OwnerMenu>, StoreError> {
    let sells = restaurant::restaurant(tx, id)
        .await?
        .is_some_and(|restaurant| restaurant.sells);
    if !sells {
        return Ok(None);
    }
    let menu = owner_menu(tx, id).await?;
    Ok(menu.map(|owned| OwnerMenu {
        menu: owned.menu.public(),
        rev: owned.rev,
    }))
}

/// The menu's revision.
pub(super) async fn rev(tx: &mut Tx, id: RestaurantId) -> Result<Option<i64>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select rev from menus where restaurant_id = $1",
        id
    )?;
    Ok(row.map(|(rev,)| rev))
}

/// The menu, held against other writers until the commit.
async fn held(tx: &mut Tx, id: RestaurantId) -> Result<OwnerMenu, CatalogError> {
    let row = sql!(
        tx,
        fetch_optional as (Json<Menu>, i64),
        "select menu, rev from menus where restaurant_id = $1 {for_update}",
        id
    )?;
    let (Json(menu), rev) = row.ok_or(CatalogError::NotFound)?;
    Ok(OwnerMenu { menu, rev })
}

/// Puts `written` in place of the menu it was read from. The same menu again changes nothing, whatever its revision:
/// a repeated request whose answer was lost is no conflict.
pub async fn replace(
    tx: &mut Tx,
    actor: &Actor,
    id: RestaurantId,
    written: OwnerMenu,
    (note, now): (Uuid, Timestamp),
) -> Result<OwnerMenu, CatalogError> {
    if let Some(fault) = written.menu.fault() {
        return Err(fault.into());
    }
    if let Some(field) = too_long(&written.menu) {
        return Err(CatalogError::Invalid(field));
    }
    let current = held(tx, id).await?;
    if current.menu == written.menu {
        return Ok(current);
    }
    if current.rev != written.rev {
        return Err(CatalogError::Stale { rev: current.rev });
    }
    let restaurant = restaurant::restaurant(tx, id)
        .await?
        .ok_or(CatalogError::NotFound)?;
    if written.menu.currency != restaurant.currency {
        return Err(CatalogError::Invalid("currency"));
    }
    if written.menu.utc_offset_minutes != restaurant.hours.utc_offset_minutes {
        return Err(CatalogError::Invalid("utcOffsetMinutes"));
    }
    let items = written.menu.items().count();
    let note = Note {
        id: note,
        at: now,
        action: "menu.replaced",
        detail: json!({ "items": items }),
    };
    keep(tx, actor, id, written.menu, current.rev + 1, note).await
}

/// Says whether an item can be had.
pub async fn set_availability(
    tx: &mut Tx,
    actor: &Actor,
    id: RestaurantId,
    item: MenuItemId,
    availability: Availability,
    (note, now): (Uuid, Timestamp),
) -> Result<OwnerMenu, CatalogError> {
    let mut current = held(tx, id).await?;
    let found = current.menu.item_mut(item).ok_or(CatalogError::NotFound)?;
    if found.availability == availability {
        return Ok(current);
    }
    found.availability = availability;
    let note = Note {
        id: note,
        at: now,
        action: "menu.availability",
        detail: json!({ "item": item, "availability": availability }),
    };
    keep(tx, actor, id, current.menu, current.rev + 1, note).await
}

/// The field of a menu that holds more text than it may.
fn too_long(menu: &Menu) -> Option<&'static str> {
    let (name, description, word) = LONGEST;
    let long = |text: &str, most: usize| text.chars().count() > most;
    let any = |text: &LocalizedText, most| {
        [Lang::Ar, Lang::En]
            .iter()
            .any(|lang| long(text.get(*lang), most))
    };
    let item = |item: &MenuItem| {
        let options = || item.option_groups.iter().flat_map(|group| &group.options);
        let names = || {
            let groups = item.option_groups.iter().map(|group| &group.name);
            groups
                .chain(options().map(|option| &option.name))
                .chain([&item.name])
        };
        if names().any(|text| any(text, name)) {
            Some("name")
        } else if item
            .description
            .as_ref()
            .is_some_and(|text| any(text, description))
        {
            Some("description")
        } else if item.picture.as_ref().is_some_and(|path| long(path, word)) {
            Some("picture")
        } else if item.allergens.len() > MOST_ALLERGENS || item.allergens.iter().any(|one| long(one, word)) {
            Some("allergens")
        } else {
            None
        }
    };
    let category = menu.categories.iter().any(|category| any(&category.name, name));
    category.then_some("name").or_else(|| menu.items().find_map(item))
}

async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    id: RestaurantId,
    menu: Menu,
    rev: i64,
    note: Note,
) -> Result<OwnerMenu, CatalogError> {
    sql!(
        tx,
        execute,
        "update menus set menu = $1, rev = $2, updated_at = $3 where restaurant_id = $4",
        Json(&menu),
        rev,
        note.at,
        id
    )?;
    change::menu_changed(tx, actor, id, rev, note).await?;
    Ok(OwnerMenu { menu, rev })
}

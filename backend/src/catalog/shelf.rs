//! Restaurants and menus kept in memory, ready to be shown: the hottest read of the platform.
//!
//! A commit of this process is counted before its writer is answered, and read before anything more is shown: here,
//! nobody is shown a menu older than an answer already given. Commits of other processes are noticed by comparing
//! revisions, at most once a second and only while somebody asks: what they changed may be shown for about a second
//! longer, and a kitchen's falling silent or being heard again is shown as late. Nothing is priced from here: quotes and
//! orders read the database.
//!
//! Memory: the public menu of every selling restaurant, as JSON and as folded words; about 30 KB each.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::OpeningHours;
use momfood_domain::id::RestaurantId;
use momfood_domain::menu::Menu;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::feed::Scope;
use momfood_protocol::view::{Opening, RestaurantCard};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::types::Json;

use super::restaurant::{self, Restaurant};
use super::search::{Findable, Wanted, find};
use crate::error::ApiError;
use crate::store::{Db, Head, StoreError, Tx, sql};
use crate::sync;

/// How long revisions are believed without looking.
const BELIEVED: i64 = SECOND;
const NEVER: i64 = i64::MIN;

/// What is kept in memory. One per process.
pub struct Shelf {
    stock: RwLock<Arc<Stock>>,
    /// Commits of this process that changed something shown here.
    commits: AtomicU64,
    /// How many of them the stock holds. Moved after the stock: until then everyone waits for it.
    held: AtomicU64,
    /// When all revisions were last compared.
    compared_at: AtomicI64,
    /// One at a time reads from the database.
    filling: tokio::sync::Mutex<()>,
}

/// What was there at one moment.
#[derive(Default)]
struct Stock {
    shown: HashMap<RestaurantId, Arc<Shown>>,
    /// When kitchens were last heard.
    heard: HashMap<RestaurantId, Timestamp>,
}

impl Stock {
    fn heard_at(&self, id: RestaurantId) -> Option<Timestamp> {
        self.heard.get(&id).copied()
    }
}

/// A selling restaurant, ready to be shown.
struct Shown {
    restaurant: Restaurant,
    menu_rev: i64,
    /// Whether anything is on its menu.
    has_items: bool,
    findable: Findable,
    /// `"hours":…,"phone":…,"menu":…,"menuRev":…}`: the rest of the page after its card.
    rest: Vec<u8>,
    /// The whole answer to somebody without a point, as long as the opening is this one.
    page: RwLock<Option<(Opening, Page)>>,
}

/// An answer as it goes out.
#[derive(Clone, Debug)]
pub struct Page {
    /// The body.
    pub body: Bytes,
    /// Names these very bytes.
    pub etag: Arc<str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rest<'a> {
    hours: &'a OpeningHours,
    phone: &'a str,
    menu: &'a Menu,
    menu_rev: i64,
}

impl Shown {
    fn new(restaurant: Restaurant, menu: &Menu, menu_rev: i64) -> Result<Self, serde_json::Error> {
        let menu = menu.public();
        let findable = Findable::of(&restaurant, &menu);
        let rest = serde_json::to_vec(&Rest {
            hours: &restaurant.hours,
            phone: &restaurant.phone,
            menu: &menu,
            menu_rev,
        })?;
        Ok(Self {
            restaurant,
            menu_rev,
            has_items: menu.items().next().is_some(),
            findable,
            rest,
            page: RwLock::new(None),
        })
    }

    fn revs(&self) -> (i64, i64) {
        (self.restaurant.rev, self.menu_rev)
    }

    /// The page at `now` for somebody at `from`.
    fn page(
        &self,
        from: Option<GeoPoint>,
        heard_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Page, serde_json::Error> {
        if from.is_some() {
            return self.write(from, heard_at, now);
        }
        let opening = self.restaurant.opening(heard_at, now);
        {
            let kept = self.page.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((written_for, page)) = &*kept
                && *written_for == opening
            {
                return Ok(page.clone());
            }
        }
        let page = self.write(None, heard_at, now)?;
        *self.page.write().unwrap_or_else(PoisonError::into_inner) = Some((opening, page.clone()));
        Ok(page)
    }

    fn write(
        &self,
        from: Option<GeoPoint>,
        heard_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Page, serde_json::Error> {
        let card = serde_json::to_vec(&self.restaurant.card(from, heard_at, now))?;
        let rest = self.rest.strip_prefix(b"{").unwrap_or(&self.rest);
        let body: Bytes = [
            br#"{"success":true,"data":{"restaurant":"#.as_slice(),
            &card,
            b",",
            rest,
            b"}",
        ]
        .concat()
        .into();
        let digest = Sha256::digest(&body);
        let etag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&digest[..12])).into();
        Ok(Page { body, etag })
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            stock: RwLock::default(),
            commits: AtomicU64::new(0),
            held: AtomicU64::new(0),
            compared_at: AtomicI64::new(NEVER),
            filling: tokio::sync::Mutex::default(),
        }
    }
}

impl Shelf {
    /// A shelf that hears of every commit on `db`.
    pub fn on(db: &Db) -> Arc<Self> {
        let shelf = Arc::new(Self::default());
        let listening = Arc::downgrade(&shelf);
        db.on_commit(move |heads| {
            if let Some(shelf) = listening.upgrade() {
                shelf.note(heads);
            }
        });
        shelf
    }

    fn note(&self, heads: &[Head]) {
        // Everything shown here moves the menu's scope; a restaurant's own scope moves with every order too.
        if heads
            .iter()
            .any(|head| matches!(head.scope.parse(), Ok(Scope::Menu(_))))
        {
            self.commits.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// The page of a restaurant that sells, for somebody at `from`.
    pub async fn page(
        &self,
        db: &Db,
        id: RestaurantId,
        from: Option<GeoPoint>,
        now: Timestamp,
    ) -> Result<Option<Page>, ApiError> {
        let stock = self.stock(db, now).await?;
        let shown = stock.shown.get(&id);
        let page = shown.map(|shown| shown.page(from, stock.heard_at(id), now));
        page.transpose().map_err(|error| ApiError::internal(&error))
    }

    /// The restaurants wanted, in order.
    pub async fn find(
        &self,
        db: &Db,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<Vec<RestaurantCard>, StoreError> {
        let stock = self.stock(db, now).await?;
        // Nobody who looks for something to eat is shown a place that has nothing on its menu yet.
        let shelf = stock
            .shown
            .iter()
            .filter(|(_, shown)| shown.has_items)
            .map(|(id, shown)| (&shown.restaurant, &shown.findable, stock.heard_at(*id)));
        Ok(find(shelf, wanted, now))
    }

    async fn stock(&self, db: &Db, now: Timestamp) -> Result<Arc<Stock>, StoreError> {
        if self.is_behind() {
            // Must be read before anything is shown; who waited for another's reading may find it done.
            let _one = self.filling.lock().await;
            if self.is_behind() {
                self.fill(db, now).await?;
            }
        } else if self.is_due(now)
            && let Ok(_one) = self.filling.try_lock()
            && self.is_due(now)
        {
            self.fill(db, now).await?;
        }
        Ok(Arc::clone(
            &self.stock.read().unwrap_or_else(PoisonError::into_inner),
        ))
    }

    fn is_behind(&self) -> bool {
        self.held.load(Ordering::Acquire) != self.commits.load(Ordering::Acquire)
            || self.compared_at.load(Ordering::Acquire) == NEVER
    }

    fn is_due(&self, now: Timestamp) -> bool {
        now.0.saturating_sub(self.compared_at.load(Ordering::Acquire)) >= BELIEVED
    }

    /// Compares every revision with the database's and reads what differs.
    async fn fill(&self, db: &Db, now: Timestamp) -> Result<(), StoreError> {
        // Counted before the snapshot: what is committed while reading is read the next time.
        let commits = self.commits.load(Ordering::Acquire);
        let before = Arc::clone(&self.stock.read().unwrap_or_else(PoisonError::into_inner));
        let stock = read(db, &before).await?;
        *self.stock.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(stock);
        self.compared_at.store(now.0, Ordering::Release);
        self.held.store(commits, Ordering::Release);
        Ok(())
    }
}

/// The stock as of one moment, made of `before` where nothing changed.
async fn read(db: &Db, before: &Stock) -> Result<Stock, StoreError> {
    let mut tx = db.read().await?;
    let revs = sql!(
        &mut tx,
        fetch_all as (RestaurantId, i64, i64),
        "select r.id, r.rev, m.rev from restaurants r join menus m on m.restaurant_id = r.id \
         where r.status = 'approved' and r.is_active"
    )?;
    let mut stock = Stock {
        shown: HashMap::with_capacity(revs.len()),
        heard: sync::kitchens_heard(&mut tx).await?,
    };
    let mut stale = Vec::new();
    for (id, rev, menu_rev) in revs {
        match before.shown.get(&id) {
            Some(shown) if shown.revs() == (rev, menu_rev) => {
                stock.shown.insert(id, Arc::clone(shown));
            }
            _ => stale.push(id),
        }
    }
    for ids in stale.chunks(100) {
        for shown in read_shown(&mut tx, ids).await? {
            stock.shown.insert(shown.restaurant.id, Arc::new(shown));
        }
    }
    Ok(stock)
}

async fn read_shown(tx: &mut Tx, ids: &[RestaurantId]) -> Result<Vec<Shown>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (RestaurantId, Json<Menu>, i64),
        "select restaurant_id, menu, rev from menus where restaurant_id in {uuids($1)}",
        Json(ids)
    )?;
    let mut menus: HashMap<RestaurantId, (Menu, i64)> = rows
        .into_iter()
        .map(|(id, Json(menu), rev)| (id, (menu, rev)))
        .collect();
    let mut shown = Vec::with_capacity(ids.len());
    for restaurant in restaurant::several(tx, ids).await? {
        let id = restaurant.id;
        if let Some((menu, rev)) = menus.remove(&id) {
            match Shown::new(restaurant, &menu, rev) {
                Ok(ready) => shown.push(ready),
                Err(error) => tracing::error!(%error, %id, "a menu cannot be written as JSON"),
            }
        }
    }
    Ok(shown)
}

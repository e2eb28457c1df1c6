//! What a customer chooses from: addresses, restaurants and menus. Kept as the server last gave them, over a restart
//! too, so that without a line what was there is shown, and said to be of then.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, select};
use momfood_domain::address::{Address, ShortAddress};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{AddressId, RestaurantId, UserId};
use momfood_domain::text::LocalizedText;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{
    AddressForm, Addresses, ChooseAddress, DeleteAddress, Event, GetRestaurant, ListRestaurants,
    RestaurantView, Restaurants, SaveAddress,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::problem::Problem;
use momfood_protocol::reading;
use momfood_protocol::rest::{RestaurantList, RestaurantPage, RestaurantSort, SavedAddress};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::core::{Core, State};
use crate::http::{Access, Spec, encode};
use crate::port::Method;
use crate::session::signed_in;

/// Where the addresses are kept.
const KEPT: &str = "addresses";
/// How soon an answer has to be there before what is kept is shown, milliseconds: no later than one notices.
const SOON_MS: u64 = 150;
/// Lists and menus remembered.
const MOST: usize = 24;
/// The same, written down.
const MOST_WRITTEN: u32 = 24;
/// Under what lists and menus are written down.
const LIST: &str = "list:";
const PAGE: &str = "page:";

/// Writes down what the server said.
fn write_down(core: &Core, kind: &str, key: &str, what: &impl Serialize, as_of: Timestamp) {
    let Ok(text) = serde_json::to_string(what) else {
        return;
    };
    let sync = core.sync.borrow();
    let cache = sync.store().cache();
    // What cannot be written down is remembered for this start only.
    let _ = cache.keep(&[kind, key].concat(), &text, as_of);
    let _ = cache.keep_newest(kind, MOST_WRITTEN);
}

/// What was written down, and as of when it is.
fn written_down<T: DeserializeOwned>(core: &Core, kind: &str, key: &str) -> Option<(T, Timestamp)> {
    let kept = core.sync.borrow().store().cache().kept(&[kind, key].concat());
    let kept = kept.ok().flatten()?;
    let value = serde_json::from_str(&kept.text).ok()?;
    Some((reading::read(value).ok()?, kept.as_of))
}

/// What the server last gave.
#[derive(Default)]
pub(crate) struct Catalog {
    /// Newest last, by the request's path.
    lists: VecDeque<(String, RestaurantList, Timestamp)>,
    /// Newest last.
    pages: VecDeque<(RestaurantPage, Timestamp)>,
    /// What came after its question had been answered from what was kept.
    news: BTreeSet<String>,
    book: Option<Book>,
    /// Whether the server was asked for the addresses since the engine started.
    book_asked: bool,
}

#[derive(Clone, Serialize, Deserialize)]
struct Book {
    user: UserId,
    addresses: Vec<SavedAddress>,
    chosen: Option<AddressId>,
}

impl Book {
    fn chosen(&self) -> Option<&SavedAddress> {
        let chosen = self
            .chosen
            .and_then(|id| self.addresses.iter().find(|saved| saved.id == id));
        chosen.or_else(|| self.addresses.first())
    }
}

impl Catalog {
    /// The page of a restaurant, as last seen.
    pub fn page(&self, id: RestaurantId) -> Option<&RestaurantPage> {
        self.pages
            .iter()
            .find(|(page, _)| page.restaurant.id == id)
            .map(|(page, _)| page)
    }

    /// A restaurant's name and picture, from its page or any list.
    pub fn sign(&self, id: RestaurantId) -> Option<(LocalizedText, Option<String>)> {
        let listed = self.lists.iter().rev().flat_map(|(_, list, _)| &list.restaurants);
        let cards = self.pages.iter().map(|(page, _)| &page.restaurant).chain(listed);
        cards
            .into_iter()
            .find(|card| card.id == id)
            .map(|card| (card.name.clone(), card.picture.clone()))
    }

    /// Where to deliver.
    pub fn chosen_address(&self) -> Option<&Address> {
        self.book.as_ref()?.chosen().map(|saved| &saved.address)
    }

    /// The point to deliver to.
    pub fn chosen_point(&self) -> Option<GeoPoint> {
        self.chosen_address().map(|address| address.point)
    }
}

/// Takes up the addresses of last time.
pub(crate) fn resume(core: &Core) {
    core.state.borrow_mut().catalog.book = core.kept::<Book>(KEPT);
}

/// The addresses were somebody's who is no longer signed in.
pub(crate) fn forget_addresses(core: &Core) {
    let catalog = &mut core.state.borrow_mut().catalog;
    catalog.book = None;
    catalog.book_asked = false;
    core.keep::<Book>(KEPT, None);
}

fn addresses(state: &State) -> Addresses {
    let book = state.catalog.book.as_ref();
    Addresses {
        addresses: book.map(|book| book.addresses.clone()).unwrap_or_default(),
        chosen: book.and_then(Book::chosen).map(|saved| saved.id),
    }
}

/// `GetAddresses`.
pub(crate) async fn get_addresses(core: &Rc<Core>) -> Result<Addresses, Failure> {
    let Ok(generation) = signed_in(core) else {
        return Ok(Addresses {
            addresses: vec![],
            chosen: None,
        });
    };
    if mine(core) && core.state.borrow().catalog.book_asked {
        return Ok(addresses(&core.state.borrow()));
    }
    match core.server::<Vec<SavedAddress>>(Spec::get("me/addresses")).await {
        Ok(fetched) => {
            change_book(core, generation, |book| book.addresses = fetched);
            core.state.borrow_mut().catalog.book_asked = true;
        }
        Err(failure) if failure.code.is_temporary() && mine(core) => {}
        Err(failure) => return Err(failure),
    }
    Ok(addresses(&core.state.borrow()))
}

/// Whether the address book in hand is that of who is signed in.
fn mine(core: &Core) -> bool {
    let state = core.state.borrow();
    let me = state.session.user.as_ref().map(|me| me.id);
    me.is_some() && state.catalog.book.as_ref().map(|book| book.user) == me
}

fn change_book(core: &Core, generation: u32, change: impl FnOnce(&mut Book)) {
    let (book, moved) = {
        let state = &mut *core.state.borrow_mut();
        let Some(user) = state.session.user.as_ref().map(|me| me.id) else {
            return;
        };
        if state.session.generation != generation {
            return;
        }
        let before = state.catalog.chosen_point();
        let book = state.catalog.book.take().filter(|book| book.user == user);
        let mut book = book.unwrap_or(Book {
            user,
            addresses: vec![],
            chosen: None,
        });
        change(&mut book);
        book.chosen = book.chosen().map(|saved| saved.id);
        state.catalog.book = Some(book.clone());
        (book, state.catalog.chosen_point() != before)
    };
    core.keep(KEPT, Some(&book));
    if moved {
        // Another place, another fee.
        core.tell(&Event::Cart {});
    }
}

/// `SaveAddress`.
pub(crate) async fn save_address(core: &Rc<Core>, call: SaveAddress) -> Result<Addresses, Failure> {
    let generation = signed_in(core)?;
    let id = call.id.unwrap_or_else(|| AddressId(core.mint()));
    let address = checked(core, call.address)?;
    let spec = Spec::send(
        Method::Put,
        format!("me/addresses/{id}"),
        &SavedAddress {
            id,
            address: address.clone(),
        },
    );
    let _: IgnoredAny = core.server(spec).await?;
    change_book(core, generation, |book| {
        book.addresses.retain(|saved| saved.id != id);
        book.addresses.insert(0, SavedAddress { id, address });
        book.chosen = Some(id);
    });
    Ok(addresses(&core.state.borrow()))
}

fn checked(core: &Core, form: AddressForm) -> Result<Address, Failure> {
    let invalid = |field| Problem::invalid(field).failure(core.lang());
    let full = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    if !form.point.is_valid() {
        return Err(invalid("point"));
    }
    let short_address = full(form.short_address)
        .map(|typed| ShortAddress::parse(&typed))
        .transpose();
    Ok(Address {
        label: form.label.trim().to_owned(),
        point: form.point,
        short_address: short_address.map_err(|_| invalid("shortAddress"))?,
        line: form.line.trim().to_owned(),
        landmark: full(form.landmark),
        note: full(form.note),
    })
}

/// `DeleteAddress`.
pub(crate) async fn delete_address(core: &Rc<Core>, call: DeleteAddress) -> Result<Addresses, Failure> {
    let generation = signed_in(core)?;
    let mut spec = Spec::send(Method::Delete, format!("me/addresses/{}", call.id), &());
    spec.body = None;
    match core.request(spec).await {
        Ok(_) => {}
        // Gone already.
        Err(failure) if failure.code == ErrorCode::NotFound => {}
        Err(failure) => return Err(failure),
    }
    change_book(core, generation, |book| {
        book.addresses.retain(|saved| saved.id != call.id);
    });
    Ok(addresses(&core.state.borrow()))
}

/// `ChooseAddress`.
pub(crate) fn choose_address(core: &Core, call: &ChooseAddress) -> Result<Addresses, Failure> {
    let generation = signed_in(core)?;
    let known = addresses(&core.state.borrow())
        .addresses
        .iter()
        .any(|saved| saved.id == call.id);
    if !known {
        return Err(core.failure(ErrorCode::NotFound));
    }
    change_book(core, generation, |book| book.chosen = Some(call.id));
    Ok(addresses(&core.state.borrow()))
}

/// `ListRestaurants`.
pub(crate) async fn list(core: &Rc<Core>, call: ListRestaurants) -> Result<Restaurants, Failure> {
    let mut query = point_query(core);
    let search = call
        .search
        .as_deref()
        .map(str::trim)
        .filter(|words| !words.is_empty());
    if let Some(words) = search {
        query.push(("q", encode(words)));
    }
    if let Some(cuisine) = &call.cuisine {
        query.push(("cuisine", encode(cuisine)));
    }
    if call.open_only {
        query.push(("open", "true".to_owned()));
    }
    let sort = match call.sort {
        RestaurantSort::Recommended => "recommended",
        RestaurantSort::Distance => "distance",
        RestaurantSort::Rating => "rating",
        RestaurantSort::Time => "time",
        RestaurantSort::Fee => "fee",
    };
    query.push(("sort", sort.to_owned()));
    let path = with_query("restaurants", &query);
    let kept = remembered_list(core, &path);
    if let (Some(kept), true) = (&kept, is_news(core, &path)) {
        return Ok(Restaurants {
            stale: false,
            ..kept.clone()
        });
    }
    let (task, asked) = (Rc::clone(core), path.clone());
    let fetch = async move { fetch_list(&task, asked).await };
    soon_or_kept(core, kept, fetch, (path, Event::Restaurant {})).await
}

async fn fetch_list(core: &Rc<Core>, path: String) -> Result<Restaurants, Failure> {
    let list = core
        .server::<RestaurantList>(Spec::get(path.clone()).access(Access::Anyone))
        .await?;
    let as_of = core.now();
    write_down(core, LIST, &path, &list, as_of);
    remember_list(core, path, list.clone(), as_of);
    Ok(Restaurants {
        restaurants: list.restaurants,
        as_of,
        stale: false,
    })
}

/// Whether what is kept of `key` has come since it was last asked for: then it is the answer, once.
fn is_news(core: &Core, key: &str) -> bool {
    core.state.borrow_mut().catalog.news.remove(key)
}

/// What `fetch` brings, if it does so soon; else what is kept, which says how old it is. What comes later is announced
/// by `event`, and whoever asks for `key` then gets it.
async fn soon_or_kept<T: 'static>(
    core: &Rc<Core>,
    kept: Option<T>,
    fetch: impl Future<Output = Result<T, Failure>> + 'static,
    (key, event): (String, Event),
) -> Result<T, Failure> {
    let Some(kept) = kept else {
        return fetch.await;
    };
    if core.is_offline() {
        return Ok(kept);
    }
    let (tell, told) = oneshot::channel();
    let task = Rc::clone(core);
    core.spawn(async move {
        let fetched = fetch.await;
        let came = fetched.is_ok();
        let nobody_waits = tell.send(fetched).is_err();
        if came && nobody_waits {
            task.state.borrow_mut().catalog.news.insert(key);
            task.tell(&event);
        }
    });
    match select(told, core.ports.host.sleep(SOON_MS)).await {
        Either::Left((Ok(Err(failure)), _)) if !failure.code.is_temporary() => Err(failure),
        Either::Left((Ok(Ok(fetched)), _)) => Ok(fetched),
        Either::Left(_) | Either::Right(_) => Ok(kept),
    }
}

fn remember_list(core: &Core, path: String, list: RestaurantList, as_of: Timestamp) {
    let lists = &mut core.state.borrow_mut().catalog.lists;
    lists.retain(|(other, ..)| *other != path);
    if lists.len() >= MOST {
        lists.pop_front();
    }
    lists.push_back((path, list, as_of));
}

/// The list of that request, as it was last given.
fn remembered_list(core: &Core, path: &str) -> Option<Restaurants> {
    let find = || {
        let state = core.state.borrow();
        let found = state.catalog.lists.iter().find(|(other, ..)| other == path);
        found.map(|(_, list, as_of)| (list.clone(), *as_of))
    };
    let (list, as_of) = find().or_else(|| {
        let (list, as_of) = written_down::<RestaurantList>(core, LIST, path)?;
        remember_list(core, path.to_owned(), list.clone(), as_of);
        Some((list, as_of))
    })?;
    Some(Restaurants {
        restaurants: list.restaurants,
        as_of,
        stale: true,
    })
}

/// `GetRestaurant`.
pub(crate) async fn get(core: &Rc<Core>, call: GetRestaurant) -> Result<RestaurantView, Failure> {
    let kept = remembered_page(core, call.id);
    let key = call.id.to_string();
    if let (Some(kept), true) = (&kept, is_news(core, &key)) {
        return Ok(RestaurantView {
            stale: false,
            ..kept.clone()
        });
    }
    let task = Rc::clone(core);
    let fetch = async move {
        let (page, as_of) = fetch(&task, call.id).await?;
        Ok(RestaurantView {
            page,
            as_of,
            stale: false,
        })
    };
    soon_or_kept(core, kept, fetch, (key, Event::Menu {})).await
}

/// The page of a restaurant, as it was last given.
fn remembered_page(core: &Core, id: RestaurantId) -> Option<RestaurantView> {
    let find = || {
        let state = core.state.borrow();
        let mut pages = state.catalog.pages.iter();
        pages.find(|(page, _)| page.restaurant.id == id).cloned()
    };
    let (page, as_of) = find().or_else(|| {
        let (page, as_of) = written_down::<RestaurantPage>(core, PAGE, &id.to_string())?;
        remember_page(core, page.clone(), as_of);
        Some((page, as_of))
    })?;
    Some(RestaurantView {
        page,
        as_of,
        stale: true,
    })
}

fn remember_page(core: &Core, page: RestaurantPage, as_of: Timestamp) {
    let pages = &mut core.state.borrow_mut().catalog.pages;
    pages.retain(|(other, _)| other.restaurant.id != page.restaurant.id);
    if pages.len() >= MOST {
        pages.pop_front();
    }
    pages.push_back((page, as_of));
}

/// A restaurant's page from the server, which is remembered.
pub(crate) async fn fetch(core: &Rc<Core>, id: RestaurantId) -> Result<(RestaurantPage, Timestamp), Failure> {
    let path = with_query(&format!("restaurants/{id}"), &point_query(core));
    let page = core
        .server::<RestaurantPage>(Spec::get(path).access(Access::Anyone))
        .await?;
    let as_of = core.now();
    let in_cart = {
        let state = core.state.borrow();
        let changed = state
            .catalog
            .page(id)
            .is_none_or(|old| old.menu != page.menu || old.restaurant != page.restaurant);
        changed && state.cart.restaurant() == Some(id)
    };
    write_down(core, PAGE, &id.to_string(), &page, as_of);
    remember_page(core, page.clone(), as_of);
    if in_cart {
        // Its price may be another now.
        core.tell(&Event::Cart {});
    }
    Ok((page, as_of))
}

fn point_query(core: &Core) -> Vec<(&'static str, String)> {
    let point = core.state.borrow().catalog.chosen_point();
    point.map_or_else(Vec::new, |point| {
        vec![("lat", point.lat.to_string()), ("lng", point.lng.to_string())]
    })
}

fn with_query(path: &str, query: &[(&'static str, String)]) -> String {
    let mut out = path.to_owned();
    for (i, (name, value)) in query.iter().enumerate() {
        out.push(if i == 0 { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        out.push_str(value);
    }
    out
}

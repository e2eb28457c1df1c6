//! Who is signed in: beginning, renewing and ending a session, and remembering it for the next start.
//!
//! In a browser the refresh token is in a cookie no script can read; what is kept here is only who it was. Natively
//! the token itself is kept, through [`Keep`](crate::port::Keep).

use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::select;
use momfood_domain::actor::Role;
use momfood_domain::text::Lang;
use momfood_protocol::engine::{Done, Event, SessionState, SetLanguage};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::reading;
use momfood_protocol::rest::{Me, Refresh, Session, UpdateMe};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::AppKind;
use crate::core::Core;
use crate::http::{Access, Patience, Spec};
use crate::port::Method;

/// Where the session is kept.
const KEPT: &str = "session";
/// How long the first question who is signed in waits for the server, milliseconds.
const RENEWAL_MS: u64 = 300;
/// Where the language is kept.
const KEPT_LANG: &str = "lang";

/// What is known of the session.
#[derive(Default)]
pub(crate) struct Auth {
    pub user: Option<Me>,
    pub access: Option<String>,
    /// Natively only.
    pub refresh: Option<String>,
    /// Whether a cookie may hold the refresh token.
    in_cookie: bool,
    /// Grows with every sign-in and sign-out: an answer to an older one is about somebody else.
    pub generation: u32,
    /// Who waits for the renewal under way.
    pub renewing: Option<Vec<oneshot::Sender<Result<(), Failure>>>>,
}

impl Auth {
    /// Whether there is something to renew the session with.
    pub const fn can_renew(&self) -> bool {
        self.user.is_some() && (self.in_cookie || self.refresh.is_some())
    }
}

/// What outlives the engine.
#[derive(Serialize, Deserialize)]
struct Kept {
    user: Me,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh: Option<String>,
}

/// The roles an app is for, the one wished for first. Who wants to sell or to drive comes as a customer, and applies.
pub(crate) const fn roles_of(app: AppKind) -> &'static [Role] {
    match app {
        AppKind::Customer => &[Role::Customer],
        AppKind::Kitchen => &[Role::Restaurant, Role::Customer],
        AppKind::Driver => &[Role::Driver, Role::Customer],
        AppKind::Admin => &[Role::Admin, Role::Support],
    }
}

/// Takes up the session of last time, if there was one.
pub(crate) fn resume(core: &Rc<Core>) {
    let lang = core.kept::<Lang>(KEPT_LANG);
    let kept = core.kept::<Kept>(KEPT);
    let state = &mut *core.state.borrow_mut();
    if let Some(lang) = lang {
        state.lang = lang;
    }
    if let Some(kept) = kept.filter(|kept| roles_of(core.config.app.kind()).contains(&kept.user.role)) {
        state.session.user = Some(kept.user);
        state.session.refresh = kept.refresh;
        state.session.in_cookie = core.config.cookie_mode;
    }
}

/// Renews the session of last time beside everything else, and follows the feed from the start: both wait for the
/// network by themselves.
pub(crate) fn begin_resumed(core: &Rc<Core>) {
    let me = core.state.borrow().session.user.clone();
    if let Some(me) = me {
        core.follow(&me);
    }
}

/// `GetSession`.
pub(crate) async fn get(core: &Rc<Core>) -> SessionState {
    let pending = {
        let session = &core.state.borrow().session;
        session.user.is_some() && session.access.is_none()
    };
    if pending {
        // Refused: the session has ended, and the state says so. No answer yet: they are still who they were, and nobody
        // waits for a network to see what is kept here; a refusal that comes later is an Event.
        let late = core.ports.host.sleep(RENEWAL_MS);
        let _ = select(core.renew(), late).await;
    }
    state(core)
}

fn state(core: &Core) -> SessionState {
    SessionState {
        user: core.state.borrow().session.user.clone(),
    }
}

fn auth(path: &str, body: &impl Serialize) -> Spec {
    Spec::send(Method::Post, path, body)
        .patience(Patience::Once)
        .access(Access::Anyone)
}

/// `SignOut`. The server is told first, so that the cookie of this session is gone before another begins; without
/// a line to it, the device forgets all the same.
pub(crate) async fn sign_out(core: &Rc<Core>) -> SessionState {
    let refresh_token = core.state.borrow().session.refresh.clone();
    if core.state.borrow().session.user.is_some() {
        let _ = core
            .request(auth("auth/logout", &Refresh { refresh_token }))
            .await;
    }
    end(core);
    state(core)
}

/// `SetLanguage`.
pub(crate) fn set_language(core: &Rc<Core>, call: &SetLanguage) -> Done {
    let lang = call.lang;
    let changed = {
        let state = &mut *core.state.borrow_mut();
        std::mem::replace(&mut state.lang, lang) != lang
    };
    if changed {
        core.keep(KEPT_LANG, Some(&lang));
    }
    let theirs = core.state.borrow().session.user.as_ref().map(|me| me.language);
    if theirs.is_some_and(|theirs| theirs != lang) {
        let core = Rc::clone(core);
        let host = Rc::clone(&core.ports.host);
        host.spawn(Box::pin(async move {
            let body = UpdateMe {
                language: Some(lang),
                ..UpdateMe::default()
            };
            // So that messages sent without being asked for are in their language; the next switch says it again.
            if let Ok(me) = core.server::<Me>(Spec::send(Method::Patch, "me", &body)).await {
                let session = &mut core.state.borrow_mut().session;
                if session.user.as_ref().is_some_and(|user| user.id == me.id) {
                    session.user = Some(me);
                }
            }
        }));
    }
    Done {}
}

/// Someone signed in.
pub(crate) fn begin(core: &Rc<Core>, session: Session) -> SessionState {
    forget(core);
    let me = session.user.clone();
    core.state.borrow_mut().session.generation += 1;
    take(core, session);
    core.follow(&me);
    let state = state(core);
    core.tell(&Event::Session(state.clone()));
    state
}

/// The session was renewed.
pub(crate) fn renewed(core: &Rc<Core>, session: Session) {
    let before = core.state.borrow().session.user.clone();
    if before
        .as_ref()
        .is_some_and(|me| (me.id, me.role, me.restaurant_id) != who(&session.user))
    {
        // Somebody else signed in to this app in another window, and the cookie is theirs now.
        begin(core, session);
        return;
    }
    take(core, session);
    if core.state.borrow().session.user != before {
        core.tell(&Event::Session(state(core)));
    }
}

/// What the server says of the person who is signed in.
pub(crate) fn is_now(core: &Core, said: Value) {
    let Ok(me) = reading::read::<Me>(said) else { return };
    let changed = {
        let user = &mut core.state.borrow_mut().session.user;
        let same = user
            .as_ref()
            .is_some_and(|known| known.id == me.id && *known != me);
        if same {
            *user = Some(me);
        }
        same
    };
    if changed {
        core.tell(&Event::Session(state(core)));
    }
}

fn who(
    me: &Me,
) -> (
    momfood_domain::id::UserId,
    Role,
    Option<momfood_domain::id::RestaurantId>,
) {
    (me.id, me.role, me.restaurant_id)
}

fn take(core: &Core, session: Session) {
    core.server_said(session.now);
    let kept = Kept {
        user: session.user.clone(),
        refresh: session.refresh_token.clone(),
    };
    core.keep(KEPT, Some(&kept));
    let auth = &mut core.state.borrow_mut().session;
    auth.user = Some(session.user);
    auth.access = Some(session.access_token);
    auth.refresh = session.refresh_token;
    auth.in_cookie = core.config.cookie_mode;
}

/// Ends the session if it is still the one of `token`.
pub(crate) fn end_if(core: &Rc<Core>, token: &str) {
    let same = core.state.borrow().session.access.as_deref() == Some(token);
    if same {
        end(core);
    }
}

/// Nobody is signed in any more; what was theirs is forgotten.
pub(crate) fn end(core: &Rc<Core>) {
    let somebody = core.state.borrow().session.user.is_some();
    forget(core);
    {
        let session = &mut core.state.borrow_mut().session;
        session.generation += 1;
        session.user = None;
        session.access = None;
        session.refresh = None;
        session.in_cookie = false;
    }
    core.keep::<Kept>(KEPT, None);
    if somebody {
        (core.config.app.forget)(core);
        core.tell(&Event::Session(state(core)));
    }
}

/// Lets go of everything the session's person could see.
fn forget(core: &Rc<Core>) {
    core.unfollow();
    #[cfg(any(feature = "customer", feature = "driver"))]
    let state = &mut *core.state.borrow_mut();
    #[cfg(feature = "customer")]
    {
        state.history = crate::history::History::default();
    }
    #[cfg(feature = "driver")]
    {
        state.track.forget();
    }
}

/// Fails unless somebody is signed in; gives the number of their session.
pub(crate) fn signed_in(core: &Core) -> Result<u32, Failure> {
    let session = &core.state.borrow().session;
    if session.user.is_some() {
        Ok(session.generation)
    } else {
        Err(core.failure(ErrorCode::Unauthenticated))
    }
}

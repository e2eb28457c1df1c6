//! Says when an order moves on while nobody looks at the app: heard from the engine itself, in no page. One notification
//! for each order, the newest in place of the one before. What it says is what the server's push says.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt as _;
use futures::future::BoxFuture;
use momfood_domain::id::OrderId;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_protocol::engine::{Event, GetOrder, GetSession, SessionState};
use momfood_protocol::notice::{News, Standing, notice};
use momfood_shell::{CannotDo, Handle, Home, Notices};
use tauri::{AppHandle, Manager as _, Runtime};
use tauri_plugin_notification::{NotificationExt as _, PermissionState};

/// Says in the data folder that the person was asked: a computer's own settings know no such question.
const ASKED: &str = "notifications-asked";

/// How the app shows notifications.
pub fn notices<R: Runtime>(app: &AppHandle<R>) -> Arc<dyn Notices> {
    Arc::new(Permission {
        app: app.clone(),
        asked: asked_file(app),
    })
}

fn asked_file<R: Runtime>(app: &AppHandle<R>) -> Option<PathBuf> {
    let paths = app.path();
    let home = Home::find(&paths.app_config_dir().ok()?, paths.app_data_dir().ok()?).ok()?;
    Some(home.folder.join(ASKED))
}

struct Permission<R: Runtime> {
    app: AppHandle<R>,
    asked: Option<PathBuf>,
}

impl<R: Runtime> Notices for Permission<R> {
    fn allowed(&self) -> Option<bool> {
        let system = self.app.notification().permission_state().ok()?;
        // A computer always says yes. Nobody is told anything before they were asked all the same.
        let asked = cfg!(mobile) || self.asked.as_ref().is_some_and(|file| file.exists());
        match system {
            PermissionState::Granted => asked.then_some(true),
            PermissionState::Denied => Some(false),
            _ => None,
        }
    }

    fn ask(&self) -> BoxFuture<'static, Result<(), CannotDo>> {
        let (app, asked) = (self.app.clone(), self.asked.clone());
        Box::pin(async move {
            // On a phone this waits for the person, and must not keep the engine waiting.
            let asking = tauri::async_runtime::spawn_blocking(move || {
                app.notification()
                    .request_permission()
                    .map_err(|error| CannotDo(error.to_string()))?;
                match &asked {
                    Some(file) => std::fs::write(file, b"").map_err(|error| CannotDo(error.to_string())),
                    None => Ok(()),
                }
            });
            asking.await.map_err(|error| CannotDo(error.to_string()))?
        })
    }
}

/// What was shown, by its number: where a touch leads.
type Shown = Arc<Mutex<HashMap<i32, OrderId>>>;

/// Follows the engine's orders until the program ends.
pub fn follow<R: Runtime>(app: &AppHandle<R>, engine: &Handle) -> Result<(), Box<dyn std::error::Error>> {
    let shown = Shown::default();
    let (touched, places) = (app.clone(), Arc::clone(&shown));
    app.notification().on_action(move |performed| {
        if performed.action_id() != "tap" {
            return;
        }
        let order = performed.notification().and_then(|of| {
            let places = places.lock().unwrap_or_else(PoisonError::into_inner);
            places.get(&of.id()).copied()
        });
        if let Some(order) = order {
            momfood_shell::opened(&touched, &format!("/orders/{order}"));
        }
    })?;
    let (app, engine) = (app.clone(), engine.clone());
    let mut events = engine.subscribe();
    tauri::async_runtime::spawn(async move {
        let who = |state: SessionState| state.user.map(|me| me.id);
        let mut whose = engine.ask(GetSession {}).await.ok().and_then(who);
        let mut known = Known::default();
        while let Some(event) = events.next().await {
            match event {
                Event::Session(state) => {
                    // Another person's orders are others; their language may change without that.
                    let now = who(state);
                    if now != whose {
                        known = Known::default();
                    }
                    whose = now;
                }
                Event::Order { id } => {
                    if let Some((news, place)) = known.learn(&engine, id).await
                        && is_wanted(&app)
                    {
                        show(&app, &engine, &shown, (id, &news), &place).await;
                    }
                }
                _ => {}
            }
        }
    });
    Ok(())
}

/// Where each order stood when it was last heard of, in this run and for this person.
#[derive(Default)]
struct Known(HashMap<OrderId, Option<News>>);

impl Known {
    /// What is new of an order, and whose it is; nothing of one that is met for the first time: what happened before this
    /// run is told by others.
    async fn learn(&mut self, engine: &Handle, id: OrderId) -> Option<(News, LocalizedText)> {
        let order = engine.ask(GetOrder { id }).await.ok()?.order;
        let is = News::of(&Standing::from(&order));
        let news = self.note(id, is)?;
        Some((news, order.restaurant.name))
    }

    fn note(&mut self, id: OrderId, is: Option<News>) -> Option<News> {
        let was = self.0.insert(id, is)?;
        let same = match (&was, &is) {
            (Some(was), Some(is)) => was.is_same_as(is),
            (None, None) => true,
            _ => false,
        };
        is.filter(|_| !same)
    }
}

/// Whether the person may be told so, and does not see it themselves.
fn is_wanted<R: Runtime>(app: &AppHandle<R>) -> bool {
    let windows = app.webview_windows();
    // Where a window cannot say whether it is in front, it is taken to be.
    let seen = windows.values().any(|window| window.is_focused().unwrap_or(true));
    !seen && notices(app).allowed() == Some(true)
}

async fn show<R: Runtime>(
    app: &AppHandle<R>,
    engine: &Handle,
    shown: &Shown,
    (id, news): (OrderId, &News),
    restaurant: &LocalizedText,
) {
    let session = engine.ask(GetSession {}).await.ok();
    let lang = session
        .and_then(|session| session.user)
        .map_or(Lang::default(), |me| me.language);
    let words = notice(news, restaurant, lang);
    let number = number_of(id);
    shown
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(number, id);
    // The newest takes the place of the one before, where the system lets one be taken away.
    let _ = app.notification().remove_active(vec![number]);
    let built = app
        .notification()
        .builder()
        .id(number)
        .title(words.title)
        .body(words.body)
        .extra("path", format!("/orders/{id}"));
    if let Err(error) = built.show() {
        eprintln!("momfood: a notification could not be shown: {error}");
    }
}

/// The number of an order's notification: the same each time.
fn number_of(id: OrderId) -> i32 {
    let folded = id.0.as_u64_pair();
    let folded = (folded.0 ^ folded.1) & 0x7fff_ffff;
    i32::try_from(folded).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(n: u128) -> OrderId {
        OrderId(uuid::Uuid::from_u128(n))
    }

    const ACCEPTED: News = News::Accepted {
        expected_at: None,
        fetched: false,
    };

    #[test]
    fn only_what_happens_in_this_run_is_told_and_only_once() {
        let mut known = Known::default();
        assert_eq!(
            known.note(order(1), Some(ACCEPTED)),
            None,
            "it stood so when it was met"
        );
        assert_eq!(known.note(order(1), Some(ACCEPTED)), None, "nothing new");
        assert_eq!(known.note(order(1), Some(News::AtTheDoor)), Some(News::AtTheDoor));
        assert_eq!(known.note(order(1), Some(News::AtTheDoor)), None);
        assert_eq!(known.note(order(2), None), None, "just placed");
        assert_eq!(known.note(order(2), Some(ACCEPTED)), Some(ACCEPTED));
        assert_eq!(known.note(order(2), None), None, "called off by its own customer");
    }

    #[test]
    fn an_order_has_one_notification() {
        assert_eq!(number_of(order(7)), number_of(order(7)));
        assert_ne!(number_of(order(7)), number_of(order(8)));
        assert!(number_of(order(u128::MAX)) >= 0);
    }
}

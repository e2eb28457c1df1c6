//! Where a story is told: a city and a browser of its own, and what is kept when it goes wrong.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use momfood_backend::store::Engine;
use momfood_backend::testing::Folder;
use momfood_domain::actor::Role;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

use crate::api::Api;
use crate::app::App;
use crate::browser::{Browser, Kind};
use crate::city::City;
use crate::customer::Customer;
use crate::driver::Driver;
use crate::kitchen::Kitchen;
use crate::ledger::Ledger;
use crate::screen::{Screen, Size};
use crate::setup::setup;
use crate::wire::Wire;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));
/// A browser with three windows keeps two cores busy: more at once only make each other late.
static PLACES: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Semaphore::new((cores / 2).max(1))
});

/// Longer than this nobody waits for a picture of what went wrong.
const LOOK: Duration = Duration::from_secs(10);

/// A story's city, browser and notes.
pub struct Stage {
    /// The server with the demo city.
    pub city: City,
    /// What is between the browser and the city.
    pub wire: Wire,
    /// The browser: one profile.
    pub browser: Arc<Browser>,
    /// How long the others waited.
    pub ledger: Ledger,
    /// Where it is told.
    pub kind: Kind,
    /// All browsers of the story, so that they are still there when it has failed.
    browsers: Arc<Mutex<Vec<Arc<Browser>>>>,
}

/// Tells a story on SQLite.
pub fn tell(story: impl AsyncFnOnce(&mut Stage)) {
    tell_on(Engine::Sqlite, story);
}

/// Tells a story on `engine`: in the native apps where it stands in a module `apps`, else in Chromium. When it fails, pictures, documents and logs are in `target/e2e-failures/<story>`.
pub fn tell_on(engine: Engine, story: impl AsyncFnOnce(&mut Stage)) {
    let _ = setup();
    let name = std::thread::current()
        .name()
        .map_or_else(|| "story".to_owned(), |name| name.replace("::", "-"));
    let kind = if name.contains("-apps-") {
        Kind::Apps
    } else {
        Kind::Web
    };
    RUNTIME.block_on(async {
        let _place = PLACES.acquire().await.expect("never closed");
        let kept = setup().target.join("e2e-failures").join(name);
        // Of a failure before.
        let _ = std::fs::remove_dir_all(&kept);
        let city = City::found(engine).await;
        let wire = Wire::lay(&city.base).await;
        let browser = Arc::new(Browser::start(kind, &wire.base, None).await);
        let mut stage = Stage {
            city,
            wire,
            browsers: Arc::new(Mutex::new(vec![Arc::clone(&browser)])),
            browser,
            kind,
            ledger: Ledger::default(),
        };
        let ended = AssertUnwindSafe(story(&mut stage)).catch_unwind().await;
        if let Err(why) = ended {
            let _ = AssertUnwindSafe(stage.keep(&kept)).catch_unwind().await;
            eprintln!("what it looked like is in {}", kept.display());
            stage.leave().await;
            resume_unwind(why);
        }
        say(&stage.ledger.table());
        stage.leave().await;
    });
}

/// Says something in the test's output, also when the test passes: figures are worth nothing unread.
pub fn say(words: &str) {
    // Nobody listening is no fault of the story.
    let _ = std::io::stdout().write_all(words.as_bytes());
}

/// Tells a story that needs no browser.
pub fn tell_without_browser(engine: Engine, story: impl AsyncFnOnce(&mut City)) {
    let _ = setup();
    RUNTIME.block_on(async {
        let _place = PLACES.acquire().await.expect("never closed");
        let mut city = City::found(engine).await;
        story(&mut city).await;
    });
}

/// A browser in another place.
pub struct Elsewhere {
    /// What is between it and the city.
    pub wire: Wire,
    /// The browser: one profile.
    pub browser: Arc<Browser>,
    profile: Folder,
    kind: Kind,
    browsers: Arc<Mutex<Vec<Arc<Browser>>>>,
}

impl Elsewhere {
    /// Kills the browser as a power cut would, and starts it again on the same profile.
    pub async fn kill_and_reopen(&mut self) {
        self.browser.kill();
        // What the dead one says of itself.
        let _ = std::fs::remove_file(self.profile.path().join("SingletonLock"));
        let started = Browser::start(self.kind, &self.wire.base, Some(self.profile.path()));
        self.browser = Arc::new(started.await);
        note(&self.browsers, &self.browser);
    }
}

impl Stage {
    /// A window of the customer's app with someone new in front of it, signed in, who has an address.
    pub async fn customer(&self) -> Customer {
        let screen = self.browser.open("customer", Size::PHONE, "/sign-in").await;
        let customer = Customer { screen };
        customer.sign_in(&self.city.someone(Role::Customer).clone()).await;
        customer
    }

    /// A window of the kitchen's app, signed in.
    pub async fn kitchen(&self) -> Kitchen {
        self.kitchen_in(&self.browser).await
    }

    /// The same in another browser.
    pub async fn kitchen_in(&self, browser: &Browser) -> Kitchen {
        let screen = browser.open("kitchen", Size::DESK, "/kitchen/").await;
        let kitchen = Kitchen { screen };
        kitchen
            .sign_in(&self.city.someone(Role::Restaurant).clone())
            .await;
        kitchen
    }

    /// A window of the driver's app, signed in, near the kitchen.
    pub async fn driver(&self) -> Driver {
        self.driver_in(&self.browser).await
    }

    /// The same in another browser.
    pub async fn driver_in(&self, browser: &Browser) -> Driver {
        let screen = browser.open("driver", Size::PHONE, "/driver/").await;
        screen.stand_at(24.7001, 46.6841).await;
        let driver = Driver { screen };
        driver.sign_in(&self.city.someone(Role::Driver).clone()).await;
        driver
    }

    /// Another browser with a wire of its own, so that one person can lose the network and the others keep it.
    pub async fn elsewhere(&self) -> Elsewhere {
        let wire = Wire::lay(&self.city.base).await;
        let profile = Folder::new("momfood-e2e-profile");
        let started = Browser::start(self.kind, &wire.base, Some(profile.path()));
        let browser = Arc::new(started.await);
        note(&self.browsers, &browser);
        Elsewhere {
            wire,
            browser,
            profile,
            kind: self.kind,
            browsers: Arc::clone(&self.browsers),
        }
    }

    /// The public API, signed in as the customer, the owner or the driver of the windows.
    pub async fn api(&self, role: Role) -> Api {
        let someone = self.city.someone(role);
        self.city
            .api()
            .sign_in(&someone.email, &someone.password, role)
            .await
    }

    fn browsers(&self) -> Vec<Arc<Browser>> {
        self.browsers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Closes all browsers.
    async fn leave(&self) {
        for browser in self.browsers() {
            browser.close().await;
        }
    }

    /// Keeps what can be seen now, in every window of every browser that still runs.
    async fn keep(&self, folder: &Path) {
        let _ = std::fs::create_dir_all(folder);
        let _ = std::fs::write(folder.join("server.log"), self.city.log());
        if self.kind == Kind::Apps
            && let Some(display) = App::display()
        {
            let _ = std::fs::write(folder.join("display.png"), display);
        }
        let browsers = self.browsers();
        let screens = browsers.iter().flat_map(|browser| browser.screens());
        for (nth, screen) in screens.enumerate() {
            let name = format!("{}-{}", nth + 1, screen.name());
            // A window that is gone, or does not answer, must not cost the pictures of the others.
            let look = AssertUnwindSafe(keep_screen(&screen, folder, &name)).catch_unwind();
            let _ = tokio::time::timeout(LOOK, look).await;
        }
    }
}

/// Takes note of a browser.
fn note(browsers: &Mutex<Vec<Arc<Browser>>>, browser: &Arc<Browser>) {
    browsers
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(Arc::clone(browser));
}

async fn keep_screen(screen: &Screen, folder: &Path, name: &str) {
    let write = |suffix: &str, bytes: &[u8]| {
        let _ = std::fs::write(folder.join(format!("{name}.{suffix}")), bytes);
    };
    write("png", &screen.picture().await);
    write("html", screen.document().await.as_bytes());
    write("console.txt", screen.console().await.join("\n").as_bytes());
}

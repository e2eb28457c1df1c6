//! Puts an app's program together and runs it.

use std::error::Error;
use std::sync::Arc;

use momfood_client::AppKind;
use momfood_client::net::native::{Handle, NoNet};
use momfood_client::port::{Attached, Press};
use tauri::{App, AppHandle, Builder, Context, Manager as _, Runtime, Url, Wry};

use crate::device::{Notices, ShellDevice};
use crate::home::{Home, HomeError};
use crate::line::{self, Line};
use crate::media::{self, Pictures};
use crate::windows::{self, Windows};
use crate::{engine, environment, links, notice};

/// What an app does when its engine runs.
pub type Setup<R> = fn(&AppHandle<R>, &Handle) -> Result<(), Box<dyn Error>>;

/// How an app's program makes what shows its notifications.
pub type NoticesOf<R> = fn(&AppHandle<R>) -> Arc<dyn Notices>;

/// What makes one app's program different from another's.
pub struct Program<R: Runtime = Wry> {
    kind: AppKind,
    pos: bool,
    plugins: fn(Builder<R>) -> Builder<R>,
    setup: Setup<R>,
    place: fn(&Url) -> Option<String>,
    press: Option<fn() -> Arc<dyn Press>>,
    notices: Option<NoticesOf<R>>,
}

impl<R: Runtime> Clone for Program<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Runtime> Copy for Program<R> {}

impl<R: Runtime> Program<R> {
    /// That app, with nothing of its own yet.
    pub fn of(kind: AppKind) -> Self {
        Self {
            kind,
            pos: false,
            plugins: |builder| builder,
            setup: |_, _| Ok(()),
            place: |_| None,
            press: None,
            notices: None,
        }
    }

    /// Stands on a counter all day: starts with the machine, keeps its screen on, opens windows for stations.
    #[must_use]
    pub const fn pos(mut self) -> Self {
        self.pos = true;
        self
    }

    /// Adds plugins. What a page could ask of them, no capability allows: they are for Rust.
    #[must_use]
    pub fn plugins(mut self, plugins: fn(Builder<R>) -> Builder<R>) -> Self {
        self.plugins = plugins;
        self
    }

    /// Does more when the engine runs, before the windows open.
    #[must_use]
    pub fn setup(mut self, setup: Setup<R>) -> Self {
        self.setup = setup;
        self
    }

    /// Reads links to places in the app, and answers the place's path below the app's own.
    #[must_use]
    pub fn place_of_link(mut self, place: fn(&Url) -> Option<String>) -> Self {
        self.place = place;
        self
    }

    /// Prints.
    #[must_use]
    pub fn press(mut self, press: fn() -> Arc<dyn Press>) -> Self {
        self.press = Some(press);
        self
    }

    /// Shows notifications.
    #[must_use]
    pub fn notices(mut self, notices: NoticesOf<R>) -> Self {
        self.notices = Some(notices);
        self
    }

    /// The first of these words that is a link to a place in the app leads there.
    fn follow_words(&self, app: &AppHandle<R>, words: &[String]) {
        let place = |word: &String| (self.place)(&Url::parse(word).ok()?);
        if let Some(path) = words.iter().find_map(place) {
            links::opened(app, &path);
        }
    }
}

/// Why a program did not start.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// It does not know where it belongs.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// Its engine did not start.
    #[error("the engine did not start: {0}")]
    Engine(String),
    /// The program carries no screens.
    #[error("this program was built without its screens: run `cargo xtask web`, then build it again")]
    NoScreens,
    /// There is no TLS on this machine.
    #[error(transparent)]
    Net(#[from] NoNet),
    /// The windows did not open.
    #[error(transparent)]
    Tauri(#[from] tauri::Error),
    /// What the app has of its own did not start.
    #[error(transparent)]
    Own(Box<dyn Error>),
}

/// Runs the program until its last window is closed.
pub fn run(program: Program, context: Context<Wry>) {
    environment::prepare();
    let builder = desktop_plugins(&program, Builder::default());
    let built = assemble(&program, builder, context, move |app| {
        let paths = app.path();
        let (config, data) = (paths.app_config_dir()?, paths.app_data_dir()?);
        let home = Home::find(&config, data)?;
        start(&program, app, &home)
    });
    match built {
        Ok(app) => app.run(|_, _| {}),
        Err(error) => {
            eprintln!("momfood: {error}");
            std::process::exit(1);
        }
    }
}

/// The program with its two commands and its pictures; it begins with `begin`.
pub fn assemble<R: Runtime>(
    program: &Program<R>,
    builder: Builder<R>,
    context: Context<R>,
    begin: impl FnOnce(&AppHandle<R>) -> Result<(), ShellError> + Send + 'static,
) -> tauri::Result<App<R>> {
    (program.plugins)(builder)
        .plugin(
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .invoke_handler(tauri::generate_handler![line::call, line::subscribe])
        .register_asynchronous_uri_scheme_protocol(media::SCHEME, |page, request, responder| {
            let pictures = page
                .app_handle()
                .try_state::<Pictures>()
                .map(|state| state.inner().clone());
            tauri::async_runtime::spawn(async move {
                let response = match pictures {
                    Some(pictures) => pictures.answer(&request).await,
                    None => Pictures::refusal(tauri::http::StatusCode::SERVICE_UNAVAILABLE),
                };
                responder.respond(response);
            });
        })
        .register_uri_scheme_protocol(notice::SCHEME, |page, request| notice::answer(&page, &request))
        .on_window_event(windows::hear)
        .setup(move |app| {
            if let Err(error) = begin(app.handle()) {
                notice::show(app.handle(), &error);
            }
            Ok(())
        })
        .build(context)
}

/// Opens the engine in that home, tells it what this machine can do, and opens the windows.
pub fn start<R: Runtime>(program: &Program<R>, app: &AppHandle<R>, home: &Home) -> Result<(), ShellError> {
    if app.asset_resolver().get("index.html".to_owned()).is_none() {
        return Err(ShellError::NoScreens);
    }
    let opened = engine::open(program.kind, home).map_err(ShellError::Engine)?;
    let title = app.config().product_name.clone().unwrap_or_default();
    app.manage(Windows::of(program.kind, &title, home));
    app.manage(Pictures::of(home)?);
    app.manage(Line::to(opened.engine.clone()));
    let device = ShellDevice {
        app: app.clone(),
        server: home.server.clone(),
        secrets: opened.secrets,
        notices: program.notices.map(|notices| notices(app)),
        pos: program.pos,
        #[cfg(desktop)]
        awake: if program.pos {
            crate::awake::Awake::while_signed_in(&opened.engine, "momfood")
        } else {
            crate::awake::Awake::default()
        },
    };
    opened.engine.attach(Attached {
        device: Some(Arc::new(device)),
        press: program.press.map(|press| press()),
    });
    (program.setup)(app, &opened.engine).map_err(ShellError::Own)?;
    windows::open_all(app, program.pos)?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    program.follow_words(app, &words);
    Ok(())
}

/// One program for each person and app: a second start brings the first to the front, and hands it its link.
#[cfg(desktop)]
fn desktop_plugins(program: &Program, builder: Builder<Wry>) -> Builder<Wry> {
    let told = *program;
    let one = tauri_plugin_single_instance::Builder::new().callback(move |app, words, _| {
        windows::to_front(app);
        told.follow_words(app, &words);
    });
    #[cfg(target_os = "linux")]
    let one = match Home::tag() {
        Some(tag) => one.dbus_id(format!("sa.momfood.{}.{tag}", program.kind.id())),
        None => one,
    };
    // It comes first: the second program must end before it opens anything.
    let builder = builder.plugin(one.build());
    if program.pos {
        let name = format!("momfood-{}", program.kind.id());
        builder.plugin(tauri_plugin_autostart::Builder::new().app_name(name).build())
    } else {
        builder
    }
}

#[cfg(mobile)]
fn desktop_plugins(_program: &Program, builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

//! The kitchen's native app as it is installed: how soon its board stands there from what the device keeps, with no server
//! to ask; what it takes of the machine's memory; how large its package is. And how much a driver's app says of where it
//! is. On Linux, on a screen nobody looks at.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use momfood_client::net::native::{Handle, NativeHost};
use momfood_client::net::secrets::SecretKeep;
use momfood_client::port::Host as _;
use momfood_client::store::{Place, Store, StoreError};
use momfood_client::{EngineConfig, kitchen, pace};
use momfood_domain::payment::PaymentMethod;
use momfood_protocol::engine::{GetBoard, PaceReason, SignIn};
use momfood_protocol::rest::{Accept, PlaceOrder, Quote};
use rand::SeedableRng as _;
use serde_json::json;

use crate::city::{City, PASSWORD};
use crate::folder::Folder;
use crate::http::{Ask, Connection};
use crate::keeper::{self, Kept};
use crate::people::{self, Offerings};
use crate::report::{Cell, Report, Table, progress};
use crate::server::{Engine, Server, named};
use crate::stats::{median_and_worst, millis};
use crate::usage;
use crate::webdriver::{self, Session};

#[derive(clap::Args, Clone)]
pub struct Options {
    /// Starts of each kind
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=50))]
    runs: u16,
    /// Open orders on the board
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=400))]
    orders: u16,
    /// For how many seconds the app is left alone before its memory is looked at
    #[arg(long, default_value_t = 20)]
    idle: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            runs: 5,
            orders: 40,
            idle: 20,
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(30);

/// A screen and a message bus of its own; `$1` the port, `$2` the app's data, `$3` its server.
const SCRIPT: &str = r#"
export MOMFOOD_DATA="$2" MOMFOOD_SERVER="$3" TAURI_WEBVIEW_AUTOMATION=true NO_AT_BRIDGE=1
export LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_DISABLE_COMPOSITING_MODE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1
export XDG_RUNTIME_DIR="$dir" HOME="$dir"
# A group of its own: whoever ends the first of them ends them all.
setsid sh -c 'trap "trap - TERM; kill -TERM 0" TERM
dbus-run-session -- xvfb-run -a -s "-screen 0 1280x800x24" WebKitWebDriver --port="$0" & wait' "$1" >"$dir/driver.log" 2>&1 </dev/null &
program=$!
"#;

/// When the board was painted, milliseconds since 1970; the kit writes it down, see its `engine::query`.
const PAINTED: &str = "const mark = performance.getEntriesByName('momfood-GetBoard')[0]; \
    return mark ? performance.timeOrigin + mark.startTime : null;";
const TICKETS: &str = "return document.querySelectorAll('[data-testid=\"ticket\"]').length || null;";

pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    let app = named("MOMFOOD_APP", "the release build of the kitchen's app")?;
    let package = named("MOMFOOD_PACKAGE", "the kitchen's package")?;
    let folder = Folder::new("app")?;
    let server = Server::start(Engine::Sqlite, None)?;
    progress(format_args!("a board of {} orders", options.orders));
    let there = fill(&server, usize::from(options.orders), folder.path())?;
    let address = server.address;
    drop(server);

    let mut starts = Table::new(
        format!("The kitchen's app starts with {there} orders on this device and no server"),
        ["", "runs", "median ms", "worst ms", "goal"],
    );
    let mut add = |name: &str, runs: &[f64], goal: f64| -> Result<()> {
        let (median, worst) = median_and_worst(runs).context("no runs")?;
        let met = if median <= goal { "met" } else { "missed" };
        let count = runs.len();
        starts.row(vec![
            name.into(),
            count.into(),
            median.into(),
            worst.into(),
            format!("≤ {goal:.0}: {met}").into(),
        ]);
        Ok(())
    };
    progress("the engine alone");
    let engine: Vec<f64> = (0..options.runs)
        .map(|_| first_board(folder.path(), address))
        .collect::<Result<_>>()?;
    add("the engine, until the first board is answered", &engine, 400.0)?;
    progress("the app");
    let driver = Driver::start(folder.path(), address)?;
    let mut memory = None;
    let mut painted = Vec::new();
    for run in 0..options.runs {
        let (mut session, took) = driver.open(&app)?;
        painted.push(took);
        if run + 1 == options.runs {
            std::thread::sleep(Duration::from_secs(options.idle));
            session.ask("return 1")?;
            let pid = driver.app()?;
            memory = Some(usage::memory_of_family(pid));
        }
        drop(session);
        wait_until_free(folder.path())?;
    }
    add(
        "the app, from its process until the board is painted",
        &painted,
        1_500.0,
    )?;
    report.table(starts);

    let mut sizes = Table::new("What it takes", ["", "processes", "MiB"]);
    let mut sum = (0, 0);
    for (program, (count, bytes)) in memory.unwrap_or_default() {
        sum = (sum.0 + count, sum.1 + bytes);
        sizes.row(vec![program.into(), count.into(), mib(bytes)]);
    }
    sizes.row(vec![
        format!("memory, {} s idle (shared pages in parts)", options.idle).into(),
        sum.0.into(),
        mib(sum.1),
    ]);
    for (name, file) in [("the program", &app), ("the package", &package)] {
        sizes.row(vec![name.into(), Cell::None, mib(std::fs::metadata(file)?.len())]);
    }
    report.table(sizes);
    report.table(positions());
    Ok(())
}

/// What a driver's app says of where it is, at most: by the weight of each request, which a test of the engine weighs.
fn positions() -> Table {
    let mut table = Table::new(
        "An hour of a driver who never stops driving",
        ["", "positions", "bodies kB", "on the wire kB"],
    );
    for (name, reason) in [
        ("off shift", PaceReason::OffShift),
        ("idle", PaceReason::Idle),
        ("on the way", PaceReason::OnTheWay),
        ("close", PaceReason::Close),
    ] {
        let hour = pace::hour(reason);
        let kilobytes = |bytes: u32| Cell::from(u64::from(bytes.div_ceil(1_000)));
        table.row(vec![
            name.into(),
            u64::from(hour.pings).into(),
            kilobytes(hour.bodies),
            kilobytes(hour.wire),
        ]);
    }
    table
}

fn mib(bytes: u64) -> Cell {
    crate::load::mib(bytes)
}

/// Fills a device of the first kitchen with so many open orders; says how many it shows.
fn fill(server: &Server, orders: usize, folder: &Path) -> Result<usize> {
    let address = server.address;
    let offerings = Offerings::read(address)?;
    let kitchens = people::kitchens(address)?;
    let customers = people::customers(address, orders.div_ceil(8))?;
    let mut chance = rand::rngs::StdRng::seed_from_u64(7);
    let mut connection = Connection::new(address);
    let mut placed = 0;
    let home = *offerings.restaurants().first().context("an open restaurant")?;
    let is_home = |kitchen: &people::Account| kitchen.restaurant == Some(home);
    let owner = kitchens.iter().position(is_home).context("its owner")?;
    let kitchen = &kitchens[owner];
    let mut tries = 0;
    while placed < orders {
        tries += 1;
        ensure!(tries < orders * 200, "the demo's kitchen takes no orders");
        let wish = offerings.wish(people::now(), &mut chance)?;
        if wish.quote.cart.restaurant_id != home {
            continue;
        }
        let customer = &customers[placed % customers.len()];
        let ask = Ask::post("/api/v1/quotes", &wish.quote)?.token(&customer.token);
        let quote: Quote = connection.fetch(&ask)?;
        let id = people::order_id(&mut chance);
        let body = PlaceOrder {
            id,
            quote_id: quote.id,
            payment_method: PaymentMethod::Cash,
            card_token: None,
            address: Some(wish.address),
            note: None,
            valid_until: None,
        };
        let ask = Ask::post("/api/v1/orders", &body)?
            .token(&customer.token)
            .key(id.0);
        let _: serde_json::Value = connection.fetch(&ask)?;
        // Half of them wait for an answer, as at a busy hour.
        if placed % 2 == 0 {
            let body = Accept { prep_minutes: 20 };
            let ask = Ask::post(format!("/api/v1/orders/{id}/accept"), &body)?.token(&kitchen.token);
            let _: serde_json::Value = connection.fetch(&ask)?;
        }
        placed += 1;
    }
    let owner = City::read()?.people.owners.swap_remove(owner);
    let there = with_engine(folder, address, |runtime, engine| {
        runtime.block_on(async {
            let email = owner.email;
            let password = PASSWORD.to_owned();
            engine.ask(SignIn { email, password }).await?;
            Ok(engine.ask(GetBoard {}).await?.orders.len())
        })
    })?;
    ensure!(there >= orders, "{there} orders are on the board");
    Ok(there)
}

/// Milliseconds from an engine's start to its first board, from what is kept.
fn first_board(folder: &Path, server: SocketAddr) -> Result<f64> {
    let began = Instant::now();
    with_engine(folder, server, |runtime, engine| {
        let board = runtime.block_on(engine.ask(GetBoard {}))?;
        ensure!(!board.orders.is_empty(), "an empty board");
        Ok(millis(began.elapsed()))
    })
}

/// Runs an engine on what `folder` keeps, and waits until it has let go.
fn with_engine<T>(
    folder: &Path,
    server: SocketAddr,
    work: impl FnOnce(&tokio::runtime::Runtime, &Handle) -> Result<T>,
) -> Result<T> {
    let config = EngineConfig {
        app: kitchen(),
        base_url: format!("http://{server}"),
        cookie_mode: false,
    };
    let (files, secrets) = (folder.to_owned(), folder.to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let engine = Handle::start(
        config,
        move || Place::Files { folder: files },
        move || std::rc::Rc::new(SecretKeep::open("kitchen", &secrets)),
    )?;
    let done = work(&runtime, &engine);
    drop(engine);
    wait_until_free(folder)?;
    done
}

/// Waits until no engine holds the files of `folder`.
fn wait_until_free(folder: &Path) -> Result<()> {
    let began = Instant::now();
    loop {
        let place = Place::Files {
            folder: folder.to_owned(),
        };
        match Store::open(place, "kitchen") {
            Err(StoreError::InUse) if began.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(5));
            }
            other => return other.map(|_| ()).map_err(Into::into),
        }
    }
}

/// What starts the app and looks at it.
struct Driver {
    kept: Kept,
    address: SocketAddr,
}

impl Driver {
    fn start(data: &Path, server: SocketAddr) -> Result<Self> {
        for (program, package) in [
            ("WebKitWebDriver", "webkit2gtk-driver"),
            ("xvfb-run", "xvfb"),
            ("xauth", "xauth"),
            ("dbus-run-session", "dbus"),
        ] {
            keeper::on_path(&[program]).with_context(|| format!("install the package `{package}`"))?;
        }
        let port = keeper::free_port()?;
        let args = [
            &port.to_string(),
            &data.display().to_string(),
            &format!("http://{server}"),
        ];
        let kept = keeper::keep("WebKitWebDriver", SCRIPT, &args.map(String::as_str), None)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        webdriver::wait_for_driver(address, "WebKitWebDriver")?;
        Ok(Self { kept, address })
    }

    /// The running app's process.
    fn app(&self) -> Result<u32> {
        usage::find_in_family(self.kept.pid, "momfood-kitchen").context("the app is not running")
    }

    /// Starts the app; milliseconds from its process's beginning until its board was painted.
    fn open(&self, app: &Path) -> Result<(Session, f64)> {
        let options = json!({ "webkitgtk:browserOptions": { "binary": app, "args": [] } });
        let mut session = Session::begin(self.address, &options)?;
        session.wait_for("the board", TICKETS, PATIENCE)?;
        let painted = session.wait_for("the board's first painting", PAINTED, PATIENCE)?;
        let painted = painted.as_f64().context("a time")?;
        let began = usage::began(self.app()?).context("the app is not running")?;
        let booted = {
            let uptime = std::fs::read_to_string("/proc/uptime")?;
            let uptime: f64 = uptime.split(' ').next().unwrap_or_default().parse()?;
            #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
            let now = NativeHost.now().0 as f64 / 1e3;
            now - uptime * 1e3
        };
        let took = painted - (booted + began * 1e3);
        if !(0.0..60_000.0).contains(&took) {
            bail!("the clocks do not fit: {took} ms");
        }
        Ok((session, took))
    }
}

//! `cargo xtask web`: the web apps, from source to files a server only has to hand out.
//!
//! One cargo call builds all of them and the engine, so that they share their dependencies; the rest is skipped when
//! nothing it depends on has changed.

mod app;
pub mod bindgen;
mod compress;
mod output;
pub mod page;
mod shells;

pub use app::AppName;

use crate::needs;
use crate::process;
use crate::wasm_clang;
use crate::wasm_toolchain::{TARGET, WasmToolchain};
use crate::workspace::Workspace;
use anyhow::{Context, Result, anyhow};
use app::App;
use bindgen::Bound;
use compress::Effort;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The engine of every app: a module of its own, which a worker of the page runs.
const ENGINE: &str = "momfood-worker";

#[derive(clap::Args, Default)]
pub struct Options {
    /// Only these apps (repeatable); all of them when absent.
    #[arg(long, value_enum)]
    pub app: Vec<AppName>,
    /// Quick to build, large to load: for working on the screens.
    #[arg(long)]
    pub dev: bool,
}

/// Builds the wanted apps into `dist/` and prints their sizes.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let apps: Vec<App> = AppName::wanted(&options.app)
        .into_iter()
        .map(AppName::facts)
        .collect();
    needs::ensure(&[&needs::C_COMPILER, &wasm_clang::CLANG])?;
    let modules = compile(workspace, &apps, options.dev)?;
    let effort = if options.dev { Effort::Quick } else { Effort::Best };
    let engine = Engine::read(workspace, &modules.engine)?;

    let results: Vec<Result<output::Sizes>> = std::thread::scope(|scope| {
        let builds: Vec<_> = apps
            .iter()
            .zip(&modules.apps)
            .map(|(app, module)| scope.spawn(|| assemble(workspace, app, module, &engine, effort)))
            .collect();
        builds
            .into_iter()
            .map(|build| build.join().expect("a build reports its errors as values"))
            .collect()
    });
    let sizes = results.into_iter().collect::<Result<Vec<_>>>()?;
    for app in AppName::native(&options.app) {
        shells::lay_out(&workspace.dist(), &app.facts())?;
    }
    output::print_sizes(&sizes);
    Ok(())
}

/// What cargo built.
struct Modules {
    /// The screens of each app, in the order asked for.
    apps: Vec<PathBuf>,
    engine: PathBuf,
}

fn compile(workspace: &Workspace, apps: &[App], dev: bool) -> Result<Modules> {
    let profile = if dev { "web-dev" } else { "web" };
    let toolchain = WasmToolchain::ensure(workspace)?;
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--target", TARGET, "--profile", profile]);
    for package in apps.iter().map(|app| app.package).chain([ENGINE]) {
        cargo.args(["--package", package]);
    }
    let target = toolchain.apply(&mut cargo, workspace);
    process::run(&mut cargo)?;
    let folder = target.join(TARGET).join(profile);
    let module = |package: &str| folder.join(format!("{package}.wasm"));
    Ok(Modules {
        apps: apps.iter().map(|app| module(app.package)).collect(),
        engine: module(ENGINE),
    })
}

/// The engine's module, bound when the first app needs it.
struct Engine {
    module: PathBuf,
    wasm: Vec<u8>,
    scratch: PathBuf,
    bound: OnceLock<Result<Bound, String>>,
}

impl Engine {
    fn read(workspace: &Workspace, module: &Path) -> Result<Self> {
        Ok(Self {
            module: module.to_owned(),
            wasm: read(module)?,
            scratch: workspace.target.join("xtask-web").join("engine"),
            bound: OnceLock::new(),
        })
    }

    fn bound(&self) -> Result<&Bound> {
        let bind = || bindgen::bind(&self.module, &self.scratch).map_err(|error| format!("{error:#}"));
        self.bound
            .get_or_init(bind)
            .as_ref()
            .map_err(|error| anyhow!("{error}"))
    }
}

fn read(module: &Path) -> Result<Vec<u8>> {
    std::fs::read(module).with_context(|| format!("cannot read {}", module.display()))
}

/// Turns an app's module and the engine's into the files of `dist/<app>/`.
fn assemble(
    workspace: &Workspace,
    app: &App,
    module: &Path,
    engine: &Engine,
    effort: Effort,
) -> Result<output::Sizes> {
    let folder = workspace.dist().join(app.name);
    let sources = app.sources(&workspace.root.join("apps"))?;
    let stamp = output::stamp(&[&read(module)?, &engine.wasm], &sources, effort);
    if output::is_current(&folder, &stamp) {
        return output::measure(&folder, app.name, true);
    }
    let scratch = workspace.target.join("xtask-web").join(app.name);
    let screens = bindgen::bind(module, &scratch)?;
    let files = page::files(app, sources, screens, engine.bound()?);
    output::write(&folder, &files, &stamp, effort)?;
    output::measure(&folder, app.name, false)
}

//! `cargo xtask web`: the web apps, from source to files a server only has to hand out.
//!
//! One cargo call builds all of them, so that they share their dependencies; the rest is skipped when
//! nothing it depends on has changed.

mod app;
mod bindgen;
mod compress;
mod icon;
mod output;
mod page;

pub use app::AppName;

use crate::needs;
use crate::process;
use crate::wasm_toolchain::{TARGET, WasmToolchain};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use app::App;
use compress::Effort;
use std::path::{Path, PathBuf};

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
    needs::ensure(&[&needs::C_COMPILER])?;
    let modules = compile(workspace, &apps, options.dev)?;
    let effort = if options.dev { Effort::Quick } else { Effort::Best };

    let results: Vec<Result<output::Sizes>> = std::thread::scope(|scope| {
        let builds: Vec<_> = apps
            .iter()
            .zip(&modules)
            .map(|(app, module)| scope.spawn(|| assemble(workspace, app, module, effort)))
            .collect();
        builds
            .into_iter()
            .map(|build| build.join().expect("a build reports its errors as values"))
            .collect()
    });
    let sizes = results.into_iter().collect::<Result<Vec<_>>>()?;
    output::print_sizes(&sizes);
    Ok(())
}

/// The raw wasm module of each app, in the same order.
fn compile(workspace: &Workspace, apps: &[App], dev: bool) -> Result<Vec<PathBuf>> {
    let profile = if dev { "web-dev" } else { "web" };
    let toolchain = WasmToolchain::ensure(workspace)?;
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--target", TARGET, "--profile", profile]);
    for app in apps {
        cargo.args(["--package", app.package]);
    }
    let target = toolchain.apply(&mut cargo, workspace);
    process::run(&mut cargo)?;
    let folder = target.join(TARGET).join(profile);
    Ok(apps
        .iter()
        .map(|app| folder.join(format!("{}.wasm", app.package)))
        .collect())
}

/// Turns one module into the files of `dist/<app>/`.
fn assemble(workspace: &Workspace, app: &App, module: &Path, effort: Effort) -> Result<output::Sizes> {
    let folder = workspace.dist().join(app.name);
    let sources = app.sources(&workspace.root.join("apps"))?;
    let wasm = std::fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let stamp = output::stamp(&wasm, &sources, effort);
    if output::is_current(&folder, &stamp) {
        return output::measure(&folder, app.name, true);
    }
    let scratch = workspace.target.join("xtask-web").join(app.name);
    let bound = bindgen::bind(module, &scratch)?;
    let files = page::files(app, sources, bound);
    output::write(&folder, &files, &stamp, effort)?;
    output::measure(&folder, app.name, false)
}

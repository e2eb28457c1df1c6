//! `cargo xtask bench`: measurements, made by `momfood-bench` against release builds. Fails on no figure.

use crate::bundle;
use crate::process;
use crate::steps::Steps;
use crate::web::{self, AppName};
use crate::workspace::Workspace;
use anyhow::Result;

#[derive(clap::Args)]
pub struct Options {
    /// What to measure and how; without it, what can be measured. (`cargo xtask bench -- --help`)
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds the server, the web apps and the bench, then hands the arguments over.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut packages = Vec::new();
    let asks_for_help = options
        .arguments
        .iter()
        .any(|word| word == "--help" || word == "-h");
    if asks_for_help {
        build(workspace)?;
    } else {
        let apps = options
            .arguments
            .iter()
            .any(|word| word == "app" || word == "all");
        let mut steps = Steps::new(if apps { 3 } else { 2 });
        steps.step("Web apps", || web::run(workspace, &web::Options::default()))?;
        steps.step("Server and bench, release build", || build(workspace))?;
        if apps {
            let kitchen = [AppName::Kitchen];
            packages = steps.step("The kitchen's app, packed", || {
                bundle::pack(workspace, &kitchen, true)
            })?;
        }
    }
    let mut bench = std::process::Command::new(workspace.release_binary("momfood-bench"));
    bench.current_dir(&workspace.root).args(&options.arguments);
    workspace.describe_builds(&mut bench);
    if let Some(package) = packages.first() {
        let root = workspace.target.join("bundle").join("measured");
        bundle::unpack(package, &root)?;
        bench
            .env("MOMFOOD_APP", root.join("usr/bin/momfood-kitchen"))
            .env("MOMFOOD_PACKAGE", package);
    }
    process::run(&mut bench)
}

fn build(workspace: &Workspace) -> Result<()> {
    process::run(workspace.cargo().args([
        "build",
        "--release",
        "--package",
        "momfood-backend",
        "--package",
        "momfood-bench",
    ]))
}

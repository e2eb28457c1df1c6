//! `cargo xtask bench`: measurements, made by `momfood-bench` against release builds. Fails on no figure.

use crate::process;
use crate::steps::Steps;
use crate::web;
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
    let asks_for_help = options
        .arguments
        .iter()
        .any(|word| word == "--help" || word == "-h");
    if asks_for_help {
        build(workspace)?;
    } else {
        let mut steps = Steps::new(2);
        steps.step("Web apps", || web::run(workspace, &web::Options::default()))?;
        steps.step("Server and bench, release build", || build(workspace))?;
    }
    let mut bench = std::process::Command::new(workspace.release_binary("momfood-bench"));
    bench.current_dir(&workspace.root).args(&options.arguments);
    workspace.describe_builds(&mut bench);
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

//! `cargo xtask simulate`: the simulated town, by `momfood-sim` in a release build.

use crate::process;
use crate::workspace::Workspace;
use anyhow::Result;

#[derive(clap::Args)]
pub struct Options {
    /// What to run. (`cargo xtask simulate --help`)
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds the simulator and hands the arguments over.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    build(workspace)?;
    let mut program = std::process::Command::new(workspace.release_binary("momfood-sim"));
    process::run(program.current_dir(&workspace.root).args(&options.arguments))
}

/// So many seeds from the first.
pub fn seeds(workspace: &Workspace, seeds: u64) -> Result<()> {
    let arguments = vec!["--seeds".to_owned(), seeds.to_string()];
    run(workspace, &Options { arguments })
}

fn build(workspace: &Workspace) -> Result<()> {
    process::run(
        workspace
            .cargo()
            .args(["build", "--release", "--package", "momfood-sim"]),
    )
}

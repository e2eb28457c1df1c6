//! `cargo xtask apps`: the native apps of this machine, with the screens of `dist/shells/` inside.

use crate::needs;
use crate::process;
use crate::web::{self, AppName};
use crate::workspace::Workspace;
use anyhow::Result;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Options {
    /// Only these apps (repeatable); all of them when absent.
    #[arg(long, value_enum)]
    app: Vec<AppName>,
    /// As they are shipped: slow to build, quick to run.
    #[arg(long)]
    release: bool,
}

/// Builds the wanted apps and says where they are.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let apps = AppName::native(&options.app);
    let web = web::Options {
        app: apps.clone(),
        dev: !options.release,
    };
    web::run(workspace, &web)?;
    for program in build(workspace, &apps, options.release)? {
        println!("  {}", program.display());
    }
    Ok(())
}

/// Builds the apps from the screens there are, and names the programs.
pub fn build(workspace: &Workspace, apps: &[AppName], release: bool) -> Result<Vec<PathBuf>> {
    needs::ensure(&[&needs::C_COMPILER, &needs::WEBKIT])?;
    let mut cargo = workspace.cargo();
    cargo.arg("build");
    if release {
        cargo.arg("--release");
    }
    let names: Vec<&str> = apps.iter().map(|app| app.facts().package).collect();
    for name in &names {
        cargo.args(["--package", &format!("{name}-shell"), "--bin", name]);
    }
    process::run(&mut cargo)?;
    let folder = workspace.target.join(if release { "release" } else { "debug" });
    let program = |name: &&str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    Ok(names.iter().map(program).collect())
}

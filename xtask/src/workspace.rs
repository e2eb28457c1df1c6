//! Where things are: the checkout, cargo's target folder, `dist/`. Never assumes `./target`.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Packages whose code runs on this machine.
pub const HOST_PACKAGES: &[&str] = &[
    "momfood-domain",
    "momfood-protocol",
    "momfood-client",
    "momfood-crash-disk",
    "momfood-ffi",
    "momfood-small-shell",
    "momfood-print",
    "momfood-backend",
    "momfood-bench",
    "momfood-e2e",
    "momfood-sim",
    "xtask",
];

/// Packages that are built for the browser.
pub const UI_PACKAGES: &[&str] = &[
    "momfood-kit",
    "momfood-customer",
    "momfood-kitchen",
    "momfood-driver",
    "momfood-admin",
    "momfood-worker",
];

/// Packages of the native apps: they need this machine's webview to be built.
pub const SHELL_PACKAGES: &[&str] = &[
    "momfood-shell",
    "momfood-customer-shell",
    "momfood-kitchen-shell",
    "momfood-driver-shell",
    "tauri-plugin-momfood-location",
];

/// The checkout and the folders cargo uses for it.
pub struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder, wherever `CARGO_TARGET_DIR` or a config file puts it.
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo, which knows about `CARGO_TARGET_DIR` and every config file.
    pub fn locate() -> Result<Self> {
        let output = Command::new(cargo_program())
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .stderr(Stdio::inherit())
            .output()
            .context("cargo cannot be started")?;
        if !output.status.success() {
            bail!("`cargo metadata` failed");
        }
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let folder = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("`cargo metadata` names no {key}"))
        };
        Ok(Self {
            root: folder("workspace_root")?,
            target: folder("target_directory")?,
        })
    }

    /// The web apps, ready to be served.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A release binary of this workspace.
    pub fn release_binary(&self, name: &str) -> PathBuf {
        self.target
            .join("release")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Tells a program where the builds are: `MOMFOOD_BINARY` (the server) and `MOMFOOD_DIST` (the web apps).
    pub fn describe_builds(&self, command: &mut Command) {
        command
            .env("MOMFOOD_BINARY", self.release_binary("momfood"))
            .env("MOMFOOD_DIST", self.dist());
    }

    /// A cargo call in this workspace.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(cargo_program());
        command.current_dir(&self.root);
        crate::wasm_clang::apply(&mut command);
        command
    }
}

/// The cargo that runs xtask, so that one toolchain builds everything.
pub fn cargo_program() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

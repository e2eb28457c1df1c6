//! What a command needs on this machine: looked for first, then installed, in one line said aloud.
//!
//! Knows Debian's package names. Elsewhere, or without root, it says what to install and changes nothing.

use crate::process::{self, output_of};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something from outside the Rust toolchain.
pub struct Need {
    /// What people call it.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Debian's packages that bring it.
    pub packages: &'static [&'static str],
    /// Where it is, if it is here.
    pub find: fn() -> Option<PathBuf>,
}

/// Builds the C inside SQLite and the cryptography.
pub const C_COMPILER: Need = Need {
    name: "C compiler",
    purpose: "the bundled SQLite is C",
    packages: &["build-essential"],
    find: || on_path("cc"),
};

/// Tests start a private instance of it.
pub const POSTGRES: Need = Need {
    name: "PostgreSQL",
    purpose: "the API tests run on it as well as on SQLite",
    packages: &["postgresql"],
    find: postgres_bin,
};

/// Tests start a private instance of it.
pub const GLEWLWYD: Need = Need {
    name: "Glewlwyd",
    purpose: "signing in with an account elsewhere is tested with a real OpenID provider",
    packages: &["glewlwyd", "dbconfig-sqlite3"],
    find: || on_path("glewlwyd"),
};

/// Tests start private instances of it.
pub const REDIS: Need = Need {
    name: "Redis",
    purpose: "several servers count together in it",
    packages: &["redis-server"],
    find: || on_path("redis-server"),
};

/// The browser of the end-to-end tests.
pub const CHROMIUM: Need = Need {
    name: "Chromium",
    purpose: "the story is tested in a real browser",
    packages: &["chromium"],
    find: || {
        on_path("chromium")
            .or_else(|| on_path("google-chrome"))
            .or_else(|| on_path("chromium-browser"))
    },
};

/// Drives the browser.
pub const CHROMEDRIVER: Need = Need {
    name: "ChromeDriver",
    purpose: "drives the browser",
    packages: &["chromium-driver"],
    find: || on_path("chromedriver"),
};

/// What the native apps show their screens with, as their builds need it.
pub const WEBKIT: Need = Need {
    name: "WebKitGTK",
    purpose: "the native apps show their screens with it",
    packages: &[
        "libwebkit2gtk-4.1-dev",
        "libgtk-3-dev",
        "libsoup-3.0-dev",
        "librsvg2-dev",
        "pkg-config",
    ],
    find: || {
        let folder = output_of("pkg-config", &["--variable=libdir", "webkit2gtk-4.1"])?;
        (!folder.is_empty()).then(|| PathBuf::from(folder))
    },
};

/// Drives a native app.
pub const WEBKIT_DRIVER: Need = Need {
    name: "WebKitWebDriver",
    purpose: "drives the native apps",
    packages: &["webkit2gtk-driver"],
    find: || on_path("WebKitWebDriver"),
};

/// A screen nobody looks at.
pub const XVFB: Need = Need {
    name: "Xvfb",
    purpose: "the native apps are tested on a screen nobody looks at",
    packages: &["xvfb"],
    find: || on_path("Xvfb"),
};

/// A private message bus.
pub const DBUS: Need = Need {
    name: "D-Bus",
    purpose: "the native apps are tested on a message bus of their own",
    packages: &["dbus"],
    find: || on_path("dbus-run-session"),
};

/// Speaks to the engine through its bindings.
pub const PYTHON: Need = Need {
    name: "Python 3",
    purpose: "the engine's bindings are tried from another language",
    packages: &["python3"],
    find: || on_path("python3"),
};

/// Without it a screenshot of Arabic is a row of boxes.
pub const ARABIC_FONT: Need = Need {
    name: "Arabic font",
    purpose: "screens are looked at in Arabic",
    packages: &["fonts-noto-core"],
    find: arabic_font,
};

/// Makes sure all are here, installing what is not. An error names what could not be had.
pub fn ensure(needs: &[&Need]) -> Result<()> {
    let missing: Vec<_> = needs.iter().filter(|need| (need.find)().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        println!("  {} is missing ({})", need.name, need.purpose);
    }
    let packages: Vec<_> = missing
        .iter()
        .flat_map(|need| need.packages.iter().copied())
        .collect();
    install(&packages)?;
    for need in missing {
        if (need.find)().is_none() {
            bail!("{} was installed but cannot be found", need.name);
        }
    }
    Ok(())
}

/// Installs Debian packages as root or through a password-less sudo.
pub fn install(packages: &[&str]) -> Result<()> {
    let wish = format!("apt-get install {}", packages.join(" "));
    if on_path("apt-get").is_none() {
        bail!("please install what Debian calls: {}", packages.join(" "));
    }
    let Some(prefix) = root_prefix() else {
        bail!("not root, and sudo asks for a password; please run: sudo {wish}");
    };
    println!("  installing: {}", packages.join(" "));
    if packages.contains(&"glewlwyd") {
        // Its package would start a server of its own, open to the network and with a password everybody knows.
        let mut words = prefix
            .iter()
            .copied()
            .chain(["systemctl", "-q", "mask", "glewlwyd.service"]);
        let mut mask = Command::new(words.next().unwrap_or("systemctl"));
        // Where there is no systemd nothing starts by itself.
        let _ = process::run(mask.args(words));
    }
    let apt = |args: &[&str]| {
        let mut words =
            prefix
                .iter()
                .copied()
                .chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]);
        let mut command = Command::new(words.next().unwrap_or("env"));
        command.args(words).args(args);
        command
    };
    let mut wanted = vec!["install", "--no-install-recommends"];
    wanted.extend(packages);
    // The package lists of a fresh machine are empty or old: one refresh, then a second try.
    if process::run(&mut apt(&wanted)).is_err() {
        process::run(&mut apt(&["update"]))?;
        process::run(&mut apt(&wanted))?;
    }
    Ok(())
}

/// The words before a command that must run as root; `None` when that is not possible.
pub fn root_prefix() -> Option<&'static [&'static str]> {
    if output_of("id", &["-u"])? == "0" {
        return Some(&[]);
    }
    output_of("sudo", &["-n", "true"]).map(|_| ["sudo", "-n"].as_slice())
}

/// A rustup component (`clippy`, `rustfmt`), added when its program is missing.
pub fn ensure_component(component: &str, program: &str) -> Result<()> {
    if output_of(crate::workspace::cargo_program(), &[program, "--version"]).is_some() {
        return Ok(());
    }
    println!("  adding the {component} component: rustup component add {component}");
    process::run(Command::new("rustup").args(["component", "add", component]))
}

/// A program on `PATH`.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .find(|candidate| candidate.is_file())
}

/// The folder of `initdb` and `postgres`: Debian keeps them out of `PATH`, one folder per version.
pub fn postgres_bin() -> Option<PathBuf> {
    let complete = |folder: &Path| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    if let Some(folder) = std::env::var_os("MOMFOOD_TEST_POSTGRES_BIN").map(PathBuf::from) {
        return complete(&folder).then_some(folder);
    }
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, folder)| complete(folder))
        .collect();
    versions.sort();
    if let Some((_, folder)) = versions.pop() {
        return Some(folder);
    }
    let folder = on_path("postgres")?.parent()?.to_path_buf();
    complete(&folder).then_some(folder)
}

fn arabic_font() -> Option<PathBuf> {
    if let Some(found) = output_of("fc-list", &["Noto Sans Arabic", "file"]).filter(|list| !list.is_empty()) {
        return found
            .lines()
            .next()
            .map(|line| PathBuf::from(line.trim_end_matches([':', ' '])));
    }
    let noto = PathBuf::from("/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf");
    noto.is_file().then_some(noto)
}

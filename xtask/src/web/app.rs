//! The web apps: their names, paths and words, and the source files that are not Rust.

use anyhow::{Context, Result};
use std::path::Path;

/// A web app of the product.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum AppName {
    Customer,
    Kitchen,
    Driver,
}

/// What distinguishes one web app from another.
pub struct App {
    /// The name of its folders under `apps/` and `dist/`.
    pub name: &'static str,
    /// The cargo package.
    pub package: &'static str,
    /// Where it is served: its path, and the scope of its service worker. Ends with a slash.
    pub base: &'static str,
    /// The page's title, Arabic first.
    pub title: &'static str,
    /// What stands under the icon of a home screen.
    pub short_title: &'static str,
    /// One sentence about it.
    pub description: &'static str,
    /// Paths under `base` that belong to others.
    pub foreign_paths: &'static [&'static str],
}

/// What a customer's service worker must leave alone: other apps and everything that is not a screen.
const NOT_THE_CUSTOMERS: &[&str] = &["/kitchen", "/driver", "/admin", "/api", "/media"];

impl AppName {
    const ALL: [Self; 3] = [Self::Customer, Self::Kitchen, Self::Driver];

    /// The named ones, or all.
    pub fn wanted(named: &[Self]) -> Vec<Self> {
        Self::ALL
            .into_iter()
            .filter(|app| named.is_empty() || named.contains(app))
            .collect()
    }

    /// What the page, the manifest and the service worker of this app say.
    pub fn facts(self) -> App {
        match self {
            Self::Customer => App {
                name: "customer",
                package: "momfood-customer",
                base: "/",
                title: "مام فود · MomFood",
                short_title: "مام فود",
                description: "اطلب أكلك من مطاعم الرياض وتابعه لحظة بلحظة",
                foreign_paths: NOT_THE_CUSTOMERS,
            },
            Self::Kitchen => App {
                name: "kitchen",
                package: "momfood-kitchen",
                base: "/kitchen/",
                title: "مطبخ مام فود · MomFood Kitchen",
                short_title: "مطبخ مام فود",
                description: "طلبات المطعم، من الاستلام إلى الجاهز",
                foreign_paths: &[],
            },
            Self::Driver => App {
                name: "driver",
                package: "momfood-driver",
                base: "/driver/",
                title: "سائق مام فود · MomFood Driver",
                short_title: "سائق مام فود",
                description: "عروض التوصيل والطريق وأرباح اليوم",
                foreign_paths: &[],
            },
        }
    }
}

/// The parts of an app that are not wasm.
pub struct Sources {
    /// All style sheets, in order, as one.
    pub css: String,
    /// What stands in the page until the app does.
    pub shell: String,
    /// The app's picture.
    pub icon: String,
}

impl App {
    /// Reads `apps/kit/css`, then the app's own `css`, `shell.html` and `icon.svg`, where they exist.
    pub fn sources(&self, apps: &Path) -> Result<Sources> {
        let own = apps.join(self.name);
        let mut css = String::from(super::page::SHELL_CSS);
        for folder in [apps.join("kit/css"), own.join("css")] {
            css.push_str(&style_sheets(&folder)?);
        }
        Ok(Sources {
            css,
            shell: optional(&own.join("shell.html"))?.unwrap_or_else(super::page::default_shell),
            icon: optional(&own.join("icon.svg"))?.unwrap_or_else(|| super::icon::draw(self.name)),
        })
    }
}

/// The style sheets of a folder, concatenated in the order of their names.
fn style_sheets(folder: &Path) -> Result<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "css"))
        .collect();
    paths.sort();
    let mut all = String::new();
    for path in paths {
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        all.push_str(&text);
        all.push('\n');
    }
    Ok(all)
}

fn optional(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

//! The web apps: their names, paths and words, and the source files that are not Rust.

use anyhow::{Context, Result};
use std::path::Path;

/// A web app of the product.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum AppName {
    Customer,
    Kitchen,
    Driver,
    Admin,
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
    /// The three in English, for browsers that offer an app in the person's language.
    pub english: [&'static str; 3],
    /// How its screen is held: a word of the manifest's `orientation`.
    pub orientation: &'static str,
    /// Paths under `base` that belong to others.
    pub foreign_paths: &'static [&'static str],
}

/// What a customer's service worker must leave alone: other apps and everything that is not a screen or a picture.
const NOT_THE_CUSTOMERS: &[&str] = &["/kitchen", "/driver", "/admin", "/api", "/health", "/media"];

impl AppName {
    const ALL: [Self; 4] = [Self::Customer, Self::Kitchen, Self::Driver, Self::Admin];

    /// The named ones, or all.
    pub fn wanted(named: &[Self]) -> Vec<Self> {
        Self::ALL
            .into_iter()
            .filter(|app| named.is_empty() || named.contains(app))
            .collect()
    }

    /// The named ones, or all, of those that are native apps too.
    pub fn native(named: &[Self]) -> Vec<Self> {
        let mut wanted = Self::wanted(named);
        wanted.retain(|app| app.is_native());
        wanted
    }

    /// Whether it is a native app too. The platform is run from a browser.
    pub const fn is_native(self) -> bool {
        !matches!(self, Self::Admin)
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
                english: [
                    "MomFood",
                    "MomFood",
                    "Food from the kitchens of Riyadh, followed to your door",
                ],
                orientation: "any",
                foreign_paths: NOT_THE_CUSTOMERS,
            },
            Self::Kitchen => App {
                name: "kitchen",
                package: "momfood-kitchen",
                base: "/kitchen/",
                title: "مطبخ مام فود · MomFood Kitchen",
                short_title: "مطبخ مام فود",
                description: "طلبات المطعم، من الاستلام إلى الجاهز",
                english: [
                    "MomFood Kitchen",
                    "Kitchen",
                    "The restaurant’s orders, from coming in to ready",
                ],
                orientation: "any",
                foreign_paths: &[],
            },
            Self::Driver => App {
                name: "driver",
                package: "momfood-driver",
                base: "/driver/",
                title: "سائق مام فود · MomFood Driver",
                short_title: "سائق مام فود",
                description: "عروض التوصيل والطريق وأرباح اليوم",
                english: [
                    "MomFood Driver",
                    "Driver",
                    "Offers, the way, and what today earned",
                ],
                orientation: "portrait",
                foreign_paths: &[],
            },
            Self::Admin => App {
                name: "admin",
                package: "momfood-admin",
                base: "/admin/",
                title: "إدارة مام فود · MomFood Administration",
                short_title: "إدارة مام فود",
                description: "الموافقات والأشخاص وسجل التدقيق",
                english: [
                    "MomFood Administration",
                    "Admin",
                    "Approvals, people and the record of who did what",
                ],
                orientation: "any",
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
    /// The same drawn for home screens, in the order of [`DRAWN_ICONS`].
    pub drawn_icons: Vec<Vec<u8>>,
}

/// A picture for home screens: `apps/<app>/icons/<name>.png`.
pub struct DrawnIcon {
    /// Its name, without extension.
    pub name: &'static str,
    /// Pixels of a side.
    pub size: u32,
    /// What a manifest uses it for; absent where the page itself names it.
    pub purpose: Option<&'static str>,
}

/// The pictures for home screens. A maskable one fills its square, so that a phone may cut out any shape.
pub const DRAWN_ICONS: [DrawnIcon; 5] = [
    DrawnIcon::new("any-192", 192, Some("any")),
    DrawnIcon::new("any-512", 512, Some("any")),
    DrawnIcon::new("maskable-192", 192, Some("maskable")),
    DrawnIcon::new("maskable-512", 512, Some("maskable")),
    DrawnIcon::new(TOUCH_ICON, 180, None),
];

/// The one Apple's devices ask for.
pub const TOUCH_ICON: &str = "touch-180";

impl DrawnIcon {
    const fn new(name: &'static str, size: u32, purpose: Option<&'static str>) -> Self {
        Self { name, size, purpose }
    }
}

impl App {
    /// Reads `apps/kit/css`, the app's own `css` and pictures, and its `shell.html`, where it has one.
    pub fn sources(&self, apps: &Path) -> Result<Sources> {
        let own = apps.join(self.name);
        let mut css = String::from(super::page::SHELL_CSS);
        for folder in [apps.join("kit/css"), own.join("css")] {
            css.push_str(&style_sheets(&folder)?);
        }
        Ok(Sources {
            css,
            shell: optional(&own.join("shell.html"))?.unwrap_or_else(super::page::default_shell),
            icon: std::fs::read_to_string(own.join("icon.svg")).context("cannot read an app's icon.svg")?,
            drawn_icons: DRAWN_ICONS
                .iter()
                .map(|icon| {
                    let path = own.join("icons").join(icon.name).with_extension("png");
                    std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
                })
                .collect::<Result<_>>()?,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_app_has_its_pictures_for_home_screens_in_the_sizes_their_names_say() {
        let apps = Path::new(env!("CARGO_MANIFEST_DIR")).join("../apps");
        for app in AppName::wanted(&[]) {
            let sources = app.facts().sources(&apps).unwrap();
            assert_eq!(sources.drawn_icons.len(), DRAWN_ICONS.len());
            for (icon, png) in DRAWN_ICONS.iter().zip(&sources.drawn_icons) {
                // Behind its signature a PNG says its width and height, big-endian.
                let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
                assert!(png.starts_with(b"\x89PNG"), "{app:?} {}", icon.name);
                assert_eq!(
                    (side(16), side(20)),
                    (icon.size, icon.size),
                    "{app:?} {}",
                    icon.name
                );
            }
        }
    }
}

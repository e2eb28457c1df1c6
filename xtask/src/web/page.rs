//! The files around the wasm: the page, the boot script, the manifest and the service worker.
//!
//! Every file that a page names carries its content's hash, so a browser may keep it forever. No inline
//! script and no inline style: the page works under `script-src 'self' 'wasm-unsafe-eval'; style-src 'self'`.

use super::app::{App, DRAWN_ICONS, Sources, TOUCH_ICON};
use super::bindgen::Bound;
use super::output::short_hash;
use std::collections::BTreeMap;
use std::fmt::Write;

/// In its head the preload of the wasm comes before the script that fetches it: a script that runs first uses the
/// preload up, and the browser then loads the module a second time for the link.
/// The style sheet comes after the script: one that came before would keep it, and with it the engine, waiting.
const INDEX: &str = include_str!("../../assets/index.html");
const BOOT: &str = include_str!("../../assets/boot.js");
/// Stands before the boot script, in one file with it: the engine is on its way before anything else.
/// The page's end of the line to its engine.
pub const ENGINE_PAGE: &str = include_str!("../../assets/engine-page.js");
/// Stands after the engine's glue, in one file with it: a worker has no page that could preload a second.
const ENGINE_WORKER: &str = include_str!("../../assets/engine-worker.js");
const SERVICE_WORKER: &str = include_str!("../../assets/sw.js");
const SHELL: &str = include_str!("../../assets/shell.html");

/// Style of what the page shows before the app does.
pub const SHELL_CSS: &str = include_str!("../../assets/shell.css");

/// Everything a change of which changes every app.
pub const PAGE_TEMPLATES: &[&str] = &[
    INDEX,
    BOOT,
    ENGINE_PAGE,
    ENGINE_WORKER,
    SERVICE_WORKER,
    SHELL,
    SHELL_CSS,
    env!("CARGO_PKG_VERSION"),
];

/// A file of `dist/<app>/`.
pub struct File {
    /// Its name in that folder.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// The default shell: an app bar and six empty cards.
pub fn default_shell() -> String {
    SHELL.to_owned()
}

/// What follows the glue of the engine's module `wasm` in its worker.
pub fn engine_worker(wasm: &str) -> String {
    fill(ENGINE_WORKER, &[("wasm", wasm)])
}

/// All files of an app; those that name others come after them.
pub fn files(app: &App, sources: Sources, screens: Bound, engine: &Bound) -> Vec<File> {
    let mut files = Vec::new();
    let mut modules = Vec::new();
    let js = add_parts(&mut files, &mut modules, screens.js, screens.snippets);
    let entry = add_hashed(&mut files, "app", "js", js);
    let wasm = add_wasm(&mut files, "app", screens.wasm);
    let engine_wasm = add_wasm(&mut files, "engine", engine.wasm.clone());
    // A worker loads its own parts; the page need not know them.
    let js = add_parts(
        &mut files,
        &mut Vec::new(),
        engine.js.clone(),
        engine.snippets.clone(),
    );
    let js = js + &engine_worker(&engine_wasm);
    let engine = add_hashed(&mut files, "engine", "js", js);
    let css = add_hashed(&mut files, "app", "css", sources.css);
    let boot = add_hashed(&mut files, "boot", "js", [ENGINE_PAGE, BOOT].concat());
    let icon = add_hashed(&mut files, "icon", "svg", sources.icon);
    let drawn: Vec<String> = DRAWN_ICONS
        .iter()
        .zip(sources.drawn_icons)
        .map(|(icon, png)| add_hashed(&mut files, icon.name, "png", png))
        .collect();
    let touch_icon = DRAWN_ICONS
        .iter()
        .position(|icon| icon.name == TOUCH_ICON)
        .map_or("", |index| &drawn[index]);
    let manifest = add_hashed(
        &mut files,
        "manifest",
        "webmanifest",
        manifest(app, &icon, &drawn),
    );

    modules.insert(0, entry.clone());
    let index = fill(
        INDEX,
        &[
            ("app", app.name),
            ("base", app.base),
            ("title", app.title),
            ("short_title", app.short_title),
            ("description", app.description),
            ("entry", &entry),
            ("wasm", &wasm),
            ("engine", &engine),
            ("css", &css),
            ("boot", &boot),
            ("icon", &icon),
            ("touch_icon", touch_icon),
            ("manifest", &manifest),
            ("module_preloads", &module_preloads(app, &modules)),
            ("shell", sources.shell.trim()),
        ],
    );
    let build = short_hash(&[index.as_bytes()]);
    let worker = service_worker(app, &files, &entry, &build);
    files.push(File {
        name: "index.html".to_owned(),
        content: index.into_bytes(),
    });
    // Last: a browser that sees the new worker must find everything it precaches.
    files.push(File {
        name: "sw.js".to_owned(),
        content: worker.into_bytes(),
    });
    files
}

/// The JavaScript that came with crates, and `js` with its new names in it.
fn add_parts(
    files: &mut Vec<File>,
    names: &mut Vec<String>,
    mut js: String,
    snippets: BTreeMap<String, String>,
) -> String {
    for (path, text) in snippets {
        let name = add_hashed(files, "part", "js", text);
        js = js.replace(&path, &format!("./{name}"));
        names.push(name);
    }
    js
}

fn add_wasm(files: &mut Vec<File>, stem: &str, wasm: Vec<u8>) -> String {
    let name = format!("{stem}-{}_bg.wasm", short_hash(&[&wasm]));
    files.push(File {
        name: name.clone(),
        content: wasm,
    });
    name
}

fn add_hashed(files: &mut Vec<File>, stem: &str, extension: &str, content: impl Into<Vec<u8>>) -> String {
    let content = content.into();
    let name = format!("{stem}-{}.{extension}", short_hash(&[&content]));
    files.push(File {
        name: name.clone(),
        content,
    });
    name
}

fn module_preloads(app: &App, modules: &[String]) -> String {
    modules.iter().fold(String::new(), |mut html, module| {
        let _ = write!(html, "<link rel=\"modulepreload\" href=\"{}{module}\">", app.base);
        html
    })
}

fn manifest(app: &App, icon: &str, drawn: &[String]) -> String {
    let [name, short_name, description] = app.english;
    let english = |text: &str| serde_json::json!({ "en": { "value": text, "lang": "en", "dir": "ltr" } });
    let mut icons = vec![serde_json::json!({
        "src": format!("{}{icon}", app.base),
        "sizes": "any",
        "type": "image/svg+xml",
    })];
    for (icon, file) in DRAWN_ICONS.iter().zip(drawn) {
        if let Some(purpose) = icon.purpose {
            icons.push(serde_json::json!({
                "src": format!("{}{file}", app.base),
                "sizes": format!("{0}x{0}", icon.size),
                "type": "image/png",
                "purpose": purpose,
            }));
        }
    }
    let manifest = serde_json::json!({
        "id": app.base,
        "name": app.title,
        "short_name": app.short_title,
        "description": app.description,
        "lang": "ar",
        "dir": "rtl",
        "name_localized": english(name),
        "short_name_localized": english(short_name),
        "description_localized": english(description),
        "start_url": app.base,
        "scope": app.base,
        "display": "standalone",
        "orientation": app.orientation,
        "categories": ["food"],
        "background_color": "#FAF7F2",
        "theme_color": "#FAF7F2",
        "icons": icons,
    });
    format!("{manifest}\n")
}

fn service_worker(app: &App, hashed: &[File], entry: &str, build: &str) -> String {
    let paths: Vec<String> = hashed
        .iter()
        .map(|file| format!("{}{}", app.base, file.name))
        .collect();
    fill(
        SERVICE_WORKER,
        &[
            ("cache_prefix", &format!("momfood-{}-", app.name)),
            ("build", build),
            ("entry", entry),
            ("base", app.base),
            ("files", &serde_json::json!(paths).to_string()),
            ("foreign_paths", &serde_json::json!(app.foreign_paths).to_string()),
        ],
    )
}

/// Replaces each `{{name}}`.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{{{name}}}}}"), value)
    })
}

#[cfg(test)]
mod tests {
    use super::super::app::AppName;
    use super::*;
    use std::path::Path;

    fn built(app: AppName) -> BTreeMap<String, String> {
        let bound = Bound {
            js: "import { x } from './snippets/crate-1/inline0.js';".to_owned(),
            wasm: b"\0asm".to_vec(),
            snippets: BTreeMap::from([(
                "./snippets/crate-1/inline0.js".to_owned(),
                "export let x".to_owned(),
            )]),
        };
        let sources = Sources {
            css: "body{}".to_owned(),
            shell: "<p>…</p>".to_owned(),
            icon: "<svg/>".to_owned(),
            drawn_icons: DRAWN_ICONS.iter().map(|icon| icon.name.into()).collect(),
        };
        let engine = Bound {
            js: "async function __wbg_init() {}".to_owned(),
            wasm: b"\0asm engine".to_vec(),
            snippets: BTreeMap::new(),
        };
        let files = files(&app.facts(), sources, bound, &engine);
        files
            .into_iter()
            .map(|file| (file.name, String::from_utf8_lossy(&file.content).into_owned()))
            .collect()
    }

    #[test]
    fn every_file_a_page_names_exists_and_nothing_is_left_to_fill_in() {
        for (app, base) in [
            (AppName::Customer, "/"),
            (AppName::Kitchen, "/kitchen/"),
            (AppName::Driver, "/driver/"),
        ] {
            let files = built(app);
            let index = &files["index.html"];
            assert!(!files.values().any(|text| text.contains("{{")), "{index}");
            let named: Vec<&str> = index
                .split(['"', '\''])
                .filter(|word| word.starts_with(base) && Path::new(word).extension().is_some())
                .collect();
            assert!(named.len() >= 6, "{named:?}");
            for path in named {
                assert!(
                    files.contains_key(path.strip_prefix(base).unwrap()),
                    "{path} is named but not written"
                );
            }
        }
    }

    #[test]
    fn a_page_carries_no_inline_script_or_style() {
        let index = &built(AppName::Customer)["index.html"];
        assert_eq!(
            index.matches("<script").count(),
            index.matches("<script src=").count()
        );
        assert!(!index.contains("<style") && !index.contains(" style=") && !index.contains(" onclick="));
    }

    #[test]
    fn a_module_imports_its_parts_by_their_new_names() {
        let files = built(AppName::Driver);
        let (part, _) = files.iter().find(|(name, _)| name.starts_with("part-")).unwrap();
        let entry = format!("import {{ x }} from './{part}';");
        assert!(
            files
                .iter()
                .any(|(name, text)| name.starts_with("app-") && *text == entry)
        );
    }

    #[test]
    fn the_engine_is_named_by_the_page_and_its_program_by_the_engine() {
        let files = built(AppName::Kitchen);
        let named = |stem: &str, end: &str| {
            let mut names = files.keys();
            names
                .find(|name| name.starts_with(stem) && name.ends_with(end))
                .cloned()
                .unwrap()
        };
        let (glue, program) = (named("engine-", ".js"), named("engine-", ".wasm"));
        assert!(files["index.html"].contains(&format!("data-engine=\"/kitchen/{glue}\"")));
        assert!(files[&glue].contains(&format!("new URL(\"./{program}\"")));
        assert!(files["sw.js"].contains(&program) && files["sw.js"].contains(&glue));
    }

    #[test]
    fn a_manifest_names_pictures_that_are_there_and_stays_in_its_own_scope() {
        for (app, base) in [
            (AppName::Customer, "/"),
            (AppName::Kitchen, "/kitchen/"),
            (AppName::Driver, "/driver/"),
        ] {
            let files = built(app);
            let (_, text) = files
                .iter()
                .find(|(name, _)| name.ends_with(".webmanifest"))
                .unwrap();
            let manifest: serde_json::Value = serde_json::from_str(text).unwrap();
            for word in ["id", "scope", "start_url"] {
                assert_eq!(manifest[word], base, "{word}");
            }
            let icons = manifest["icons"].as_array().unwrap();
            assert!(
                icons
                    .iter()
                    .any(|icon| icon["purpose"] == "maskable" && icon["sizes"] == "512x512")
            );
            for icon in icons {
                assert!(
                    files.contains_key(icon["src"].as_str().unwrap().strip_prefix(base).unwrap()),
                    "{icon}"
                );
            }
        }
    }

    #[test]
    fn a_worker_keeps_every_file_of_its_build_and_knows_its_own_page() {
        let files = built(AppName::Driver);
        let worker = &files["sw.js"];
        for name in files
            .keys()
            .filter(|name| !["index.html", "sw.js"].contains(&name.as_str()))
        {
            assert!(worker.contains(&format!("\"/driver/{name}\"")), "{name}");
        }
        let entry = files
            .keys()
            .find(|name| name.starts_with("app-") && name.strip_suffix(".js").is_some())
            .unwrap();
        assert!(files["index.html"].contains(entry));
        assert!(worker.contains(&format!("page.includes(\"{entry}\")")));
    }

    #[test]
    fn the_customers_worker_leaves_the_other_apps_alone() {
        let worker = &built(AppName::Customer)["sw.js"];
        for path in ["/kitchen", "/driver", "/admin", "/api"] {
            assert!(worker.contains(&format!("\"{path}\"")), "{path}");
        }
    }
}

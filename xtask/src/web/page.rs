//! The files around the wasm: the page, the boot script, the manifest and the service worker.
//!
//! Every file that a page names carries its content's hash, so a browser may keep it forever. No inline
//! script and no inline style: the page works under `script-src 'self' 'wasm-unsafe-eval'; style-src 'self'`.

use super::app::{App, Sources};
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
const ENGINE_PAGE: &str = include_str!("../../assets/engine-page.js");
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
    let js = js + &fill(ENGINE_WORKER, &[("wasm", &engine_wasm)]);
    let engine = add_hashed(&mut files, "engine", "js", js);
    let css = add_hashed(&mut files, "app", "css", sources.css);
    let boot = add_hashed(&mut files, "boot", "js", [ENGINE_PAGE, BOOT].concat());
    let icon = add_hashed(&mut files, "icon", "svg", sources.icon);
    let manifest = add_hashed(&mut files, "manifest", "webmanifest", manifest(app, &icon));

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
            ("manifest", &manifest),
            ("module_preloads", &module_preloads(app, &modules)),
            ("shell", sources.shell.trim()),
        ],
    );
    let build = short_hash(&[index.as_bytes()]);
    let worker = service_worker(app, &files, &build);
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

fn add_hashed(files: &mut Vec<File>, stem: &str, extension: &str, text: String) -> String {
    let name = format!("{stem}-{}.{extension}", short_hash(&[text.as_bytes()]));
    files.push(File {
        name: name.clone(),
        content: text.into_bytes(),
    });
    name
}

fn module_preloads(app: &App, modules: &[String]) -> String {
    modules.iter().fold(String::new(), |mut html, module| {
        let _ = write!(html, "<link rel=\"modulepreload\" href=\"{}{module}\">", app.base);
        html
    })
}

fn manifest(app: &App, icon: &str) -> String {
    let manifest = serde_json::json!({
        "id": app.base,
        "name": app.title,
        "short_name": app.short_title,
        "description": app.description,
        "lang": "ar",
        "dir": "rtl",
        "start_url": app.base,
        "scope": app.base,
        "display": "standalone",
        "background_color": "#FAF7F2",
        "theme_color": "#FAF7F2",
        "icons": [{
            "src": format!("{}{icon}", app.base),
            "sizes": "any",
            "type": "image/svg+xml",
            "purpose": "any maskable",
        }],
    });
    format!("{manifest}\n")
}

fn service_worker(app: &App, hashed: &[File], build: &str) -> String {
    let paths: Vec<String> = hashed
        .iter()
        .map(|file| format!("{}{}", app.base, file.name))
        .collect();
    fill(
        SERVICE_WORKER,
        &[
            ("cache_prefix", &format!("momfood-{}-", app.name)),
            ("build", build),
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
    fn the_customers_worker_leaves_the_other_apps_alone() {
        let worker = &built(AppName::Customer)["sw.js"];
        for path in ["/kitchen", "/driver", "/admin", "/api", "/media"] {
            assert!(worker.contains(&format!("\"{path}\"")), "{path}");
        }
    }
}

//! What is ours in a phone's project: `cargo tauri android init` and `cargo tauri ios init` make `gen/android` and
//! `gen/apple`, which are not kept; this puts our files into them, and may be run again.
//!
//! It edits no generated file but iOS's entitlements, which it replaces whole: Android merges manifests by itself, and Tauri
//! merges `Info.ios.plist`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;

use crate::needs;
use crate::process;
use crate::web::AppName;
use crate::workspace::Workspace;

/// Whose phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Platform {
    /// `gen/android`.
    Android,
    /// `gen/apple`.
    Ios,
}

#[derive(clap::Args)]
pub struct Options {
    /// Which app.
    #[arg(long, value_enum)]
    app: AppName,
    /// Whose phones.
    #[arg(long, value_enum)]
    platform: Platform,
    /// The host whose links the app opens, such as `momfood.example`.
    #[arg(long)]
    host: String,
}

/// Lets the page be laid out between the bars and above the keyboard; see the file.
const ACTIVITY: &str = include_str!("../../assets/mobile/MainActivity.kt");

/// Puts our files into a generated project.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let id = options.app.facts().name;
    let shell = workspace.root.join("apps").join(id).join("shell");
    ensure!(
        !options.host.is_empty()
            && options
                .host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-".contains(c)),
        "`{}` is no host's name",
        options.host
    );
    let overlay = Overlay {
        shell: &shell,
        package: identifier(&shell)?,
        host: &options.host,
    };
    match options.platform {
        Platform::Android => overlay.android(),
        Platform::Ios => overlay.ios(&workspace.root, options.app),
    }
}

/// The app's name among all apps, as its tauri.conf.json says.
fn identifier(shell: &Path) -> Result<String> {
    let file = shell.join("tauri.conf.json");
    let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let conf: serde_json::Value = serde_json::from_str(&text)?;
    let id = conf["identifier"].as_str();
    Ok(id
        .with_context(|| format!("{} names no identifier", file.display()))?
        .to_owned())
}

struct Overlay<'a> {
    shell: &'a Path,
    package: String,
    host: &'a str,
}

impl Overlay<'_> {
    /// `text` with what is known only now.
    fn filled(&self, text: &str) -> String {
        text.replace("{{package}}", &self.package)
            .replace("{{host}}", self.host)
    }

    fn write(&self, file: &Path, text: &str) -> Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, self.filled(text))
            .with_context(|| format!("{} cannot be written", file.display()))?;
        println!("  {}", file.display());
        Ok(())
    }

    /// Every file below `from`, to the same place below `to`.
    fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
            let entry = entry?;
            let (source, target) = (entry.path(), to.join(entry.file_name()));
            if source.is_dir() {
                self.copy(&source, &target)?;
            } else {
                self.write(&target, &fs::read_to_string(&source)?)?;
            }
        }
        Ok(())
    }

    fn android(&self) -> Result<()> {
        let main = self.shell.join("gen/android/app/src");
        ensure!(
            main.join("main").is_dir(),
            "{} is not there: run `cargo tauri android init` in {} first",
            main.display(),
            self.shell.display()
        );
        let activity = self
            .package
            .split('.')
            .collect::<PathBuf>()
            .join("MainActivity.kt");
        self.write(&main.join("main/java").join(activity), ACTIVITY)?;
        let ours = self.shell.join("mobile/android");
        self.copy(&ours.join("res"), &main.join("main/res"))?;
        // A build type's manifest is merged over the main one: the generated one stays as it is.
        let manifest = fs::read_to_string(ours.join("AndroidManifest.xml"))?;
        for build in ["debug", "release"] {
            self.write(&main.join(build).join("AndroidManifest.xml"), &manifest)?;
        }
        Ok(())
    }

    fn ios(&self, root: &Path, app: AppName) -> Result<()> {
        let project = self.shell.join("gen/apple");
        let target = folder_ending(&project, "_iOS").with_context(|| {
            let shell = self.shell.display();
            format!(
                "{} has no target: run `cargo tauri ios init` in {shell} first",
                project.display()
            )
        })?;
        let ours = self.shell.join("mobile/ios");
        let name = target
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let rights = ours.join("app.entitlements");
        if rights.is_file() {
            self.write(
                &target.join(format!("{name}.entitlements")),
                &fs::read_to_string(rights)?,
            )?;
        }
        for language in ["ar", "en"] {
            let folder = format!("{language}.lproj");
            self.copy(&ours.join(&folder), &target.join(&folder))?;
        }
        if app == AppName::Driver {
            self.engine_in_swift(root)?;
        }
        // The project's file lists what was there when it was made.
        if needs::on_path("xcodegen").is_some() {
            process::run(Command::new("xcodegen").arg("generate").current_dir(&project))?;
        } else {
            println!(
                "  xcodegen is not here: run `xcodegen generate` in {}",
                project.display()
            );
        }
        Ok(())
    }

    /// The engine's face in Swift, where the location plugin's package looks for it.
    fn engine_in_swift(&self, root: &Path) -> Result<()> {
        let made = root.join("dist/bindings/swift");
        let to = root.join("apps/driver/location/ios/Engine");
        for (from, place) in [
            ("momfood.swift", "Swift/momfood.swift"),
            ("momfoodFFI.h", "C/momfoodFFI.h"),
            ("momfoodFFI.modulemap", "C/module.modulemap"),
        ] {
            let file = made.join(from);
            let Ok(text) = fs::read_to_string(&file) else {
                bail!(
                    "{} is not there: run `cargo xtask bindings` first",
                    file.display()
                );
            };
            self.write(&to.join(place), &text)?;
        }
        // A target without a source of its own is none to Swift's package manager.
        self.write(&to.join("C/empty.c"), "#include \"momfoodFFI.h\"\n")
    }
}

/// The first folder in `folder` whose name ends so.
fn folder_ending(folder: &Path, end: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = entries
        .filter(|path| path.is_dir() && path.to_string_lossy().ends_with(end))
        .collect();
    found.sort();
    found.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// A checkout with one app whose project was just generated.
    fn checkout(name: &str) -> (Folder, PathBuf) {
        let root = std::env::temp_dir().join(format!("momfood-overlay-{name}-{}", std::process::id()));
        let shell = root.join("shell");
        for (file, text) in [
            ("tauri.conf.json", r#"{ "identifier": "sa.momfood.driver" }"#),
            ("mobile/android/AndroidManifest.xml", "<data host=\"{{host}}\" />"),
            ("mobile/android/res/values-ar/strings.xml", "<resources />"),
            ("mobile/ios/app.entitlements", "applinks:{{host}}"),
            ("mobile/ios/ar.lproj/InfoPlist.strings", "ar"),
            ("mobile/ios/en.lproj/InfoPlist.strings", "en"),
        ] {
            let file = shell.join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        }
        (Folder(root), shell)
    }

    fn overlay(shell: &Path) -> Overlay<'_> {
        Overlay {
            shell,
            package: identifier(shell).expect("an identifier"),
            host: "momfood.example",
        }
    }

    #[test]
    fn an_android_project_gets_our_manifest_activity_and_words() {
        let (_folder, shell) = checkout("android");
        assert!(overlay(&shell).android().is_err(), "nothing was generated yet");
        let src = shell.join("gen/android/app/src");
        fs::create_dir_all(src.join("main")).expect("a folder");
        overlay(&shell).android().expect("laid over");
        let read = |file: &str| fs::read_to_string(src.join(file)).expect(file);
        assert!(read("main/java/sa/momfood/driver/MainActivity.kt").contains("package sa.momfood.driver\n"));
        assert_eq!(
            read("release/AndroidManifest.xml"),
            "<data host=\"momfood.example\" />"
        );
        assert_eq!(
            read("debug/AndroidManifest.xml"),
            read("release/AndroidManifest.xml")
        );
        assert_eq!(read("main/res/values-ar/strings.xml"), "<resources />");
    }

    #[test]
    fn an_ios_project_gets_our_rights_and_words() {
        let (folder, shell) = checkout("ios");
        assert!(
            overlay(&shell).ios(&folder.0, AppName::Customer).is_err(),
            "nothing was generated yet"
        );
        let target = shell.join("gen/apple/momfood-driver-shell_iOS");
        fs::create_dir_all(&target).expect("a folder");
        overlay(&shell)
            .ios(&folder.0, AppName::Customer)
            .expect("laid over");
        let read = |file: &str| fs::read_to_string(target.join(file)).expect(file);
        assert_eq!(
            read("momfood-driver-shell_iOS.entitlements"),
            "applinks:momfood.example"
        );
        assert_eq!(read("ar.lproj/InfoPlist.strings"), "ar");
        let without = overlay(&shell).ios(&folder.0, AppName::Driver);
        assert!(without.is_err(), "the driver's plugin needs the engine's face");
    }
}

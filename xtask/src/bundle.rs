//! `cargo xtask bundle`: what a person installs. On Linux a `.deb` for each app, put together by dpkg's own tools from what
//! is here, with nothing fetched; Windows and macOS are bundled where their SDKs are, see `.github/workflows`.

use crate::apps;
use crate::needs::{self, Need};
use crate::process;
use crate::web::{self, AppName};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(clap::Args)]
pub struct Options {
    /// Only these apps (repeatable); all of them when absent.
    #[arg(long, value_enum)]
    app: Vec<AppName>,
    /// Of programs that are quick to build and slow to run.
    #[arg(long)]
    dev: bool,
}

/// dpkg's tools: one finds out which packages a program needs, the other packs.
const DPKG: Need = Need {
    name: "dpkg-dev",
    purpose: "packs the .deb and finds out what it depends on",
    packages: &["dpkg-dev", "dpkg"],
    find: || needs::on_path("dpkg-shlibdeps").and(needs::on_path("dpkg-deb")),
};

/// Builds the wanted apps and packs each.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let wanted = AppName::native(&options.app);
    let web = web::Options {
        app: wanted.clone(),
        dev: options.dev,
    };
    web::run(workspace, &web)?;
    for package in pack(workspace, &wanted, !options.dev)? {
        let size = std::fs::metadata(&package)?.len();
        println!("  {}  {} kB", package.display(), size.div_ceil(1000));
    }
    Ok(())
}

/// Packs the apps with the screens there are, into `target/bundle/`; names the packages.
pub fn pack(workspace: &Workspace, wanted: &[AppName], release: bool) -> Result<Vec<PathBuf>> {
    needs::ensure(&[&DPKG])?;
    let programs = apps::build(workspace, wanted, release)?;
    let folder = workspace.target.join("bundle");
    std::fs::create_dir_all(&folder)?;
    wanted
        .iter()
        .zip(programs)
        .map(|(app, program)| Deb::of(workspace, *app, &folder).pack(&program))
        .collect()
}

/// A package on its way.
struct Deb<'a> {
    workspace: &'a Workspace,
    app: AppName,
    /// `momfood-kitchen`: package, program, icon and menu entry.
    name: &'static str,
    folder: &'a Path,
    /// What lies here will lie below `/`.
    root: PathBuf,
}

/// What no program is linked with and none can do without: the roots of trust of TLS, Arabic letters, and the bell of a new order, which the webview
/// plays through these.
const MEANT: &str = "ca-certificates, fonts-noto-core, gstreamer1.0-plugins-base, gstreamer1.0-plugins-good";

const VERSION: &str = env!("CARGO_PKG_VERSION");

impl<'a> Deb<'a> {
    fn of(workspace: &'a Workspace, app: AppName, folder: &'a Path) -> Self {
        let name = app.facts().package;
        Self {
            workspace,
            app,
            name,
            folder,
            root: folder.join(name),
        }
    }

    fn pack(&self, program: &Path) -> Result<PathBuf> {
        let _ = std::fs::remove_dir_all(&self.root);
        let placed = self.root.join("usr/bin").join(self.name);
        copy(program, &placed)?;
        process::run(Command::new("strip").arg(&placed))?;
        self.place_icons()?;
        let share = self.root.join("usr/share");
        write(
            &share.join("applications").join(format!("{}.desktop", self.name)),
            &self.menu_entry(),
        )?;
        write(&share.join("doc").join(self.name).join("copyright"), COPYRIGHT)?;
        let control = self.root.join("DEBIAN");
        write(&control.join("md5sums"), &self.sums()?)?;
        write(&control.join("control"), &self.control(&placed)?)?;
        let package = self
            .folder
            .join(format!("{}_{VERSION}_{}.deb", self.name, architecture()?));
        let mut pack = Command::new("dpkg-deb");
        pack.args(["--root-owner-group", "--build"])
            .args([&self.root, &package]);
        // The same sources make the same package.
        if let Some(epoch) = process::output_of("git", &["log", "-1", "--format=%ct"]) {
            pack.env("SOURCE_DATE_EPOCH", epoch);
        }
        process::run(&mut pack)?;
        Ok(package)
    }

    fn sources(&self) -> PathBuf {
        self.workspace.root.join("apps").join(self.app.facts().name)
    }

    fn place_icons(&self) -> Result<()> {
        let icons = self.root.join("usr/share/icons/hicolor");
        copy(
            &self.sources().join("icon.svg"),
            &icons.join("scalable/apps").join(format!("{}.svg", self.name)),
        )?;
        for (size, file) in [(32, "32x32.png"), (128, "128x128.png"), (256, "128x128@2x.png")] {
            let place = icons
                .join(format!("{size}x{size}/apps"))
                .join(format!("{}.png", self.name));
            copy(&self.sources().join("shell/icons").join(file), &place)?;
        }
        Ok(())
    }

    fn menu_entry(&self) -> String {
        let app = self.app.facts();
        let (arabic, english) = app.title.split_once(" · ").unwrap_or((app.title, app.title));
        let [_, _, description] = app.english;
        format!(
            "[Desktop Entry]\nType=Application\nName={english}\nName[ar]={arabic}\nComment={description}\n\
             Comment[ar]={arabic_description}\nExec={name} %u\nIcon={name}\nTerminal=false\nCategories=Office;\n\
             StartupWMClass={name}\n{mime}",
            arabic_description = app.description,
            name = self.name,
            mime = if self.app == AppName::Customer {
                "MimeType=x-scheme-handler/momfood;\n"
            } else {
                ""
            },
        )
    }

    /// A line for each file, as `md5sum` writes it: dpkg asks for this sum and no other.
    fn sums(&self) -> Result<String> {
        let listed = Command::new("sh")
            .current_dir(&self.root)
            .args(["-c", "find usr -type f | LC_ALL=C sort | xargs md5sum"])
            .output()?;
        Ok(String::from_utf8(listed.stdout)?)
    }

    fn control(&self, program: &Path) -> Result<String> {
        let kilobytes: u64 = walk(&self.root.join("usr"))?.div_ceil(1024);
        let app = self.app.facts();
        let [title, _, description] = app.english;
        Ok(format!(
            "Package: {name}\nVersion: {VERSION}\nArchitecture: {architecture}\nMaintainer: MomFood <apps@momfood.example>\n\
             Installed-Size: {kilobytes}\nDepends: {depends}, {MEANT}\nRecommends: gnome-keyring\nSection: misc\n\
             Priority: optional\nHomepage: https://momfood.example\nDescription: {title}\n {description}.\n",
            name = self.name,
            architecture = architecture()?,
            depends = self.depends(program)?,
        ))
    }

    /// The packages whose libraries the program is linked with.
    fn depends(&self, program: &Path) -> Result<String> {
        let scratch = self.folder.join(format!("{}.shlibs", self.name));
        // The tool insists on a source package's own description of itself.
        write(
            &scratch.join("debian/control"),
            &format!("Source: {0}\n\nPackage: {0}\nArchitecture: any\n", self.name),
        )?;
        let output = Command::new("dpkg-shlibdeps")
            .current_dir(&scratch)
            .arg("-O")
            .arg("--ignore-missing-info")
            .arg(program)
            .output()
            .context("dpkg-shlibdeps")?;
        let said = String::from_utf8(output.stdout)?;
        let depends = said.trim().strip_prefix("shlibs:Depends=");
        depends
            .map(str::to_owned)
            .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Puts what a package holds below `root`, as installing it would, and leaves the machine alone.
pub fn unpack(package: &Path, root: &Path) -> Result<()> {
    std::fs::create_dir_all(root)?;
    process::run(Command::new("dpkg-deb").arg("--extract").args([package, root]))
}

/// Whether this machine's package manager finds everything the package depends on, without installing it.
pub fn can_be_installed(package: &Path) -> Result<()> {
    let mut ask = Command::new("apt-get");
    ask.args(["-q", "--simulate", "install", "--no-install-recommends"])
        .arg(package)
        .stdout(std::process::Stdio::null());
    process::run(&mut ask)
}

fn architecture() -> Result<String> {
    process::output_of("dpkg", &["--print-architecture"])
        .context("dpkg does not say for which machine it packs")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to.parent().context("a place in a folder")?)?;
    std::fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

fn write(file: &Path, content: &str) -> Result<()> {
    std::fs::create_dir_all(file.parent().context("a file in a folder")?)?;
    std::fs::write(file, content).with_context(|| format!("cannot write {}", file.display()))
}

/// Bytes of everything below `folder`.
fn walk(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() {
            walk(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(sum)
}

const COPYRIGHT: &str = concat!(
    "Copyright: the authors of MomFood. To be had under the Apache License 2.0 (/usr/share/common-licenses/Apache-2.0)\n\
     or, at your choice, under this one:\n\n",
    include_str!("../../LICENSE-MIT")
);

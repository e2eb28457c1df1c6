//! What is tested, and where its traces are left. Told by `cargo xtask test`; never guessed.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// What is tested.
pub struct Setup {
    /// The server.
    pub server: PathBuf,
    /// The built web apps.
    pub apps: PathBuf,
    /// The folder of the native apps, where there are some.
    programs: Option<PathBuf>,
    /// Cargo's target folder.
    pub target: PathBuf,
}

static SETUP: LazyLock<Result<Setup, String>> = LazyLock::new(Setup::read);

/// What is tested.
///
/// # Panics
/// When nobody said what it is: a story that was not told has not passed.
pub fn setup() -> &'static Setup {
    match &*SETUP {
        Ok(setup) => setup,
        Err(why) => panic!("{why}"),
    }
}

impl Setup {
    /// The folder of the native apps.
    ///
    /// # Panics
    /// When nobody said where they are.
    pub fn programs(&self) -> &Path {
        let folder = self.programs.as_deref();
        folder.expect("MOMFOOD_APPS is not set: the folder of momfood-customer, -kitchen and -driver")
    }

    fn read() -> Result<Self, String> {
        if std::env::var_os("MOMFOOD_E2E").is_none() {
            return Err(
                "the stories need the built server and web apps: run `cargo xtask test`, or set MOMFOOD_E2E=1, \
                        MOMFOOD_BINARY (the server) and MOMFOOD_DIST (the web apps)"
                    .to_owned(),
            );
        }
        let told = |name: &str| {
            let path = std::env::var_os(name)
                .map(PathBuf::from)
                .ok_or_else(|| format!("{name} is not set"))?;
            std::path::absolute(&path)
                .ok()
                .filter(|path| path.exists())
                .ok_or_else(|| format!("{name}: there is no {}", path.display()))
        };
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        // target/<profile>/deps/<program>
        let target = program.ancestors().nth(3).map(Path::to_owned);
        Ok(Self {
            server: told("MOMFOOD_BINARY")?,
            apps: told("MOMFOOD_DIST")?,
            programs: std::env::var_os("MOMFOOD_APPS").map(PathBuf::from),
            target: target.ok_or("this program is not in cargo's target folder")?,
        })
    }
}

//! Pictures to be chosen where a file is asked for.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// One red pixel.
pub const RED: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
/// One blue pixel.
pub const BLUE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC";

/// A picture as a file of `folder`.
pub fn picture(folder: &Path, name: &str, base64: &str) -> PathBuf {
    let bytes = BASE64_STANDARD.decode(base64).expect("base64");
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

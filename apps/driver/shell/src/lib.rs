//! The driver's program. On a phone it knows where it is, see `phone`; on a computer nobody is asked: there is no
//! receiver, and what the geolocation plugin answers there, (0, 0), is no place.

#[cfg(any(mobile, test))]
mod location;
#[cfg(mobile)]
mod phone;

use momfood_shell::{AppKind, Program};
use tauri::Runtime;

/// What the driver's program has of its own.
pub fn program<R: Runtime>() -> Program<R> {
    let program = Program::of(AppKind::Driver);
    #[cfg(mobile)]
    let program = program.plugins(phone::plugins).setup(phone::follow);
    program
}

/// Its settings, capabilities and screens. Tauri's macro writes the screens to files while it is expanded: two compilers that
/// expand it at once embed half of a file. So it stands here alone, and not where the library is compiled for its own tests.
#[cfg(not(test))]
pub fn context<R: Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}

/// Runs it until its window is closed.
#[cfg(not(test))]
#[cfg_attr(mobile, tauri::mobile_entry_point)]
#[cfg_attr(mobile, allow(unsafe_code, reason = "how a phone starts it is made by Tauri"))]
pub fn run() {
    momfood_shell::run(program(), context());
}

// A phone's own code finds the same engine in this library.
momfood_shell::engine_face!();

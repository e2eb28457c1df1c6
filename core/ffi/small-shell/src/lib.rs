//! A shell in the small, for the tests: one library that holds the engine, with both of its doors. Its own code comes in
//! through Rust, as a shell's window does; whoever loads the library comes in through `UniFFI`, as a phone's service does.

#![warn(missing_docs)]

use std::sync::{Arc, Barrier};

use momfood_client::net::native::Handle;
use momfood_ffi::{AppName, OpenConfig};
use serde_json::Value;

uniffi::setup_scaffolding!("small_shell");
// As every shell does: so that the linker leaves the face in the library.
momfood_ffi::uniffi_reexport_scaffolding!();

/// Opens the driver's engine in Rust, `at_once` times from as many threads, and answers with each one's engine.
#[uniffi::export]
pub fn open_in_rust(folder: String, server: String, at_once: u32) -> Vec<Arc<Window>> {
    let config = OpenConfig {
        app: AppName::Driver,
        folder,
        server,
    };
    let together = Barrier::new(at_once as usize);
    std::thread::scope(|scope| {
        let open = || {
            together.wait();
            momfood_ffi::open(&config)
        };
        let openings: Vec<_> = (0..at_once).map(|_| scope.spawn(open)).collect();
        let handles = openings
            .into_iter()
            .filter_map(|opening| opening.join().ok()?.ok());
        handles.map(|handle| Arc::new(Window(handle))).collect()
    })
}

/// What a window has of the engine.
#[derive(uniffi::Object)]
pub struct Window(Handle);

#[uniffi::export]
impl Window {
    /// Answers a Call as JSON.
    pub async fn ask(&self, name: String, args: String) -> String {
        let args: Value = serde_json::from_str(&args).unwrap_or_default();
        let reply = self.0.call(&name, args).await;
        serde_json::to_value(&reply).unwrap_or_default().to_string()
    }
}

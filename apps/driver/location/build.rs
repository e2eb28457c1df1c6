//! Tells Tauri where the Kotlin and the Swift are. There are no commands: no page can reach the plugin.

fn main() {
    tauri_plugin::Builder::new(&[])
        .android_path("android")
        .ios_path("ios")
        .build();
}

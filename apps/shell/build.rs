//! Says whether the program is built for a phone or a computer, in Tauri's own words `mobile` and `desktop`.

fn main() {
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    let mobile = system == "android" || system == "ios";
    println!("cargo:rustc-check-cfg=cfg(mobile)");
    println!("cargo:rustc-check-cfg=cfg(desktop)");
    println!("cargo:rustc-cfg={}", if mobile { "mobile" } else { "desktop" });
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=MOMFOOD_SERVER");
}

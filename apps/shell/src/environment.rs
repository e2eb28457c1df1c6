//! What the webview needs to know before it starts. Set only where the person has not: theirs wins.

/// On Linux, WebKitGTK draws nothing or slowly where its usual way to the graphics card is broken or missing.
#[cfg(target_os = "linux")]
pub fn prepare() {
    use std::path::Path;

    let there = |path: &str| Path::new(path).exists();
    let card = there("/dev/dri");
    // NVIDIA's own driver shows blank windows by way of DMA-BUF; without a card there is nothing to share buffers with.
    if !card || there("/proc/driver/nvidia/version") {
        set("WEBKIT_DISABLE_DMABUF_RENDERER");
    }
    if !card {
        set("WEBKIT_DISABLE_COMPOSITING_MODE");
    }
}

#[cfg(not(target_os = "linux"))]
pub fn prepare() {}

#[cfg(target_os = "linux")]
fn set(name: &str) {
    // Fails only for names that are none.
    let _ = glib::setenv(name, "1", false);
}

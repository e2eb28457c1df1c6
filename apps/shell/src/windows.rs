//! The app's windows: one for the app, and in a kitchen one for each station. What was open, where it stood and whether
//! it filled the screen is as before at the next start.
//!
//! Closing the app's window ends the app; closing a station's says that it is not wanted any more.

mod remembered;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use momfood_client::AppKind;
use momfood_client::port::CannotDo;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tauri::utils::config::BackgroundThrottlingPolicy;
use tauri::webview::{DownloadEvent, NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Manager as _, Runtime, WebviewUrl, WebviewWindow, Window, WindowEvent};

use crate::home::Home;
use crate::line::Line;
use crate::links;
#[cfg(desktop)]
use remembered::Frame;
use remembered::Remembered;

/// The app's own window.
const MAIN: &str = "main";
/// Before a station's name in its window's label.
const STATION: &str = "station-";
/// A station's name is a few words.
const LONGEST_NAME: usize = 80;

/// What the program knows of its windows.
pub struct Windows {
    base: &'static str,
    #[cfg_attr(mobile, expect(dead_code, reason = "a phone's window has no title"))]
    title: String,
    /// How large the window is before anybody has made it so.
    #[cfg_attr(mobile, expect(dead_code, reason = "a phone's window fills the screen"))]
    size: (f64, f64),
    #[cfg_attr(mobile, expect(dead_code, reason = "a phone gives its webview a place"))]
    webview_data: PathBuf,
    remembered: Mutex<Remembered>,
}

impl Windows {
    /// Of the app whose home that is.
    pub fn of(kind: AppKind, title: &str, home: &Home) -> Self {
        Self {
            base: base(kind),
            title: title.to_owned(),
            size: size(kind),
            webview_data: home.folder.join("webview"),
            remembered: Mutex::new(Remembered::read(home.folder.join("windows.json"))),
        }
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path below which an app's screens are, without a slash before it.
const fn base(kind: AppKind) -> &'static str {
    match kind {
        AppKind::Customer => "",
        AppKind::Kitchen => "kitchen/",
        AppKind::Driver => "driver/",
        AppKind::Admin => "admin/",
    }
}

/// The kitchen's screens are made for a counter, the driver's for one hand; the customer's fit either.
const fn size(kind: AppKind) -> (f64, f64) {
    match kind {
        AppKind::Customer | AppKind::Kitchen | AppKind::Admin => (1280.0, 800.0),
        AppKind::Driver => (440.0, 860.0),
    }
}

/// Opens what was open the last time.
pub fn open_all<R: Runtime>(app: &AppHandle<R>, stations: bool) -> tauri::Result<()> {
    build(app, MAIN, None)?;
    if stations {
        let windows = app.state::<Windows>();
        let names = windows.remembered().stations.clone();
        for name in names {
            build(app, &label(&name), Some(&name))?;
        }
        // With one screen only, the board is what is seen.
        to_front(app);
    }
    Ok(())
}

/// Opens a station's window, or the app's own, or brings it to the front.
pub fn open<R: Runtime>(app: &AppHandle<R>, station: Option<&str>) -> Result<(), CannotDo> {
    let Some(name) = station.map(str::trim) else {
        to_front(app);
        return Ok(());
    };
    if name.is_empty() || name.len() > LONGEST_NAME || cfg!(mobile) {
        return Err(CannotDo(format!(
            "no window can be opened for the station {name:?}"
        )));
    }
    let label = label(name);
    if let Some(window) = app.get_webview_window(&label) {
        raise(&window);
        return Ok(());
    }
    app.state::<Windows>()
        .remembered()
        .change(|now| now.stations.push(name.to_owned()));
    let (handle, name) = (app.clone(), name.to_owned());
    // The engine must not wait for a window, and on Windows none may be built by who handles an event.
    tauri::async_runtime::spawn_blocking(move || {
        if let Err(error) = build(&handle, &label, Some(&name)) {
            eprintln!("momfood: the window of a station could not be opened: {error}");
        }
    });
    Ok(())
}

/// Brings the app's own window to the front.
pub fn to_front<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        raise(&window);
    }
}

#[cfg(desktop)]
fn raise<R: Runtime>(window: &WebviewWindow<R>) {
    // A window that does not come is still there.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}

#[cfg(mobile)]
fn raise<R: Runtime>(_window: &WebviewWindow<R>) {}

/// Whether the app fills its screens.
#[cfg(desktop)]
pub fn full_screen<R: Runtime>(app: &AppHandle<R>) -> bool {
    let shown = app.get_webview_window(MAIN).map(|window| window.is_fullscreen());
    shown
        .and_then(Result::ok)
        .unwrap_or_else(|| app.state::<Windows>().remembered().full_screen)
}

/// Lets all windows fill their screens, or none; so do those that open later, and the next start.
#[cfg(desktop)]
pub fn set_full_screen<R: Runtime>(app: &AppHandle<R>, on: bool) -> Result<(), CannotDo> {
    app.state::<Windows>()
        .remembered()
        .change(|now| now.full_screen = on);
    for window in app.webview_windows().values() {
        window
            .set_fullscreen(on)
            .map_err(|error| CannotDo(error.to_string()))?;
    }
    Ok(())
}

/// Lets all windows fill their screens, or none.
#[cfg(mobile)]
pub fn set_full_screen<R: Runtime>(_app: &AppHandle<R>, _on: bool) -> Result<(), CannotDo> {
    Err(CannotDo("a phone's apps fill its screen".to_owned()))
}

/// Any name is a window's label in hexadecimal digits: labels know no Arabic.
fn label(station: &str) -> String {
    station.bytes().fold(STATION.to_owned(), |mut label, byte| {
        use std::fmt::Write as _;
        let _ = write!(label, "{byte:02x}");
        label
    })
}

fn page(base: &str, station: Option<&str>) -> PathBuf {
    PathBuf::from(match station {
        Some(name) => format!("{base}station/{}", utf8_percent_encode(name, NON_ALPHANUMERIC)),
        None => base.to_owned(),
    })
}

fn build<R: Runtime>(app: &AppHandle<R>, label: &str, station: Option<&str>) -> tauri::Result<()> {
    let windows = app.state::<Windows>();
    let (going, opening) = (app.clone(), app.clone());
    let builder = WebviewWindowBuilder::new(app, label, WebviewUrl::App(page(windows.base, station)))
        .on_navigation(move |url| links::follow(&going, url))
        .on_new_window(move |url, _| {
            if links::way(&url) == links::Way::Outside {
                links::follow(&opening, &url);
            }
            NewWindowResponse::Deny
        })
        // A bell must ring behind other windows too.
        .background_throttling(BackgroundThrottlingPolicy::Disabled)
        .on_download(|page, download| {
            if let DownloadEvent::Requested { destination, .. } = download {
                keep_where_people_look(page.app_handle(), destination);
            }
            true
        });
    #[cfg(desktop)]
    let builder = builder
        .data_directory(windows.webview_data.clone())
        .on_document_title_changed(|window, title| {
            // A window without a title has the one it was opened with.
            let _ = window.set_title(&title);
        });
    #[cfg(desktop)]
    let builder = {
        let (frame, full_screen) = {
            let remembered = windows.remembered();
            (remembered.frames.get(label).copied(), remembered.full_screen)
        };
        // Asked while nothing is locked: the thread that knows may wait for the same lock.
        let frame = frame.filter(|frame| frame.is_on(&monitors(app)));
        let builder = builder
            .title(station.map_or_else(
                || windows.title.clone(),
                |name| format!("{name} · {}", windows.title),
            ))
            .min_inner_size(360.0, 480.0)
            .fullscreen(full_screen);
        match frame {
            Some(frame) => builder
                .inner_size(frame.width, frame.height)
                .position(frame.x, frame.y)
                .maximized(frame.maximized),
            None => builder.inner_size(windows.size.0, windows.size.1),
        }
    };
    builder.build()?;
    Ok(())
}

/// Files that a page made for the person go where their downloads are; a machine that knows no such place has their home.
fn keep_where_people_look<R: Runtime>(app: &AppHandle<R>, destination: &mut PathBuf) {
    if app.path().download_dir().is_err()
        && let (Ok(home), Some(name)) = (app.path().home_dir(), destination.file_name())
    {
        let downloads = home.join("Downloads");
        *destination = if downloads.is_dir() { downloads } else { home }.join(name);
    }
}

#[cfg(desktop)]
fn monitors<R: Runtime>(app: &AppHandle<R>) -> Vec<Frame> {
    let monitors = app.available_monitors().unwrap_or_default();
    monitors
        .iter()
        .map(|monitor| {
            let scale = monitor.scale_factor();
            Frame::new(
                monitor.position().to_logical(scale),
                monitor.size().to_logical(scale),
            )
        })
        .collect()
}

/// Hears what happens to a window.
pub fn hear<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    if window.try_state::<Windows>().is_none() || window.try_state::<Line>().is_none() {
        // The app did not start, and its window says why.
        return;
    }
    match event {
        WindowEvent::Destroyed => window.state::<Line>().forget(window.label()),
        #[cfg(desktop)]
        WindowEvent::Moved(_) | WindowEvent::Resized(_) => note_frame(window),
        #[cfg(desktop)]
        WindowEvent::Focused(false) => window.state::<Windows>().remembered().write(),
        #[cfg(desktop)]
        WindowEvent::CloseRequested { .. } => {
            let windows = window.state::<Windows>();
            if window.label() == MAIN {
                windows.remembered().write();
                window.app_handle().exit(0);
            } else {
                windows
                    .remembered()
                    .change(|now| now.stations.retain(|name| label(name) != window.label()));
            }
        }
        _ => {}
    }
}

/// Notes where a window stands; it is written when the window is left or closed, not at every step of a drag.
#[cfg(desktop)]
fn note_frame<R: Runtime>(window: &Window<R>) {
    let (Ok(scale), Ok(position), Ok(size)) = (
        window.scale_factor(),
        window.outer_position(),
        window.inner_size(),
    ) else {
        return;
    };
    if window.is_fullscreen().unwrap_or(true) || window.is_minimized().unwrap_or(true) {
        return;
    }
    let maximized = window.is_maximized().unwrap_or(false);
    let mut frame = Frame::new(position.to_logical(scale), size.to_logical(scale));
    frame.maximized = maximized;
    let windows = window.state::<Windows>();
    windows.remembered().note(window.label(), frame);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_of_any_name_has_a_label_and_a_page_of_its_own() {
        assert_eq!(label("grill"), "station-6772696c6c");
        let named = label("الشواية");
        assert!(
            named
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-'),
            "{named}"
        );
        assert_ne!(named, label("المقبلات"));
        assert_eq!(page("kitchen/", None), PathBuf::from("kitchen/"));
        assert_eq!(
            page("kitchen/", Some("../a b?")),
            PathBuf::from("kitchen/station/%2E%2E%2Fa%20b%3F")
        );
    }
}

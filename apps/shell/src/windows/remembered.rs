//! What is remembered of the windows, in a small file beside the app's data. Losing it costs nothing but a bit of comfort.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
#[cfg(desktop)]
use tauri::{LogicalPosition, LogicalSize};

/// What is remembered.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Remembered {
    /// Whether the windows fill their screens.
    pub full_screen: bool,
    /// The stations with a window, in the order in which they were opened.
    pub stations: Vec<String>,
    /// Where windows stand, by their labels.
    pub frames: BTreeMap<String, Frame>,
    #[serde(skip)]
    file: PathBuf,
}

/// Where a window stands, in points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Frame {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Of what is inside.
    pub width: f64,
    /// Of what is inside.
    pub height: f64,
    /// Whether it takes the whole desktop.
    pub maximized: bool,
}

impl Remembered {
    /// From the file; nothing, if there is none or it is damaged.
    pub fn read(file: PathBuf) -> Self {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let mut read: Self = serde_json::from_str(&text).unwrap_or_default();
        read.file = file;
        read
    }

    /// Changes it, and writes it down.
    pub fn change(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        self.stations = std::mem::take(&mut self.stations)
            .into_iter()
            .fold(Vec::new(), |mut names, name| {
                if !names.contains(&name) {
                    names.push(name);
                }
                names
            });
        self.write();
    }

    /// Notes where a window stands, to be written with the next change.
    #[cfg(desktop)]
    pub fn note(&mut self, label: &str, mut frame: Frame) {
        // Where it stood before is where it goes back to.
        if let Some(before) = self.frames.get(label).filter(|_| frame.maximized) {
            frame = Frame {
                maximized: true,
                ..*before
            };
        }
        self.frames.insert(label.to_owned(), frame);
    }

    /// Writes it down. What cannot be written is not remembered.
    pub fn write(&self) {
        let unfinished = self.file.with_extension("new");
        if let Ok(text) = serde_json::to_string_pretty(self)
            && std::fs::write(&unfinished, text).is_ok()
        {
            let _ = std::fs::rename(&unfinished, &self.file);
        }
    }
}

#[cfg(desktop)]
impl Frame {
    /// There, and so large.
    pub fn new(position: LogicalPosition<f64>, size: LogicalSize<f64>) -> Self {
        Self {
            x: position.x,
            y: position.y,
            width: size.width,
            height: size.height,
            maximized: false,
        }
    }

    /// Whether enough of it is on one of these screens that a person can take hold of it.
    pub fn is_on(&self, screens: &[Self]) -> bool {
        const HOLD: f64 = 80.0;
        let sound = self.width >= HOLD && self.height >= HOLD;
        sound
            && screens.iter().any(|screen| {
                let across = (self.x + self.width).min(screen.x + screen.width) - self.x.max(screen.x);
                let below = screen.y + screen.height - self.y;
                across >= HOLD && below >= HOLD && self.y >= screen.y - HOLD
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_start_finds_stations_and_full_screen_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("windows.json");
        let mut first = Remembered::read(file.clone());
        assert_eq!(
            first,
            Remembered {
                file: file.clone(),
                ..Remembered::default()
            }
        );
        first.change(|now| now.full_screen = true);
        for name in ["grill", "المقبلات", "grill"] {
            first.change(|now| now.stations.push(name.to_owned()));
        }
        let second = Remembered::read(file);
        assert!(second.full_screen);
        assert_eq!(second.stations, ["grill", "المقبلات"]);
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("windows.json");
        std::fs::write(&file, "{\"fullScreen\": tr").unwrap();
        assert!(!Remembered::read(file).full_screen);
    }

    #[test]
    fn a_window_of_a_screen_that_is_gone_opens_where_it_can_be_seen() {
        let frame = |x, y, width, height| Frame {
            x,
            y,
            width,
            height,
            maximized: false,
        };
        let screens = [frame(0.0, 0.0, 1280.0, 800.0)];
        assert!(frame(100.0, 100.0, 900.0, 600.0).is_on(&screens));
        assert!(!frame(1400.0, 100.0, 900.0, 600.0).is_on(&screens));
        assert!(!frame(100.0, 790.0, 900.0, 600.0).is_on(&screens));
        assert!(!frame(100.0, 100.0, 0.0, 0.0).is_on(&screens));
    }

    #[test]
    fn a_maximized_window_remembers_what_it_goes_back_to() {
        let mut remembered = Remembered::default();
        let small = Frame {
            x: 9.0,
            y: 9.0,
            width: 900.0,
            height: 600.0,
            maximized: false,
        };
        remembered.note("main", small);
        remembered.note(
            "main",
            Frame {
                x: 0.0,
                y: 0.0,
                width: 1280.0,
                height: 800.0,
                maximized: true,
            },
        );
        assert_eq!(
            remembered.frames["main"],
            Frame {
                maximized: true,
                ..small
            }
        );
    }
}

//! A printer as it is typed, and what it becomes once nothing is wrong with it. Pure.

use momfood_domain::text::Lang;
use momfood_protocol::engine::{Paper, Printer, PrinterLine};
use uuid::Uuid;

/// Speeds serial printers have.
pub const BAUDS: [u32; 5] = [9_600, 19_200, 38_400, 57_600, 115_200];
/// The port printers listen on.
const PORT: &str = "9100";
/// Most copies of a ticket.
pub const MAX_COPIES: u32 = 5;

/// How a printer is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Over the network.
    Network,
    /// A serial line.
    Serial,
    /// A device file.
    File,
}

impl By {
    /// In the order shown.
    pub const ALL: [Self; 3] = [Self::Network, Self::Serial, Self::File];
}

/// What is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Of the printer there is; a new one's is minted when it is saved.
    pub id: Option<Uuid>,
    /// What people call it.
    pub name: String,
    /// How it is reached.
    pub by: By,
    /// Name or address.
    pub host: String,
    /// Port, as typed.
    pub port: String,
    /// Of the serial line or the device file.
    pub path: String,
    /// Speed of the serial line.
    pub baud: u32,
    /// Its paper.
    pub paper: Paper,
    /// The language of its headings.
    pub lang: Lang,
    /// Prints only these stations' lines.
    pub stations: Vec<String>,
    /// Prints by itself.
    pub automatic: bool,
    /// How many of each ticket.
    pub copies: u32,
}

/// What can be wrong with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No name.
    Name,
    /// No host, or one with blanks in it.
    Host,
    /// Not a port.
    Port,
    /// No path.
    Path,
}

impl Draft {
    /// A new printer, as most are.
    pub fn new(lang: Lang) -> Self {
        Self {
            id: None,
            name: String::new(),
            by: By::Network,
            host: String::new(),
            port: PORT.to_owned(),
            path: String::new(),
            baud: BAUDS[0],
            paper: Paper::Wide,
            lang,
            stations: Vec::new(),
            automatic: true,
            copies: 1,
        }
    }

    /// One there is.
    pub fn of(printer: &Printer) -> Self {
        let mut draft = Self {
            id: Some(printer.id),
            name: printer.name.clone(),
            paper: printer.paper,
            stations: printer.stations.clone(),
            automatic: printer.automatic,
            copies: printer.copies.into(),
            ..Self::new(printer.lang)
        };
        match &printer.line {
            PrinterLine::Network { host, port } => {
                draft.by = By::Network;
                draft.host.clone_from(host);
                draft.port = port.to_string();
            }
            PrinterLine::Serial { path, baud } => {
                draft.by = By::Serial;
                draft.path.clone_from(path);
                draft.baud = *baud;
            }
            PrinterLine::File { path } => {
                draft.by = By::File;
                draft.path.clone_from(path);
            }
        }
        draft
    }

    /// What is wrong with it.
    pub fn wrong(&self) -> Vec<Wrong> {
        let network = self.by == By::Network;
        let host = self.host.trim();
        let found = [
            (Wrong::Name, self.name.trim().is_empty()),
            (
                Wrong::Host,
                network && (host.is_empty() || host.contains(char::is_whitespace)),
            ),
            (Wrong::Port, network && self.port().is_none()),
            (Wrong::Path, !network && self.path.trim().is_empty()),
        ];
        found
            .into_iter()
            .filter_map(|(what, is_so)| is_so.then_some(what))
            .collect()
    }

    fn port(&self) -> Option<u16> {
        self.port.trim().parse().ok().filter(|port| *port > 0)
    }

    /// The printer, with `minted` as its id when it is new; none while something is wrong.
    pub fn printer(&self, minted: impl FnOnce() -> Uuid) -> Option<Printer> {
        if !self.wrong().is_empty() {
            return None;
        }
        let path = self.path.trim().to_owned();
        let line = match self.by {
            By::Network => PrinterLine::Network {
                host: self.host.trim().to_owned(),
                port: self.port()?,
            },
            By::Serial => PrinterLine::Serial {
                path,
                baud: self.baud,
            },
            By::File => PrinterLine::File { path },
        };
        Some(Printer {
            id: self.id.unwrap_or_else(minted),
            name: self.name.trim().to_owned(),
            line,
            paper: self.paper,
            lang: self.lang,
            stations: self.stations.clone(),
            automatic: self.automatic,
            copies: u8::try_from(self.copies.clamp(1, MAX_COPIES)).unwrap_or(1),
        })
    }

    /// Adds a station to those it prints for, or takes it out.
    pub fn set_station(&mut self, station: &str, on: bool) {
        self.stations.retain(|other| other != station);
        if on {
            self.stations.push(station.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::printer;

    fn never() -> Uuid {
        panic!("a printer there is keeps its id")
    }

    #[test]
    fn a_printer_comes_out_of_the_form_as_it_went_in() {
        let mut it = printer(7, &["grill"]);
        for line in [
            it.line.clone(),
            PrinterLine::Serial {
                path: "/dev/ttyUSB0".to_owned(),
                baud: 38_400,
            },
            PrinterLine::File {
                path: "/dev/usb/lp0".to_owned(),
            },
        ] {
            it.line = line;
            assert_eq!(Draft::of(&it).printer(never), Some(it.clone()));
        }
    }

    #[test]
    fn a_new_printer_needs_a_name_and_a_way_to_it() {
        let mut draft = Draft::new(Lang::Ar);
        let minted = || Uuid::from_u128(5);
        assert_eq!(draft.printer(minted), None);
        draft.name = " الشواية ".to_owned();
        draft.host = "192.0.2.9".to_owned();
        let made = draft.printer(minted).unwrap();
        assert_eq!((made.id, made.name.as_str()), (minted(), "الشواية"));
        for port in ["", "0", "65536", "x"] {
            draft.port = port.to_owned();
            assert_eq!(draft.wrong(), [Wrong::Port], "{port}");
        }
        draft.by = By::File;
        assert_eq!(
            draft.wrong(),
            [Wrong::Path],
            "a port that does not count is not complained of"
        );
    }

    #[test]
    fn a_station_is_printed_for_once() {
        let mut draft = Draft::new(Lang::Ar);
        draft.set_station("grill", true);
        draft.set_station("grill", true);
        assert_eq!(draft.stations, ["grill"]);
        draft.set_station("grill", false);
        assert!(draft.stations.is_empty());
    }
}

//! Offline work in figures: how fast a device takes in what the server says, how many taps a second the server takes
//! out of devices' outboxes, how soon another device hears of one, and how many bytes that costs.

mod device;
mod server;

use anyhow::Result;

use crate::report::Report;
use crate::server::Databases;

#[derive(clap::Args, Clone)]
pub struct Options {
    /// On which database
    #[arg(long, value_enum, default_value = "both")]
    database: Databases,
    /// Rows of the large first fill
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1_000..=1_000_000))]
    rows: u32,
    /// Devices that hand in at the same time
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=200))]
    devices: u16,
    /// Seconds they do so
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=300))]
    seconds: u64,
    /// Taps a second while another device listens
    #[arg(long, default_value_t = 50.0)]
    taps: f64,
}

impl Options {
    pub const fn of(database: Databases) -> Self {
        Self {
            database,
            rows: 100_000,
            devices: 24,
            seconds: 8,
            taps: 50.0,
        }
    }
}

pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    device::run(options, report)?;
    crate::server::many_sockets();
    for engine in options.database.engines() {
        server::run(options, *engine, report)?;
    }
    Ok(())
}

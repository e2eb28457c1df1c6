//! A printer on a serial line, also one over USB: eight bits, no parity, one stop bit.
//!
//! Nothing here can know how the printer says "wait": by XOFF, or by lowering a wire. Both are heeded. A wire counts once it
//! was seen to work, since many cables leave it unconnected.

use std::io::{self, ErrorKind};
use std::thread::sleep;
use std::time::Duration;

use serial2::{CharSize, FlowControl, Parity, SerialPort, Settings, StopBits};

use super::{LOOK, Way};
use crate::press::Patience;

/// Bytes handed over at once: little, so that a printer that says "wait" is not overrun by what is already on its way.
const PIECE: usize = 128;

/// Which wires of a line have been high: a printer that was ready once raises them whenever it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wires {
    clear_to_send: bool,
    data_set_ready: bool,
}

/// A serial line.
pub(crate) struct Serial {
    port: SerialPort,
    baud: u32,
    wires: Wires,
}

impl Serial {
    pub(crate) fn open(path: &str, baud: u32, wires: &mut Wires) -> io::Result<Self> {
        let mut port = SerialPort::open(path, |mut settings: Settings| {
            settings.set_raw();
            settings.set_baud_rate(baud)?;
            settings.set_char_size(CharSize::Bits8);
            settings.set_parity(Parity::None);
            settings.set_stop_bits(StopBits::One);
            settings.set_flow_control(FlowControl::XonXoff);
            Ok(settings)
        })?;
        port.set_write_timeout(LOOK)?;
        // Lines that are no real ones (tests, some adapters) have no wires.
        let _ = port.set_dtr(true);
        let _ = port.set_rts(true);
        wires.clear_to_send |= port.read_cts().unwrap_or(false);
        wires.data_set_ready |= port.read_dsr().unwrap_or(false);
        let line = Self {
            port,
            baud: baud.max(1),
            wires: *wires,
        };
        if line.may_send() {
            Ok(line)
        } else {
            Err(ErrorKind::NotConnected.into())
        }
    }

    fn may_send(&self) -> bool {
        let low = |was_high: bool, now: io::Result<bool>| was_high && !now.unwrap_or(true);
        !low(self.wires.clear_to_send, self.port.read_cts())
            && !low(self.wires.data_set_ready, self.port.read_dsr())
    }
}

impl Way for Serial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.may_send() {
            sleep(LOOK / 4);
            return Err(ErrorKind::WouldBlock.into());
        }
        let taken = self.port.write(&bytes[..bytes.len().min(PIECE)])?;
        // Ten bits a byte. What was taken is out after that, and no further ahead of the printer than that.
        let bits = u64::try_from(taken).unwrap_or(0) * 10;
        sleep(Duration::from_micros(bits * 1_000_000 / u64::from(self.baud)));
        Ok(taken)
    }

    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.port.set_read_timeout(wait.max(Duration::from_millis(1)))?;
        self.port.read(into)
    }

    fn finish(&mut self, _patience: &Patience) -> io::Result<()> {
        // Some systems throw away what they still hold when a line is closed; by now that is a piece at most.
        sleep(LOOK);
        Ok(())
    }
}

//! A printer on the network: raw bytes over TCP.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::{LOOK, Way, is_not_yet};
use crate::press::Patience;

/// What this side keeps of bytes that the printer has not taken. Left to itself the system would keep a whole ticket and call
/// it sent.
const KEPT_HERE: usize = 8 * 1_024;

/// A connection.
pub(crate) struct Network(TcpStream);

impl Network {
    pub(crate) fn open(host: &str, port: u16, patience: &Patience) -> io::Result<Self> {
        let until = Instant::now() + patience.connect;
        let mut failed: io::Error = ErrorKind::NotFound.into();
        for address in (host, port).to_socket_addrs()? {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            match TcpStream::connect_timeout(&address, left) {
                Ok(stream) => return Self::over(stream),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    fn over(stream: TcpStream) -> io::Result<Self> {
        SockRef::from(&stream).set_send_buffer_size(KEPT_HERE)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(LOOK))?;
        Ok(Self(stream))
    }
}

impl Way for Network {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        // No wait at all would mean to wait for ever.
        self.0
            .set_read_timeout(Some(wait.max(Duration::from_millis(1))))?;
        self.0.read(into)
    }

    /// Says that no more comes, and listens for a while: a printer that breaks the connection now has not taken everything.
    /// Closing with something unheard would break it from this side.
    fn finish(&mut self, patience: &Patience) -> io::Result<()> {
        self.0.shutdown(Shutdown::Write)?;
        let until = Instant::now() + patience.close;
        let mut heard = [0; 256];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.read(&mut heard, left.min(LOOK)) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if is_not_yet(&error) => {}
                Err(error) => return Err(error),
            }
            if left.is_zero() {
                return Ok(());
            }
        }
    }
}

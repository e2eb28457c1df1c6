//! Writing to what may block for ever and cannot be asked not to: on a thread that is left behind when it does.

#![cfg_attr(
    all(unix, not(test)),
    expect(dead_code, reason = "Unix has files that do not block")
)]

use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::{LOOK, Way, write_all};
use crate::press::Patience;

/// A writer on a thread of its own.
pub(crate) struct Blocking {
    give: Sender<Vec<u8>>,
    taken: Receiver<io::Result<usize>>,
    /// A piece is being written.
    busy: bool,
}

impl Blocking {
    pub(crate) fn new(mut to: impl Write + Send + 'static) -> io::Result<Self> {
        let (give, given) = channel::<Vec<u8>>();
        let (took, taken) = channel();
        thread::Builder::new()
            .name("printer-file".to_owned())
            .spawn(move || {
                for piece in given {
                    let outcome = to.write(&piece).and_then(|count| to.flush().map(|()| count));
                    if took.send(outcome).is_err() {
                        break;
                    }
                }
            })?;
        Ok(Self {
            give,
            taken,
            busy: false,
        })
    }
}

impl Way for Blocking {
    /// The same bytes are offered until they are taken: the piece that is being written is their beginning.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.busy {
            let gone = |_| io::Error::from(ErrorKind::BrokenPipe);
            self.give.send(bytes.to_vec()).map_err(gone)?;
            self.busy = true;
        }
        match self.taken.recv_timeout(LOOK) {
            Ok(outcome) => {
                self.busy = false;
                outcome
            }
            Err(RecvTimeoutError::Timeout) => Err(ErrorKind::WouldBlock.into()),
            Err(RecvTimeoutError::Disconnected) => Err(ErrorKind::BrokenPipe.into()),
        }
    }

    fn hears(&self) -> bool {
        false
    }

    fn read(&mut self, _into: &mut [u8], _wait: Duration) -> io::Result<usize> {
        Ok(0)
    }

    fn finish(&mut self, patience: &Patience) -> io::Result<()> {
        write_all(self, &[0], patience.stall).1
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Takes two bytes at a time, and after some of them never comes back.
    struct Slow {
        seen: Arc<Mutex<Vec<u8>>>,
        room: usize,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut seen = self.seen.lock().unwrap();
            if seen.len() >= self.room {
                drop(seen);
                loop {
                    thread::park();
                }
            }
            let taken = bytes.len().min(2);
            seen.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_byte_is_written_once_and_in_order() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let to = Slow {
            seen: Arc::clone(&seen),
            room: usize::MAX,
        };
        let mut way = Blocking::new(to).unwrap();
        let (sent, ended) = write_all(&mut way, b"a ticket", Duration::from_secs(5));
        assert!(ended.is_ok() && sent == 8);
        assert_eq!(*seen.lock().unwrap(), b"a ticket");
    }

    #[test]
    fn a_writer_that_never_comes_back_is_left_behind() {
        let to = Slow {
            seen: Arc::default(),
            room: 4,
        };
        let mut way = Blocking::new(to).unwrap();
        let (sent, ended) = write_all(&mut way, b"a ticket", Duration::from_millis(1));
        assert_eq!(sent, 4);
        assert_eq!(ended.unwrap_err().kind(), ErrorKind::TimedOut);
    }
}

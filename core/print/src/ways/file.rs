//! A device file that takes bytes, such as `/dev/usb/lp0`. Never a file of documents, a disk or a terminal: a wrong path
//! must not destroy anything.

use std::io;

use super::Way;

/// Opens a device file.
#[cfg(unix)]
pub(crate) fn open(path: &str) -> io::Result<Box<dyn Way>> {
    Ok(Box::new(unix::Device::open(path)?))
}

/// Opens a port (`\\.\LPT1`) or a shared printer (`\\pos\tickets`): whatever is no file on a drive.
#[cfg(not(unix))]
pub(crate) fn open(path: &str) -> io::Result<Box<dyn Way>> {
    if !path.starts_with(r"\\") || path.starts_with(r"\\?\") {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let file = std::fs::OpenOptions::new().write(true).open(path)?;
    Ok(Box::new(super::blocking::Blocking::new(file)?))
}

#[cfg(unix)]
mod unix {
    use std::fs::{File, OpenOptions};
    use std::io::{self, ErrorKind, IsTerminal as _, Read as _, Write as _};
    use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use super::super::{Way, is_not_yet, write_all};
    use crate::press::Patience;

    /// Between two tries of a device that takes nothing now.
    const PAUSE: Duration = Duration::from_millis(10);

    /// A device file.
    pub(crate) struct Device {
        file: File,
        hears: bool,
    }

    impl Device {
        pub(crate) fn open(path: &str) -> io::Result<Self> {
            let kind = std::fs::metadata(path)?.file_type();
            if !kind.is_char_device() && !kind.is_fifo() {
                return Err(ErrorKind::InvalidInput.into());
            }
            let with = |read: bool| {
                OpenOptions::new()
                    .read(read)
                    .write(true)
                    .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC)
                    .open(path)
            };
            // A pipe would read back what is written to it; some devices can only be written to.
            let (file, hears) = match with(kind.is_char_device()) {
                Ok(file) => (file, kind.is_char_device()),
                Err(_) => (with(false)?, false),
            };
            if file.is_terminal() {
                // It would put a carriage return before each 0A of a picture. It has to be opened as a serial line.
                return Err(ErrorKind::InvalidInput.into());
            }
            Ok(Self { file, hears })
        }
    }

    impl Way for Device {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = self.file.write(bytes);
            if taken.as_ref().is_err_and(is_not_yet) {
                sleep(PAUSE);
            }
            taken
        }

        fn hears(&self) -> bool {
            self.hears
        }

        fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
            let until = Instant::now() + wait;
            loop {
                match self.file.read(into) {
                    // Nothing there: devices say so either way.
                    Err(error) if !is_not_yet(&error) => return Err(error),
                    Ok(count) if count > 0 => return Ok(count),
                    _ if Instant::now() >= until => return Err(ErrorKind::WouldBlock.into()),
                    _ => sleep(PAUSE),
                }
            }
        }

        /// The kernel's printer driver takes a piece when the one before is out, and forgets one on its way when the file is
        /// closed. Once it takes a byte that no printer prints, everything before is out.
        fn finish(&mut self, patience: &Patience) -> io::Result<()> {
            write_all(self, &[0], patience.stall).1
        }
    }
}

//! A printer made of a local port, for tests and demos: it reads tickets back into pictures, and fails as it is told.

mod reader;

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use momfood_protocol::device::PrinterLine;
pub use reader::{Answer, Reader};
use socket2::{Domain, SockRef, Socket, Type};

use crate::raster::Raster;

/// What the printer keeps unread at most, so that it can be seen to stall.
const KEPT_UNREAD: usize = 8 * 1_024;

/// Bytes of a packet, as on a cable. This computer's own are forty times as large, and so few of them fit into a printer's
/// memory that they come to a halt.
#[cfg(unix)]
const PACKET: u32 = 1_460;

/// How often a stopped connection looks whether it may go on.
const GLANCE: Duration = Duration::from_millis(5);

/// How the printer behaves. `after` counts the bytes it reads from then on, over all connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Takes everything, and says how it is when asked.
    #[default]
    Fine,
    /// Takes everything, and never says a word.
    Mute,
    /// Reads so many bytes and then no more, without closing; silent.
    Stalls {
        /// Bytes it still reads.
        after: usize,
    },
    /// Reads so many bytes and breaks the connection; silent.
    CutsOff {
        /// Bytes it still reads.
        after: usize,
    },
    /// Nothing listens on its port.
    Off,
    /// Answers, and says that its paper has ended.
    NoPaper,
    /// Answers, reads so many bytes, and its paper ends.
    PaperEnds {
        /// Bytes it still reads before.
        after: usize,
    },
}

/// A printer.
pub struct Fake {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    mood: Mood,
    /// Read since the mood began.
    read: usize,
    listening: bool,
    gone: bool,
    /// One head: it goes on where it was, whoever sends.
    reader: Reader,
    received: usize,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fake {
    /// Switches a printer on, on a free local port.
    pub fn start() -> std::io::Result<Self> {
        Self::start_on((Ipv4Addr::LOCALHOST, 0).into())
    }

    /// Switches a printer on at an address.
    pub fn start_on(address: SocketAddr) -> std::io::Result<Self> {
        let listener = listen(address)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                mood: Mood::Fine,
                read: 0,
                listening: true,
                gone: false,
                reader: Reader::default(),
                received: 0,
            }),
            changed: Condvar::new(),
        });
        let own = Arc::clone(&shared);
        let thread = thread::spawn(move || serve(listener, address, &own));
        Ok(Self {
            address,
            shared,
            thread: Some(thread),
        })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The way to it.
    pub fn line(&self) -> PrinterLine {
        PrinterLine::Network {
            host: self.address.ip().to_string(),
            port: self.address.port(),
        }
    }

    /// Changes its behaviour, also for who is connected; returns when it behaves so.
    pub fn set(&self, mood: Mood) {
        let mut state = self.shared.state();
        state.mood = mood;
        state.read = 0;
        self.shared.changed.notify_all();
        let listens = mood != Mood::Off;
        while state.listening != listens {
            if !listens {
                // Wakes who waits for a connection.
                drop(TcpStream::connect_timeout(
                    &self.address,
                    Duration::from_millis(100),
                ));
            }
            state = self
                .shared
                .changed
                .wait_timeout(state, GLANCE)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// The head is switched off and on: it has forgotten what it was printing.
    pub fn switch_off_and_on(&self) {
        self.shared.state().reader.reset();
    }

    /// Every ticket that was cut off, oldest first.
    pub fn tickets(&self) -> Vec<Raster> {
        self.shared.state().reader.tickets().to_vec()
    }

    /// Waits until so many tickets were cut off, and gives all there are; fewer when that takes longer than `wait`.
    pub fn wait_for(&self, count: usize, wait: Duration) -> Vec<Raster> {
        let until = Instant::now() + wait;
        let mut state = self.shared.state();
        while state.reader.tickets().len() < count && Instant::now() < until {
            state = self
                .shared
                .changed
                .wait_timeout(state, GLANCE)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        state.reader.tickets().to_vec()
    }

    /// What is on paper and not cut off yet.
    pub fn unfinished(&self) -> Option<Raster> {
        self.shared.state().reader.unfinished().cloned()
    }

    /// Bytes it read that are no command it knows: there should be none.
    pub fn garbage(&self) -> usize {
        self.shared.state().reader.garbage()
    }

    /// All bytes it ever read.
    pub fn received(&self) -> usize {
        self.shared.state().received
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.shared.state().gone = true;
        self.shared.changed.notify_all();
        drop(TcpStream::connect_timeout(
            &self.address,
            Duration::from_millis(100),
        ));
        if let Some(thread) = self.thread.take() {
            // Its panic would have been reported by itself.
            let _ = thread.join();
        }
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    #[cfg(unix)]
    {
        socket.set_reuse_address(true)?;
        socket.set_tcp_mss(PACKET)?;
    }
    socket.set_recv_buffer_size(KEPT_UNREAD)?;
    socket.bind(&address.into())?;
    socket.listen(8)?;
    Ok(socket.into())
}

fn serve(listener: TcpListener, address: SocketAddr, shared: &Arc<Shared>) {
    let mut listener = Some(listener);
    loop {
        let state = shared.state();
        if state.gone {
            return;
        }
        if state.mood == Mood::Off {
            drop(listener.take());
            let mut state = state;
            state.listening = false;
            shared.changed.notify_all();
            drop(shared.changed.wait_timeout(state, GLANCE));
            continue;
        }
        drop(state);
        if listener.is_none() {
            // The port may still be held by a connection that ends.
            let Ok(again) = listen(address) else {
                thread::sleep(GLANCE);
                continue;
            };
            listener = Some(again);
            shared.state().listening = true;
            shared.changed.notify_all();
        }
        let Some(Ok((stream, _))) = listener.as_ref().map(TcpListener::accept) else {
            continue;
        };
        if shared.state().mood == Mood::Off || shared.state().gone {
            continue;
        }
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            // A connection that breaks is what happens to printers.
            let _ = attend(stream, &shared);
        });
    }
}

/// Reads what comes over one connection.
fn attend(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(GLANCE))?;
    let mut piece = [0; 2_048];
    loop {
        let (mood, read, gone) = {
            let state = shared.state();
            (state.mood, state.read, state.gone)
        };
        let room = match mood {
            Mood::Stalls { after } | Mood::CutsOff { after } => after.saturating_sub(read),
            _ => piece.len(),
        };
        if gone || mood == Mood::Off || (room == 0 && matches!(mood, Mood::CutsOff { .. })) {
            // Unread bytes make this a break, not an end.
            SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
            return Ok(());
        }
        if room == 0 {
            thread::sleep(GLANCE);
            continue;
        }
        let room = room.min(piece.len());
        let count = match stream.read(&mut piece[..room]) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
            Err(error) => return Err(error),
        };
        let mut state = shared.state();
        state.read += count;
        state.received += count;
        let no_paper = match mood {
            Mood::NoPaper => true,
            Mood::PaperEnds { after } => state.read > after,
            _ => false,
        };
        let answers = state.reader.read(&piece[..count]);
        shared.changed.notify_all();
        drop(state);
        if matches!(mood, Mood::Fine | Mood::NoPaper | Mood::PaperEnds { .. }) {
            let words: Vec<u8> = answers.into_iter().map(|answer| answer.byte(no_paper)).collect();
            stream.write_all(&words)?;
        }
    }
}

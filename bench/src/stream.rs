//! The live stream of one account, read as it comes.

use std::io::{self, BufReader};
use std::net::{Shutdown, SocketAddr, TcpStream};

use anyhow::{Result, bail};
use momfood_client::sse::SseParser;
use momfood_protocol::feed::StreamEvent;

use crate::http::{Ask, Connection, read_chunk};

/// An open stream.
pub struct Stream {
    reader: BufReader<TcpStream>,
    parser: SseParser,
    chunk: Vec<u8>,
}

/// Ends a stream from elsewhere.
pub struct Cutter(TcpStream);

impl Stream {
    pub fn open(address: SocketAddr, token: &str) -> Result<Self> {
        let ask = Ask::get("/api/v1/sync/stream").token(token);
        let (head, reader) = Connection::new(address).open(&ask)?;
        if head.status != 200 {
            bail!("the stream was refused: {}", head.status);
        }
        // The heartbeat comes every 20 s: 30 s of silence are a fault.
        Ok(Self {
            reader,
            parser: SseParser::default(),
            chunk: Vec::new(),
        })
    }

    pub fn cutter(&self) -> io::Result<Cutter> {
        Ok(Cutter(self.reader.get_ref().try_clone()?))
    }

    /// The next events, as soon as there are some.
    pub fn next(&mut self) -> Result<Vec<StreamEvent>> {
        loop {
            self.chunk.clear();
            if !read_chunk(&mut self.reader, &mut self.chunk)? {
                bail!("the stream ended");
            }
            let events = self.parser.feed(&self.chunk);
            if !events.is_empty() {
                let events = events.iter().map(|event| serde_json::from_str(&event.data));
                return Ok(events.collect::<Result<_, _>>()?);
            }
        }
    }

    /// Gives up reading but keeps the connection.
    pub fn into_socket(self) -> TcpStream {
        self.reader.into_inner()
    }
}

impl Cutter {
    pub fn cut(&self) {
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

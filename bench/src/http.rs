//! A small HTTP/1.1 client on one kept-alive connection to this machine. It measures others, so it does nothing that is
//! not needed: no pool, no redirects, no compression, no threads of its own.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::rest::KEY_HEADER;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// No answer after this long is a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request about to be sent.
#[derive(Clone, Default)]
pub struct Ask<'a> {
    method: &'static str,
    path: String,
    token: Option<&'a str>,
    key: Option<Uuid>,
    accept: Option<&'static str>,
    body: Option<Vec<u8>>,
}

impl<'a> Ask<'a> {
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            ..Self::default()
        }
    }

    pub fn post(path: impl Into<String>, body: &impl Serialize) -> Result<Self> {
        Ok(Self {
            method: "POST",
            path: path.into(),
            body: Some(serde_json::to_vec(body)?),
            ..Self::default()
        })
    }

    pub fn delete(path: impl Into<String>) -> Self {
        Self {
            method: "DELETE",
            path: path.into(),
            ..Self::default()
        }
    }

    pub const fn token(mut self, token: &'a str) -> Self {
        self.token = Some(token);
        self
    }

    pub const fn key(mut self, key: Uuid) -> Self {
        self.key = Some(key);
        self
    }

    /// In this form, where there are several.
    pub const fn accept(mut self, kind: &'static str) -> Self {
        self.accept = Some(kind);
        self
    }

    /// Bytes of the body.
    pub fn size(&self) -> usize {
        self.body.as_ref().map_or(0, Vec::len)
    }

    fn write(&self, host: SocketAddr, out: &mut Vec<u8>) -> io::Result<()> {
        write!(out, "{} {} HTTP/1.1\r\nhost: {host}\r\n", self.method, self.path)?;
        if let Some(token) = self.token {
            write!(out, "authorization: Bearer {token}\r\n")?;
        }
        if let Some(key) = self.key {
            write!(out, "{KEY_HEADER}: {key}\r\n")?;
        }
        if let Some(kind) = self.accept {
            write!(out, "accept: {kind}\r\n")?;
        }
        if let Some(body) = &self.body {
            write!(
                out,
                "content-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            )?;
        }
        out.extend_from_slice(b"accept-language: en\r\n\r\n");
        out.extend_from_slice(self.body.as_deref().unwrap_or_default());
        Ok(())
    }
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    pub const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }

    /// The `data` of a success; what the server said otherwise.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T> {
        if self.is_success() {
            let success: Success<T> = serde_json::from_slice(&self.body)?;
            return Ok(success.data);
        }
        bail!("{}", self.complaint())
    }

    /// Status and code of a failure.
    pub fn complaint(&self) -> String {
        match serde_json::from_slice::<Failed>(&self.body) {
            Ok(failed) => format!("{} {:?}", self.status, failed.error.code),
            Err(_) => format!("{} without a code", self.status),
        }
    }
}

/// What precedes the body of an answer.
pub struct Head {
    pub status: u16,
    length: Option<usize>,
    chunked: bool,
    closes: bool,
}

/// A connection that stays open between requests.
pub struct Connection {
    address: SocketAddr,
    open: Option<BufReader<TcpStream>>,
    out: Vec<u8>,
}

impl Connection {
    pub const fn new(address: SocketAddr) -> Self {
        Self {
            address,
            open: None,
            out: Vec::new(),
        }
    }

    /// Sends and waits for the whole answer. A server may close a connection nobody used for a while: only when nothing
    /// at all came back on such a one is the request sent again, on a new one.
    pub fn send(&mut self, ask: &Ask<'_>) -> io::Result<Answer> {
        let reused = self.open.is_some();
        match self.begin(ask) {
            Ok(head) => self.finish(&head),
            Err(error) if reused && was_closed(&error) => {
                let head = self.begin(ask)?;
                self.finish(&head)
            }
            Err(error) => Err(error),
        }
    }

    /// Sends, and expects a success.
    pub fn fetch<T: DeserializeOwned>(&mut self, ask: &Ask<'_>) -> Result<T> {
        let answer = self
            .send(ask)
            .with_context(|| format!("{} {}", ask.method, ask.path))?;
        answer
            .data()
            .with_context(|| format!("{} {}", ask.method, ask.path))
    }

    /// Sends and reads the answer's head. Leaves the connection unusable unless [`Self::finish`] follows.
    fn begin(&mut self, ask: &Ask<'_>) -> io::Result<Head> {
        self.out.clear();
        ask.write(self.address, &mut self.out)?;
        let begun = self.exchange();
        if begun.is_err() {
            self.open = None;
        }
        begun
    }

    fn exchange(&mut self) -> io::Result<Head> {
        if self.open.is_none() {
            let stream = TcpStream::connect(self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            self.open = Some(BufReader::with_capacity(16 * 1024, stream));
        }
        let Some(reader) = &mut self.open else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        reader.get_mut().write_all(&self.out)?;
        read_head(reader)
    }

    fn finish(&mut self, head: &Head) -> io::Result<Answer> {
        let Some(mut reader) = self.open.take() else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let mut body = Vec::new();
        match head.length {
            Some(length) => {
                body.resize(length, 0);
                reader.read_exact(&mut body)?;
            }
            None if head.chunked => while read_chunk(&mut reader, &mut body)? {},
            None if head.status == 204 || head.status == 304 => {}
            None => {
                reader.read_to_end(&mut body)?;
            }
        }
        if !head.closes && (head.length.is_some() || head.chunked || head.status == 204) {
            self.open = Some(reader);
        }
        Ok(Answer {
            status: head.status,
            body,
        })
    }

    /// Opens an answer without end; what comes is read from the reader in chunks.
    pub fn open(mut self, ask: &Ask<'_>) -> io::Result<(Head, BufReader<TcpStream>)> {
        let head = self.begin(ask)?;
        let reader = self.open.take().ok_or(io::ErrorKind::NotConnected)?;
        Ok((head, reader))
    }
}

fn was_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected
    )
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn read_head(reader: &mut BufReader<TcpStream>) -> io::Result<Head> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::NotConnected.into());
    }
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| bad("no status"))?;
    let mut head = Head {
        status,
        length: None,
        chunked: false,
        closes: false,
    };
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return Ok(head);
        };
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            head.length = Some(value.parse().map_err(|_| bad("content-length"))?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            head.chunked = value.eq_ignore_ascii_case("chunked");
        } else if name.eq_ignore_ascii_case("connection") {
            head.closes = value.eq_ignore_ascii_case("close");
        }
    }
}

/// Appends the next chunk to `body`; `false` at the last one.
pub fn read_chunk(reader: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> io::Result<bool> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let size = line.trim_end().split(';').next().unwrap_or_default();
    let size = usize::from_str_radix(size, 16).map_err(|_| bad("chunk size"))?;
    let from = body.len();
    body.resize(from + size, 0);
    reader.read_exact(&mut body[from..])?;
    line.clear();
    reader.read_line(&mut line)?;
    Ok(size > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Serves each connection the given answers, one per request.
    fn server(connections: Vec<Vec<&'static str>>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for answers in connections {
                let (stream, _) = listener.accept().unwrap();
                let mut reader = BufReader::new(stream);
                for answer in answers {
                    let (mut line, mut length) = (String::new(), 0);
                    while reader.read_line(&mut line).unwrap() > 2 {
                        if let Some(value) = line.strip_prefix("content-length: ") {
                            length = value.trim().parse().unwrap();
                        }
                        line.clear();
                    }
                    let mut body = vec![0; length];
                    reader.read_exact(&mut body).unwrap();
                    reader.get_mut().write_all(answer.as_bytes()).unwrap();
                }
            }
        });
        address
    }

    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\n{\"success\":true,\"data\":123}";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"suc\r\n16\r\ncess\":true,\"data\":123}\r\n0\r\n\r\n";
    const GONE: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 69\r\n\r\n\
         {\"success\":false,\"error\":{\"code\":\"not_found\",\"message\":\"Not found.\"}}";

    #[test]
    fn answers_follow_one_another_on_one_connection_however_they_are_framed() {
        let address = server(vec![vec![OK, CHUNKED, OK]]);
        let mut connection = Connection::new(address);
        for _ in 0..3 {
            let ask = Ask::post("/x", &[1, 2, 3]).unwrap().token("t");
            assert_eq!(connection.fetch::<i32>(&ask).unwrap(), 123);
        }
    }

    #[test]
    fn a_connection_the_server_closed_meanwhile_is_made_anew() {
        let address = server(vec![vec![OK], vec![OK]]);
        let mut connection = Connection::new(address);
        for _ in 0..2 {
            assert_eq!(connection.fetch::<i32>(&Ask::get("/x")).unwrap(), 123);
        }
    }

    #[test]
    fn a_refusal_is_told_by_its_code() {
        let mut connection = Connection::new(server(vec![vec![GONE]]));
        let answer = connection.send(&Ask::get("/x")).unwrap();
        assert!(!answer.is_success());
        assert_eq!(answer.complaint(), "404 NotFound");
    }
}

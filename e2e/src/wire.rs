//! A wire between the browser and the server, to be cut and mended: what a lost network does to every request and
//! stream of every window and worker, whatever the browser.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passes {
    Everything,
    /// Questions reach the server; its answers are lost.
    Questions,
    Nothing,
}

/// The wire.
pub struct Wire {
    /// Where the browser finds the server: `http://127.0.0.1:…`.
    pub base: String,
    passes: Arc<watch::Sender<Passes>>,
}

impl Wire {
    /// Lays one to the server at `base`.
    pub async fn lay(base: &str) -> Self {
        let server: SocketAddr = base
            .trim_start_matches("http://")
            .parse()
            .expect("a server's address");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (passes, _) = watch::channel(Passes::Everything);
        let passes = Arc::new(passes);
        let state = Arc::clone(&passes);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *state.borrow() != Passes::Nothing {
                    tokio::spawn(carry(near, server, state.subscribe()));
                }
            }
        });
        Self {
            base: format!("http://{address}"),
            passes,
        }
    }

    /// Cuts it: whatever is under way ends in the middle, and nothing gets through.
    pub fn cut(&self) {
        self.passes.send_replace(Passes::Nothing);
    }

    /// From now on the server hears everything, and none of its answers arrives.
    pub fn lose_answers(&self) {
        self.passes.send_replace(Passes::Questions);
    }

    /// Mends it.
    pub fn mend(&self) {
        self.passes.send_replace(Passes::Everything);
    }
}

async fn carry(near: TcpStream, server: SocketAddr, passes: watch::Receiver<Passes>) {
    let Ok(far) = TcpStream::connect(server).await else {
        return;
    };
    let _ = near.set_nodelay(true);
    let _ = far.set_nodelay(true);
    let (mut questions, answered) = near.into_split();
    let (answers, mut asked) = far.into_split();
    let mut until = passes.clone();
    tokio::select! {
        // One side hung up, or the wire was cut: both connections end here.
        _ = copy(&mut questions, &mut asked) => {}
        _ = bring(answers, answered, passes) => {}
        _ = until.wait_for(|passes| *passes == Passes::Nothing) => {}
    }
}

async fn bring(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    passes: watch::Receiver<Passes>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        if *passes.borrow() == Passes::Everything {
            to.write_all(&buffer[..read]).await?;
        }
    }
}

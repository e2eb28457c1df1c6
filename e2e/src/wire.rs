//! A wire between the browser and the server, to be cut and mended: what a lost network does to every request and
//! stream of every window and worker, whatever the browser.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The wire.
pub struct Wire {
    /// Where the browser finds the server: `http://127.0.0.1:…`.
    pub base: String,
    whole: Arc<watch::Sender<bool>>,
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
        let (whole, _) = watch::channel(true);
        let whole = Arc::new(whole);
        let state = Arc::clone(&whole);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *state.borrow() {
                    tokio::spawn(carry(near, server, state.subscribe()));
                }
            }
        });
        Self {
            base: format!("http://{address}"),
            whole,
        }
    }

    /// Cuts it: whatever is under way ends in the middle, and nothing gets through.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Mends it.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

async fn carry(mut near: TcpStream, server: SocketAddr, mut whole: watch::Receiver<bool>) {
    let Ok(mut far) = TcpStream::connect(server).await else {
        return;
    };
    let _ = near.set_nodelay(true);
    let _ = far.set_nodelay(true);
    tokio::select! {
        // One side hung up; that is its affair.
        _ = copy_bidirectional(&mut near, &mut far) => {}
        _ = whole.wait_for(|whole| !*whole) => {}
    }
}

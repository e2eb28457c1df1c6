//! The sandbox behind a bad line.

use std::collections::VecDeque;
use std::sync::Mutex;

use futures::FutureExt;
use futures::future::BoxFuture;
use momfood_backend::app::App;
use momfood_backend::payments::Sandbox;
use momfood_backend::payments::gateway::{
    Authorised, Captured, Charge, Fault, Gateway, Refunded, Request, Voided,
};
use momfood_domain::id::OrderId;
use tokio::sync::Notify;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// It is refused before anything is done.
    Down,
    /// It is done, and the answer is lost.
    Lost,
    /// It is done, and no answer ever comes.
    Silent,
    /// It never arrives, and no answer ever comes.
    Stuck,
}

/// A gateway whose requests meet the troubles of a list, in order; afterwards none.
pub struct Troubled {
    inner: Sandbox,
    troubles: Mutex<VecDeque<Trouble>>,
    /// Told when a request will never be answered.
    pub hangs: Notify,
}

impl Troubled {
    pub fn new(app: &App, troubles: impl IntoIterator<Item = Trouble>) -> Self {
        Self {
            inner: Sandbox::new(app.db.clone(), app.clock.clone()),
            troubles: Mutex::new(troubles.into_iter().collect()),
            hangs: Notify::new(),
        }
    }

    async fn meet<T>(&self, request: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let trouble = self.troubles.lock().unwrap().pop_front().unwrap_or(Trouble::None);
        match trouble {
            Trouble::None => request.await,
            Trouble::Down => Err(Fault::Unavailable("down".into())),
            Trouble::Lost => {
                request.await?;
                Err(Fault::NoAnswer)
            }
            Trouble::Silent => {
                request.await?;
                self.hang().await
            }
            Trouble::Stuck => self.hang().await,
        }
    }

    async fn hang<T>(&self) -> T {
        self.hangs.notify_one();
        std::future::pending().await
    }
}

impl Gateway for Troubled {
    fn authorise<'a>(
        &'a self,
        request: &'a Request,
        card: &'a str,
    ) -> BoxFuture<'a, Result<Authorised, Fault>> {
        self.meet(self.inner.authorise(request, card)).boxed()
    }

    fn capture<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Captured, Fault>> {
        self.meet(self.inner.capture(request)).boxed()
    }

    fn void<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Voided, Fault>> {
        self.meet(self.inner.void(request)).boxed()
    }

    fn refund<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Refunded, Fault>> {
        self.meet(self.inner.refund(request)).boxed()
    }

    fn fetch(&self, order: OrderId) -> BoxFuture<'_, Result<Option<Charge>, Fault>> {
        self.meet(self.inner.fetch(order)).boxed()
    }
}

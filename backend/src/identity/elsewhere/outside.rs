//! Asks other providers' servers. What they answer is bounded in size and time, they are never followed elsewhere, and
//! nothing they or we said is logged: addresses and bodies hold codes and tokens.

use std::time::Duration;

use anyhow::Context as _;
use futures::future::BoxFuture;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

use crate::outward;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take to be heard at all.
const CONNECT: Duration = Duration::from_secs(5);
/// The most that is read of an answer, in bytes.
const MOST: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Nobody was reached, or not in time.
    #[error("no answer")]
    Silent,
    /// Their own fault, or too many asked.
    #[error("answered with status {0}")]
    Failing(u16),
    /// More than anybody needs to say.
    #[error("answered with more than {MOST} bytes")]
    TooLong,
}

/// The way out to one provider.
#[derive(Clone, Debug)]
pub struct Outside(reqwest::Client);

impl Outside {
    /// To the provider at `address`, which is under HTTPS unless it is on this machine; where it is, nothing it names is
    /// asked without.
    pub fn to(address: &str) -> anyhow::Result<Self> {
        let address = outward::private(address)?;
        let client = outward::client(PATIENCE)
            .connect_timeout(CONNECT)
            .https_only(address.scheme() == "https")
            .build()
            .context("no network client can be made")?;
        Ok(Self(client))
    }

    /// Asks once.
    pub async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let request = reqwest::Request::try_from(request).map_err(|_| NoAnswer::Silent)?;
        let mut response = self.0.execute(request).await.map_err(|_| NoAnswer::Silent)?;
        let status = response.status();
        if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS {
            return Err(NoAnswer::Failing(status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|_| NoAnswer::Silent)? {
            if body.len() + part.len() > MOST {
                return Err(NoAnswer::TooLong);
            }
            body.extend_from_slice(&part);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = response.headers().clone();
        Ok(answer)
    }
}

impl<'c> AsyncHttpClient<'c> for Outside {
    type Error = NoAnswer;
    type Future = BoxFuture<'c, Result<HttpResponse, NoAnswer>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

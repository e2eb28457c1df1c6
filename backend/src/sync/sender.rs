//! Reads a request of `/sync`: who sends it, and what is in it. A program from the future is told so before its request
//! is looked at, for it may have a shape nobody here knows.

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::header;
use http::request::Parts;
use momfood_protocol::sync::SyncRequest;
use serde::Deserialize;
use uuid::Uuid;

use super::exchange::{Sender, check_protocol};
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::identity::SignedIn;
use crate::request::{json_bytes, malformed};

/// The largest request, bytes.
pub(super) const SYNC_LIMIT: usize = 2 * 1024 * 1024;

impl FromRequestParts<App> for Sender {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let shown = parts.headers.get(header::AUTHORIZATION);
        let device = shown.and_then(|value| {
            let (scheme, credential) = value.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("device").then_some(credential)
        });
        let Some(credential) = device else {
            return SignedIn::from_request_parts(parts, app).await.map(Self::SignedIn);
        };
        let parts = credential.trim().split_once(':');
        let read = parts.and_then(|(device, key)| Some((Uuid::parse_str(device).ok()?, key)));
        let (device, key) = read.ok_or(ApiError::new(ErrorCode::TokenInvalid))?;
        Ok(Self::Device {
            device,
            key: key.to_owned(),
        })
    }
}

/// What every version of a request says.
#[derive(Deserialize)]
struct Versions {
    proto: u32,
    schema: u32,
}

/// The body of `POST /sync`.
pub(super) struct Parcel(pub SyncRequest);

impl<S: Send + Sync> FromRequest<S> for Parcel {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = json_bytes(request, state, SYNC_LIMIT).await?;
        let read = |error: serde_json::Error| malformed(error.to_string());
        let versions: Versions = serde_json::from_slice(&bytes).map_err(read)?;
        check_protocol(versions.proto, versions.schema)?;
        Ok(Self(serde_json::from_slice(&bytes).map_err(read)?))
    }
}

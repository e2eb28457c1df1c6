//! What every request meets before its door: headers that could be read in two ways are refused, its address is found
//! out, and its class's budget is taken from.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, Method, header};

use super::{Class, Who};
use crate::address::Address;
use crate::app::App;
use crate::error::{ApiError, ErrorCode};

/// Headers that mean something here and of which a proxy may believe another one than we do, if there are two.
const ONCE: [HeaderName; 11] = [
    header::AUTHORIZATION,
    header::HOST,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::ORIGIN,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("sec-fetch-site"),
    HeaderName::from_static(momfood_protocol::rest::COOKIE_HEADER),
    HeaderName::from_static(momfood_protocol::sync::OFFSET_HEADER),
    HeaderName::from_static(momfood_protocol::sync::LENGTH_HEADER),
];

/// Lets a request through that can be read in one way only and whose address has not asked too often.
pub async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if let Some(name) = twice(request.headers()) {
        return ApiError::new(ErrorCode::InvalidInput)
            .with("field", name.as_str())
            .into_response();
    }
    let address = Address::of(request.headers(), request.extensions(), &app.config);
    request.extensions_mut().insert(address);
    let path = request.extensions().get::<MatchedPath>();
    if let Some(class) = path.and_then(|path| class_of(request.method(), path.as_str()))
        && let Err(wait) = app.limits.take(class, Who::At(address), app.clock.now()).await
    {
        return ApiError::from(wait).into_response();
    }
    next.run(request).await
}

fn twice(headers: &HeaderMap) -> Option<&'static HeaderName> {
    static NAMES: [HeaderName; 11] = ONCE;
    NAMES
        .iter()
        .find(|name| headers.get_all(*name).iter().nth(1).is_some())
}

/// The class of a route. Files and the health of the server are not counted: they come out of memory.
fn class_of(method: &Method, path: &str) -> Option<Class> {
    let door = path.strip_prefix("/api/v1/")?;
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    Some(match door {
        _ if reads && door.ends_with("/stream") => Class::Streams,
        _ if reads && door.starts_with("shared/") => Class::Looks,
        _ if reads => Class::Reads,
        // Both show what nobody guesses, and are asked by all who are signed in.
        "auth/refresh" | "auth/logout" => Class::Writes,
        _ if door.starts_with("auth/") => Class::SignIn,
        _ if door.starts_with("blobs/") || door.contains("/documents") => Class::Uploads,
        _ => Class::Writes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_of_the_class_of_what_it_does() {
        for (method, path, class) in [
            (Method::GET, "/api/v1/restaurants", Some(Class::Reads)),
            (Method::GET, "/api/v1/sync/stream", Some(Class::Streams)),
            (Method::GET, "/api/v1/shared/{token}", Some(Class::Looks)),
            (Method::POST, "/api/v1/auth/login", Some(Class::SignIn)),
            (Method::POST, "/api/v1/auth/codes/check", Some(Class::SignIn)),
            (Method::POST, "/api/v1/auth/refresh", Some(Class::Writes)),
            (Method::GET, "/api/v1/auth/ways", Some(Class::Reads)),
            (Method::PUT, "/api/v1/blobs/{sha256}", Some(Class::Uploads)),
            (Method::GET, "/api/v1/blobs/{sha256}", Some(Class::Reads)),
            (
                Method::PUT,
                "/api/v1/applications/{id}/documents/{kind}",
                Some(Class::Uploads),
            ),
            (Method::POST, "/api/v1/orders", Some(Class::Writes)),
            (Method::GET, "/health/live", None),
            (Method::GET, "/media/{*file}", None),
        ] {
            assert_eq!(class_of(&method, path), class, "{method} {path}");
        }
    }
}

//! Every path of the server, its API document, and what wraps each request. The one place where routes are listed.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderMap, Method, StatusCode};
use tower::util::option_layer;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use momfood_protocol::rest::RestaurantSort;

use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::web::Files;
use crate::{
    admin, audit, catalog, delivery, examples, identity, layers, limits, messages, mutations, notify,
    onboarding, ordering, privacy, sync, tracking,
};

/// The largest request body, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

#[derive(OpenApi)]
#[openapi(info(
    title = "MomFood",
    description = "Food delivery, Arabic first. Success is `{\"success\":true,\"data\":…}`, failure \
        `{\"success\":false,\"error\":{\"code\",\"message\",\"details\"}}`; messages follow `Accept-Language` \
        (`ar` unless `en` is preferred). Money is integer minor units, times are microseconds UTC."
), components(schemas(RestaurantSort)), modifiers(&Bearer))]
struct Api;

/// How a caller shows who they are.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The `accessToken` of `/api/v1/auth/login`"))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
        let key = ApiKeyValue::with_description(
            "Authorization",
            "`Device {device}:{pushKey}`: the secret a device named while its person was signed in",
        );
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("device", SecurityScheme::ApiKey(ApiKey::Header(key)));
    }
}

/// All routes of the API, without what wraps them.
fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(live))
        .routes(routes!(ready))
        .merge(identity::doors::routes())
        .merge(catalog::doors::routes())
        .merge(ordering::routes())
        .merge(mutations::routes())
        .merge(notify::routes())
        .merge(delivery::doors::routes())
        .merge(tracking::doors::routes())
        .merge(sync::routes())
        .merge(audit::routes())
        .merge(privacy::routes())
        .merge(onboarding::doors::routes())
        .merge(admin::routes())
}

/// The API document.
pub fn document() -> Document {
    split().1
}

fn split() -> (Router<App>, Document) {
    let (routes, mut document) = api().split_for_parts();
    examples::fill(&mut document);
    crate::document::finish(&mut document);
    (routes, document)
}

/// The whole server as a service: API, its document, web apps, pictures.
pub fn router(app: App) -> Router {
    let (routes, document) = split();
    let document_json: Arc<str> = document.to_json().unwrap_or_default().into();
    let web = app
        .config
        .web_dir
        .clone()
        .map(|root| Arc::new(Files::below(root)));
    let media = Arc::new(Files::below(app.config.media()));
    routes
        .route(
            "/api/openapi.json",
            get(|| async move {
                (
                    [(http::header::CONTENT_TYPE, "application/json")],
                    document_json.to_string(),
                )
            }),
        )
        .merge(messages::doors::routes())
        .merge(SwaggerUi::new("/api/docs").config(utoipa_swagger_ui::Config::new(["/api/openapi.json"])))
        .route(
            "/media/{*file}",
            get(move |method, uri, headers| picture(Arc::clone(&media), method, uri, headers)),
        )
        .fallback(move |method, uri, headers| page(web.clone(), method, uri, headers))
        .method_not_allowed_fallback(|| async { ApiError::new(ErrorCode::MethodNotAllowed) })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(app.clone(), limits::layer::guard))
        .layer(option_layer(layers::other_sites(&app.config)))
        .layer(middleware::from_fn(layers::answer))
        .layer(option_layer(layers::https_only(&app.config)))
        .layer(middleware::from_fn_with_state(app.clone(), layers::observe))
        .with_state(app)
}

/// Something that is in order.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Healthy {
    /// Always `ok`.
    status: &'static str,
}

/// The process runs.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Healthy)))]
async fn live() -> Json<Healthy> {
    Json(Healthy { status: "ok" })
}

/// The server can do its work: the database answers and it is not stopping.
#[utoipa::path(get, path = "/health/ready", operation_id = "health_ready", tag = "health",
    responses((status = 200, body = Healthy), (status = 503, description = "`try_again`")))]
async fn ready(State(app): State<App>) -> Result<Json<Healthy>, ApiError> {
    if app.stopping.is_cancelled() {
        return Err(ApiError::new(ErrorCode::TryAgain));
    }
    app.db.ping().await.map_err(|error| {
        tracing::warn!(%error, "the database does not answer");
        ApiError::new(ErrorCode::TryAgain)
    })?;
    Ok(Json(Healthy { status: "ok" }))
}

async fn picture(
    files: Arc<Files>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().strip_prefix("/media/").unwrap_or_default();
    match files.file(&method, path, &headers).await {
        Some(response) => response,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn page(
    files: Option<Arc<Files>>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    let of_api = ["api", "health", "media", "dev"]
        .iter()
        .any(|&own| path == own || path.starts_with(&format!("{own}/")));
    if let (false, Some(files)) = (of_api, files) {
        return match files.web(&method, path, &headers).await {
            Some(response) => response,
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    ApiError::new(ErrorCode::NotFound).into_response()
}

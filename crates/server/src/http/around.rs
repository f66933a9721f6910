//! What stands around every request: the guard of the API, the headers that all answers carry, and the line in the
//! log. The log never holds a code, a token, a query, a body or a name.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

use crate::error::ApiError;

const APP_HEADER: &str = "x-delegate-app";

/// Changes come from the app only: a form on another page cannot set a header. Answers are kept by nobody unless the
/// handler says so.
pub async fn guard_api(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let mut response = if changes && !is_from_app(request.headers()) {
        ApiError::NotFromApp.into_response()
    } else {
        next.run(request).await
    };
    let keep = response.headers_mut().entry(header::CACHE_CONTROL);
    keep.or_insert(HeaderValue::from_static("no-store"));
    response
}

fn is_from_app(headers: &HeaderMap) -> bool {
    headers.get(APP_HEADER).is_some_and(|value| value == "1")
}

pub async fn answer_not_found() -> ApiError {
    ApiError::NotFound
}

/// One line a request, and two headers that every answer carries.
pub async fn log_request(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    for (name, value) in
        [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (HeaderName::from_static("referrer-policy"), "no-referrer")]
    {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let route = route.as_ref().map_or("(file)", MatchedPath::as_str);
    let (status, ms) = (response.status().as_u16(), began.elapsed().as_millis());
    if status >= 500 {
        tracing::warn!(%method, route, status, ms, "request");
    } else if route.starts_with("/api") {
        tracing::info!(%method, route, status, ms, "request");
    } else {
        tracing::debug!(%method, route, status, ms, "request");
    }
    response
}

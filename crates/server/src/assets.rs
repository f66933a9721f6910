//! The app's files. Names with a content hash are kept for ever; the page and the service worker are asked for each
//! time; what is missing is a real 404 and never the page, so that no script ever turns out to be HTML.

mod page;
mod policy;

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::app::App;
use crate::error::ApiError;
use page::Pages;

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";

pub struct Assets {
    files: ServeDir,
    page: Pages,
}

impl Assets {
    pub fn new(dist: PathBuf) -> Self {
        let files =
            ServeDir::new(&dist).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
        Self { files, page: Pages::new(dist.join("index.html")) }
    }

    /// The build of the app that is given out now, if the page can be read and names it.
    pub async fn build(&self) -> Option<String> {
        self.page.current().await.ok()?.build.clone()
    }
}

/// Everything that is not the API.
pub async fn serve_asset(State(app): State<Arc<App>>, request: Request) -> Response {
    let Some(assets) = &app.assets else { return ApiError::NotFound.into_response() };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if is_page(request.uri().path()) {
        return serve_page(assets, request.headers()).await;
    }
    let path = request.uri().path().to_owned();
    match assets.files.clone().oneshot(request).await {
        Ok(response) => with_cache_control(response.map(axum::body::Body::new), &path),
        Err(never) => match never {},
    }
}

/// The page is answered for `/` and for every route of the app; those have no dot.
fn is_page(path: &str) -> bool {
    path == "/index.html" || !path.rsplit('/').next().unwrap_or_default().contains('.')
}

async fn serve_page(assets: &Assets, headers: &HeaderMap) -> Response {
    let page = match assets.page.current().await {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(%error, "the page cannot be read");
            return ApiError::NotFound.into_response();
        }
    };
    let packed = page.packed(headers);
    let mut response = Response::new(axum::body::Body::from(packed.bytes()));
    let fixed = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, ASK_EACH_TIME),
        (header::VARY, "accept-encoding"),
        (header::HeaderName::from_static("permissions-policy"), policy::PERMISSIONS),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, page.policy.clone());
    if let Some(encoding) = packed.encoding() {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn with_cache_control(mut response: Response, path: &str) -> Response {
    let keep = match response.status() {
        StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT if has_content_hash(path) => FOREVER,
        StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT => ASK_EACH_TIME,
        _ => "no-store",
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

/// `app-0123456789abcdef/delegate-app.js`, `snippets/name-0123456789abcdef/inline0.js`.
fn has_content_hash(path: &str) -> bool {
    const HASH_CHARS_MIN: usize = 8;
    let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    path.split('/')
        .any(|name| name.split(['-', '.']).skip(1).any(|part| part.len() >= HASH_CHARS_MIN && part.chars().all(hex)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_of_the_app_get_the_page_and_files_do_not() {
        for path in ["/", "/index.html", "/console", "/agenda", "/documents/x", "/e", "/a.b/c"] {
            assert!(is_page(path), "{path}");
        }
        for path in ["/sw.js", "/app-0123.wasm", "/documents/x.js"] {
            assert!(!is_page(path), "{path}");
        }
    }

    #[test]
    fn only_names_with_a_content_hash_are_kept_for_ever() {
        for path in [
            "/app-0123456789abcdef/delegate-app.js",
            "/app-0123456789abcdef/a_bg.wasm",
            "/snippets/x-0123456789abcdef/inline0.js",
        ] {
            assert!(has_content_hash(path), "{path}");
        }
        for path in ["/sw.js", "/manifest.webmanifest", "/icons/apple-touch-180.png", "/index.html", "/facade-cafe.js"]
        {
            assert!(!has_content_hash(path), "{path}");
        }
    }
}

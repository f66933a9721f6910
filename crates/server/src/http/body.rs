//! A JSON body with a limit of bytes and of time. Everything wrong with it is said before anything is done.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::error::ApiError;
use crate::limits::{BODY_BYTES_MAX, BODY_WAIT};

/// A request's body of at most `BYTES_MAX` bytes, or an answer's.
#[derive(Clone, Debug)]
pub struct ApiJson<T, const BYTES_MAX: usize = BODY_BYTES_MAX>(pub T);

impl<T: DeserializeOwned, S: Sync, const BYTES_MAX: usize> FromRequest<S> for ApiJson<T, BYTES_MAX> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            return Err(ApiError::NotJson);
        }
        if announced_bytes(&parts.headers).is_some_and(|bytes| bytes > BYTES_MAX) {
            return Err(ApiError::TooLarge);
        }
        let bytes = read(body, BYTES_MAX).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| ApiError::Malformed(place_of(&error)))
    }
}

impl<T: Serialize> IntoResponse for ApiJson<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

async fn read(body: Body, bytes_max: usize) -> Result<axum::body::Bytes, ApiError> {
    match timeout(BODY_WAIT, to_bytes(body, bytes_max)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_length_limit(&error) => Err(ApiError::TooLarge),
        Ok(Err(_)) => Err(ApiError::Malformed("đường truyền bị cắt".to_owned())),
        Err(_) => Err(ApiError::Malformed("gửi quá chậm".to_owned())),
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        source = error.source();
    }
    false
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn announced_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Where the JSON went wrong, without quoting it: a body may hold what someone wrote.
fn place_of(error: &serde_json::Error) -> String {
    format!("dòng {}, cột {}", error.line(), error.column())
}

//! Every answer that is not the one hoped for. How to choose: `code` is what programs look at and never changes;
//! `message` tells the person what to do next. What went wrong inside goes to the log, never into an answer.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sync::server::PushError;
use thiserror::Error;

use crate::clock::{NoRandom, jitter};
use crate::hall::PushFailure;
use crate::limits::RETRY_AFTER_S;
use crate::store::StoreError;

#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ApiError {
    /// Also for what cannot be a code: strangers learn nothing.
    #[error("Mã mời không đúng. Hãy quét lại mã trên giấy mời, hoặc gặp bàn tiếp đón để được cấp mã mới.")]
    CodeUnknown,
    #[error("Mã mời này đã bị thu hồi. Hãy gặp bàn tiếp đón để được cấp mã mới.")]
    CodeRevoked,
    #[error("Mã mời này đã dùng đủ số máy. Hãy gỡ một máy cũ, hoặc gặp bàn tiếp đón để được cấp mã mới.")]
    CodeUsedUp,
    #[error("Thử quá nhiều lần. Hãy chờ một phút rồi thử lại.")]
    TooManyTries,
    /// The token is missing, unknown or revoked.
    #[error("Máy này không còn được phép vào đại hội. Những gì đã viết vẫn ở trên máy; hãy quét lại giấy mời.")]
    DeviceRevoked,
    #[error("Kho bài viết trên máy này thuộc về người khác. Không có gì bị mất; hãy mở lại ứng dụng.")]
    ForeignClient,
    /// State-changing requests come from the app, never from a form on another page.
    #[error("Yêu cầu này phải được gửi từ ứng dụng Sổ tay Đại biểu.")]
    NotFromApp,
    #[error("Đồng chí không có quyền làm việc này.")]
    NotAllowed,
    #[error("Yêu cầu không đọc được ({0}). Hãy cập nhật ứng dụng.")]
    Malformed(String),
    #[error("Yêu cầu phải là JSON.")]
    NotJson,
    #[error("Gửi một lần quá nhiều. Ứng dụng sẽ chia nhỏ và gửi lại.")]
    TooLarge,
    #[error("Ứng dụng đã cũ, cần cập nhật. Những gì đã viết vẫn an toàn và vẫn gửi được.")]
    UpdateNeeded,
    #[error("Không có nội dung này.")]
    NotFound,
    #[error("Máy chủ này không phục vụ đại hội đó. Hãy kiểm tra lại đường dẫn.")]
    CongressUnknown,
    #[error("Máy chủ đang bận. Ứng dụng sẽ tự gửi lại.")]
    Busy,
}

impl ApiError {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::CodeUnknown | Self::NotFound | Self::CongressUnknown => StatusCode::NOT_FOUND,
            Self::CodeRevoked | Self::CodeUsedUp => StatusCode::GONE,
            Self::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
            Self::DeviceRevoked => StatusCode::UNAUTHORIZED,
            Self::ForeignClient | Self::NotFromApp | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UpdateNeeded => StatusCode::UPGRADE_REQUIRED,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::CodeUnknown => "code-unknown",
            Self::CodeRevoked => "code-revoked",
            Self::CodeUsedUp => "code-used-up",
            Self::TooManyTries => "too-many-tries",
            Self::DeviceRevoked => "device-revoked",
            Self::ForeignClient => "foreign-client",
            Self::NotFromApp => "not-from-app",
            Self::NotAllowed => "not-allowed",
            Self::Malformed(_) => "malformed",
            Self::NotJson => "not-json",
            Self::TooLarge => "too-large",
            Self::UpdateNeeded => "update-needed",
            Self::NotFound => "not-found",
            Self::CongressUnknown => "congress-unknown",
            Self::Busy => "busy",
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Busy => Some(jitter(&RETRY_AFTER_S)),
            Self::TooManyTries => Some(60),
            _ => None,
        }
    }
}

#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
    message: String,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody { error: self.code(), message: self.to_string() };
        let mut response = (self.status(), Json(body)).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a request met a database error");
        Self::Busy
    }
}

impl From<NoRandom> for ApiError {
    fn from(error: NoRandom) -> Self {
        tracing::error!(%error, "a request needed a secret");
        Self::Busy
    }
}

impl From<PushFailure> for ApiError {
    fn from(failure: PushFailure) -> Self {
        match failure {
            PushFailure::Busy | PushFailure::NotStored => Self::Busy,
            PushFailure::Refused(PushError::Foreign) => Self::ForeignClient,
            PushFailure::Refused(PushError::TooMany) => Self::TooLarge,
        }
    }
}

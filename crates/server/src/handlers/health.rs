//! Is the process alive, and can it serve.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;

pub async fn check_health() -> StatusCode {
    StatusCode::OK
}

/// Not ready while stopping, and while a congress's database does not answer.
pub async fn check_readiness(State(app): State<Arc<App>>) -> StatusCode {
    let stopping = *app.stopped().borrow();
    if !stopping && app.halls().iter().all(|hall| hall.is_healthy()) {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

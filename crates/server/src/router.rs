//! The whole route table.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{delete, get, post, put};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::handlers::{
    check_health, check_readiness, enrol_device, get_blob, get_chunk, get_snapshot, list_devices, list_operations,
    preview_enrolment, pull_changes, push_commands, report_condition, revoke_device, stream_changes,
};
use crate::http::{answer_not_found, guard_api, log_request};

pub fn router(app: Arc<App>) -> Router {
    let congress = Router::new()
        .route("/devices", get(list_devices))
        .route("/devices/{device}", delete(revoke_device))
        .route("/devices/current/report", put(report_condition))
        .route("/operations/devices", get(list_operations))
        .route("/sync/push", post(push_commands))
        .route("/sync/pull", post(pull_changes).layer(CompressionLayer::new().quality(CompressionLevel::Fastest)))
        .route("/sync/scopes/{scope}/snapshots/{gsn}", get(get_snapshot))
        .route("/sync/scopes/{scope}/chunks/{index}", get(get_chunk))
        .route("/sync/stream", get(stream_changes))
        .route("/blobs/{sha256}", get(get_blob));
    let api = Router::new()
        .route("/v1/enrolments/preview", post(preview_enrolment))
        .route("/v1/enrolments", post(enrol_device))
        .nest("/v1/congresses/{congress}", congress)
        .fallback(answer_not_found)
        .layer(from_fn(guard_api));
    Router::new()
        .route("/healthz", get(check_health))
        .route("/readyz", get(check_readiness))
        .nest("/api", api)
        .fallback(crate::assets::serve_asset)
        .layer(from_fn(log_request))
        .with_state(app)
}

//! The devices of a person: to see them, and to send one away.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use congress::entities::Role;
use serde::Serialize;
use sync::ids::Timestamp;

use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::http::{ApiJson, clear_cookie};
use crate::store::Device;

#[derive(Serialize)]
pub struct DeviceView {
    id: String,
    label: String,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    /// The one that asks.
    current: bool,
}

/// Said instead of nothing, so that a captive portal's empty answer is not taken for ours.
#[derive(Serialize)]
struct Done {}

pub async fn list_devices(State(app): State<Arc<App>>, caller: Caller) -> Result<ApiJson<Vec<DeviceView>>, ApiError> {
    let devices = app.store.devices(caller.congress(), Some(caller.person())).await?;
    let view = |device: Device| DeviceView {
        current: device.device_id == caller.device.device_id,
        id: device.device_id,
        label: device.label,
        created_at: device.created_at,
        last_seen_at: device.last_seen_at,
    };
    Ok(ApiJson(devices.into_iter().map(view).collect()))
}

/// One's own device; for the organiser anybody's.
pub async fn revoke_device(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((_, device_id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let of_person = if caller.has(Role::Organiser) { None } else { Some(caller.person()) };
    let mut found = app.store.devices(caller.congress(), of_person).await?;
    found.retain(|device| device.device_id == device_id);
    if found.is_empty() {
        return Err(ApiError::NotFound);
    }
    for device in &found {
        app.store.revoke_device(caller.congress(), &device.person, &device.device_id, (app.clock)()).await?;
    }
    let mut response = ApiJson(Done {}).into_response();
    if device_id == caller.device.device_id
        && let Some(cookie) = clear_cookie(&app.config, &headers, caller.congress())
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

//! The devices of a person: to see them, to send one away, and what each says of its own condition.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use congress::entities::Role;
use congress::limits::HELD_MARK_CHARS;
use serde::{Deserialize, Serialize};
use sync::ids::Timestamp;

use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::http::{ApiJson, clear_cookie};
use crate::limits::{BUILD_CHARS_MAX, HELD_MARKS_MAX, TIME_MAX};
use crate::store::{Device, Report, StorageKeeping};

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
pub struct Done {}

/// No word that a person wrote is in it.
#[derive(Deserialize)]
pub struct ConditionBody {
    /// Texts and facts that have not reached the server.
    waiting: u32,
    oldest_at: Option<Timestamp>,
    build: String,
    storage: StorageKeeping,
    /// The beginnings of the hashes of what it holds of the pack. Older apps do not say.
    #[serde(default)]
    held: Option<Vec<String>>,
}

impl ConditionBody {
    fn check(&self) -> Result<(), ApiError> {
        let is_build = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
        if self.build.len() > BUILD_CHARS_MAX || !self.build.chars().all(is_build) {
            return Err(ApiError::Malformed("build".to_owned()));
        }
        let is_time = |at: Timestamp| (Timestamp(0)..=TIME_MAX).contains(&at);
        if self.oldest_at.is_some() != (self.waiting > 0) || !self.oldest_at.is_none_or(is_time) {
            return Err(ApiError::Malformed("oldest_at".to_owned()));
        }
        let is_mark =
            |mark: &String| mark.len() == HELD_MARK_CHARS && mark.bytes().all(|byte| byte.is_ascii_hexdigit());
        if self.held.as_ref().is_some_and(|held| held.len() > HELD_MARKS_MAX || !held.iter().all(is_mark)) {
            return Err(ApiError::Malformed("held".to_owned()));
        }
        Ok(())
    }
}

pub async fn report_condition(
    State(app): State<Arc<App>>,
    caller: Caller,
    ApiJson(body): ApiJson<ConditionBody>,
) -> Result<ApiJson<Done>, ApiError> {
    body.check()?;
    let ConditionBody { waiting, oldest_at, build, storage, held } = body;
    let held = held.map(|marks| marks.concat());
    let report = Report { at: (app.clock)(), waiting, oldest_at, build, storage, held };
    app.reports.note(caller.congress(), &caller.device, report);
    Ok(ApiJson(Done {}))
}

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

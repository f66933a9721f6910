//! Push, pull, and the immutable parts of a scope's log.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use sync::ids::{Epoch, PersonId, Scope};
use sync::limits::{LONG_POLL_MS, PUSH_BYTES_MAX, SCOPES_MAX};
use sync::wire::{PULL_PROTOCOL_MIN, PullRequest, PullResponse, PushRequest, PushResponse, Update};
use tokio::time::{Instant, sleep_until};

use crate::app::{App, CacheKey};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::hall::told_to;
use crate::http::{ApiJson, Form, Packed, answer_immutable};
use crate::limits::BROTLI_QUALITY;

/// Takes every protocol ever shipped: what a person wrote is taken from any phone.
pub async fn push_commands(
    caller: Caller,
    ApiJson(request): ApiJson<PushRequest, PUSH_BYTES_MAX>,
) -> Result<ApiJson<PushResponse>, ApiError> {
    speaks_for(&caller, request.person.as_ref())?;
    Ok(ApiJson(caller.hall.push(caller.person(), request).await?))
}

pub async fn pull_changes(
    State(app): State<Arc<App>>,
    caller: Caller,
    ApiJson(request): ApiJson<PullRequest>,
) -> Result<ApiJson<PullResponse>, ApiError> {
    if request.protocol < PULL_PROTOCOL_MIN {
        return Err(ApiError::UpdateNeeded);
    }
    speaks_for(&caller, request.person.as_ref())?;
    if request.cursors.len() > SCOPES_MAX {
        return Err(ApiError::Malformed("cursors".to_owned()));
    }
    let until = Instant::now() + Duration::from_millis(request.wait_ms.min(LONG_POLL_MS));
    let known = request.cursors.values().max().copied().filter(|_| request.epoch == Some(caller.hall.epoch()));
    caller.hall.catch_up(known.unwrap_or(0)).await;
    let (mut head, mut stopped) = (caller.hall.head(), app.stopped());
    loop {
        head.borrow_and_update();
        let response = caller.hall.pull(caller.person(), &request);
        if request.wait_ms == 0 || is_news(&request, &response) {
            return Ok(ApiJson(response));
        }
        tokio::select! {
            moved = head.changed() => if moved.is_err() { return Ok(ApiJson(response)) },
            () = sleep_until(until) => return Ok(ApiJson(response)),
            () = told_to(&mut stopped) => return Ok(ApiJson(response)),
        }
    }
}

/// Two people may share a device: whoever was enrolled last has the cookie, and an open page of the other must neither
/// write nor read in that name.
pub fn speaks_for(caller: &Caller, person: Option<&PersonId>) -> Result<(), ApiError> {
    if person.is_none_or(|person| person == caller.person()) { Ok(()) } else { Err(ApiError::ForeignClient) }
}

/// Whether an answer tells the device anything that it does not hold.
fn is_news(request: &PullRequest, response: &PullResponse) -> bool {
    let held = |scope: &Scope| request.cursors.contains_key(scope);
    let empty = |update: &Update| matches!(update, Update::Tail { rows, .. } if rows.is_empty());
    request.epoch != Some(response.epoch)
        || request.cursors.len() != response.scopes.len()
        || response.scopes.iter().any(|scope| !held(&scope.scope) || !empty(&scope.update))
}

/// The log of which a part is asked for. Part of the address, so that no cache on the way answers with a part of an
/// earlier log; phones of the first release do not name it.
#[derive(Deserialize)]
pub struct OfLog {
    epoch: Option<Epoch>,
}

impl OfLog {
    fn check(&self, caller: &Caller) -> Result<(), ApiError> {
        let same = self.epoch.is_none_or(|epoch| caller.hall.epoch() == epoch);
        if same { Ok(()) } else { Err(ApiError::NotFound) }
    }
}

pub async fn get_snapshot(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((congress, scope, gsn)): Path<(String, String, u64)>,
    Query(log): Query<OfLog>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    log.check(&caller)?;
    let scope = scope_of(&caller, scope)?;
    // What the log does not offer any more is not told from memory either: it may have been redacted.
    if !caller.hall.has_snapshot(&scope, gsn) {
        return Err(ApiError::NotFound);
    }
    let form = Form::taken(&headers);
    let key = (CacheKey::Snapshot { congress, scope: scope.0.clone(), gsn }, form);
    let make = async || {
        let snapshot = caller.hall.snapshot(&scope, gsn).ok_or(ApiError::NotFound)?;
        pack(form, move || serde_json::to_vec(&snapshot)).await
    };
    Ok(answer_immutable(&*app.cache.get_or_make(&key, make).await?, &headers))
}

pub async fn get_chunk(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((congress, scope, index)): Path<(String, String, u64)>,
    Query(log): Query<OfLog>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    log.check(&caller)?;
    let scope = scope_of(&caller, scope)?;
    if !caller.hall.has_chunk(&scope, index) {
        return Err(ApiError::NotFound);
    }
    let form = Form::taken(&headers);
    let key = (CacheKey::Chunk { congress, scope: scope.0.clone(), index }, form);
    let make = async || {
        let chunk = caller.hall.chunk(&scope, index).ok_or(ApiError::NotFound)?;
        pack(form, move || serde_json::to_vec(&chunk)).await
    };
    Ok(answer_immutable(&*app.cache.get_or_make(&key, make).await?, &headers))
}

/// A scope that is not the caller's does not exist for them.
fn scope_of(caller: &Caller, scope: String) -> Result<Scope, ApiError> {
    let scope = Scope(scope);
    if caller.hall.scopes(caller.person()).contains(&scope) { Ok(scope) } else { Err(ApiError::NotFound) }
}

/// Writes and compresses away from the threads that answer requests.
async fn pack(
    form: Form,
    write: impl FnOnce() -> Result<Vec<u8>, serde_json::Error> + Send + 'static,
) -> Result<Packed, ApiError> {
    let packed = tokio::task::spawn_blocking(move || {
        write().map(|bytes| Packed::compressed("application/json", bytes, form, BROTLI_QUALITY))
    });
    match packed.await {
        Ok(Ok(packed)) => Ok(packed),
        Ok(Err(error)) => Err(internal(&error)),
        Err(error) => Err(internal(&error)),
    }
}

fn internal(error: &dyn std::error::Error) -> ApiError {
    tracing::error!(%error, "an immutable answer could not be made");
    ApiError::Busy
}

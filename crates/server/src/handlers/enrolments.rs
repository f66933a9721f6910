//! From the code on an invitation to a device that may come in.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use congress::entities::{Congress, Person, PersonKind};
use congress::scopes;
use serde::{Deserialize, Serialize};
use sync::ids::PersonId;
use uuid::Uuid;

use crate::app::App;
use crate::error::ApiError;
use crate::http::{ApiJson, Peer, device_cookie};
use crate::limits::LABEL_CHARS_MAX;
use crate::secret;
use crate::store::{Enrolled, NewDevice};

#[derive(Deserialize)]
pub struct PreviewRequest {
    code: String,
    /// A device that is in already finds its code usable, though others find it used up.
    #[serde(default)]
    device_id: Uuid,
}

#[derive(Serialize)]
pub struct Preview {
    congress: CongressView,
    person: PersonView,
    devices_left: u32,
}

#[derive(Serialize)]
struct CongressView {
    id: String,
    name: String,
    short_name: String,
}

#[derive(Serialize)]
struct PersonView {
    id: PersonId,
    name: String,
    delegation: String,
    organisation: String,
    kind: PersonKind,
}

#[derive(Deserialize)]
pub struct EnrolRequest {
    code: String,
    device_id: Uuid,
    #[serde(default)]
    label: String,
    /// The device comes by itself: its browser lost the cookie, or the server was restored to a time before it came.
    /// A device that somebody revoked may not; a person with the invitation may.
    #[serde(default)]
    renew: bool,
}

#[derive(Serialize)]
pub struct EnrolResponse {
    congress: String,
    congress_name: String,
    person: PersonId,
    name: String,
    device_id: Uuid,
    /// Where this congress's API begins; the cookie is sent there only.
    api: String,
    /// Where blobs are fetched by their hash.
    blobs: String,
}

/// Tells whose invitation it is, so that the person can say "that is me". Changes nothing.
pub async fn preview_enrolment(
    State(app): State<Arc<App>>,
    Peer(address): Peer,
    ApiJson(request): ApiJson<PreviewRequest>,
) -> Result<ApiJson<Preview>, ApiError> {
    let code_hash = hash_of(&app, address, &request.code)?;
    let found = app.store.enrolment(&code_hash, &request.device_id.to_string()).await?;
    let enrolment = found.ok_or_else(|| wrong_code(&app, address))?;
    if enrolment.revoked {
        return Err(ApiError::CodeRevoked);
    }
    if !enrolment.has_place() {
        return Err(ApiError::CodeUsedUp);
    }
    let (congress, person) = people_of(&app, &enrolment.congress, &enrolment.person)?;
    Ok(ApiJson(Preview {
        congress: CongressView { id: congress.id, name: congress.name, short_name: congress.short_name },
        person: PersonView {
            name: person.full_name(),
            id: person.id,
            delegation: person.delegation,
            organisation: person.organisation,
            kind: person.kind,
        },
        devices_left: enrolment.devices_left(),
    }))
}

pub async fn enrol_device(
    State(app): State<Arc<App>>,
    Peer(address): Peer,
    headers: HeaderMap,
    ApiJson(request): ApiJson<EnrolRequest>,
) -> Result<Response, ApiError> {
    let code_hash = hash_of(&app, address, &request.code)?;
    let device_id = request.device_id.to_string();
    if request.renew && app.store.enrolment(&code_hash, &device_id).await?.is_some_and(|found| found.sent_away) {
        return Err(ApiError::DeviceRevoked);
    }
    let token = secret::new_token()?;
    let device = NewDevice {
        device_id,
        token_hash: secret::token_hash(&token),
        label: request.label.chars().filter(|c| !c.is_control()).take(LABEL_CHARS_MAX).collect(),
        at: (app.clock)(),
    };
    let (id, person) = match app.store.enrol_device(&code_hash, &device).await? {
        Enrolled::Done { congress, person } => (congress, person),
        Enrolled::Unknown => return Err(wrong_code(&app, address)),
        Enrolled::Revoked => return Err(ApiError::CodeRevoked),
        Enrolled::UsedUp => return Err(ApiError::CodeUsedUp),
    };
    let (congress, person) = people_of(&app, &id, &person)?;
    let api = format!("/api/v1/congresses/{id}");
    let cookie = device_cookie(&app.config, &headers, &id, &token).ok_or(ApiError::CongressUnknown)?;
    let answer = EnrolResponse {
        congress_name: congress.name,
        name: person.full_name(),
        person: person.id,
        device_id: request.device_id,
        blobs: format!("{api}/blobs/"),
        congress: id,
        api,
    };
    Ok(([(header::SET_COOKIE, cookie)], ApiJson(answer)).into_response())
}

/// Unknown, malformed, and belonging to nobody are one answer.
fn hash_of(app: &App, address: IpAddr, code: &str) -> Result<String, ApiError> {
    if !app.enrol_limiter.allows_attempt(address) {
        return Err(ApiError::TooManyTries);
    }
    secret::code_hash(code).ok_or_else(|| wrong_code(app, address))
}

fn wrong_code(app: &App, address: IpAddr) -> ApiError {
    if app.enrol_limiter.allows_wrong_code(address) { ApiError::CodeUnknown } else { ApiError::TooManyTries }
}

/// A person who is no longer in the register has no invitation.
fn people_of(app: &App, congress: &str, person: &PersonId) -> Result<(Congress, Person), ApiError> {
    let hall = app.hall(congress).ok_or(ApiError::CongressUnknown)?;
    let congress = hall.entity(&scopes::public(), "main").ok_or(ApiError::CongressUnknown)?;
    Ok((congress, hall.person(person).ok_or(ApiError::CodeUnknown)?))
}

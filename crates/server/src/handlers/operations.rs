//! What an organiser sees of the devices: which hold something unsent, which lack something of the pack, which were not
//! heard of, who has none. No word that anyone wrote is in it.

mod readiness;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use congress::carrying::Carries;
use congress::entities::{Person, PersonKind, Role, read_all};
use congress::scopes;
use congress::text::sort_key;
use serde::Serialize;
use sync::ids::{PersonId, Timestamp};

use self::readiness::LivePack;
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::http::ApiJson;
use crate::store::{Device, Report};

#[derive(Serialize)]
pub struct Operations {
    /// By the server's clock; ages are counted from here.
    at: Timestamp,
    /// The build of the app that the server gives out now.
    #[serde(skip_serializing_if = "Option::is_none")]
    build: Option<String>,
    devices: Vec<DeviceCondition>,
    /// Official delegates (domain.md C-2).
    convened: usize,
    /// Those of them who have not enrolled any device yet.
    without_device: Vec<PersonLine>,
}

#[derive(Serialize)]
struct PersonLine {
    name: String,
    delegation: String,
}

#[derive(Serialize)]
struct DeviceCondition {
    #[serde(flatten)]
    person: PersonLine,
    label: String,
    last_seen_at: Timestamp,
    /// Nothing from a device that has not reported yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Report>,
    /// How it stands to the pack as it is now; nothing of those who do not receive the documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    carries: Option<Carries>,
}

pub async fn list_operations(State(app): State<Arc<App>>, caller: Caller) -> Result<ApiJson<Operations>, ApiError> {
    if !caller.has(Role::Organiser) {
        return Err(ApiError::NotAllowed);
    }
    // What this server heard a moment ago counts too.
    app.write_heard().await?;
    let devices = app.store.devices_with_reports(caller.congress()).await?;
    let holders: BTreeSet<PersonId> = devices.iter().map(|(device, _)| device.person.clone()).collect();
    let people: Vec<Person> = caller.hall.rows(|rows| read_all(rows, &scopes::registry()));
    let mut convened: Vec<&Person> = people.iter().filter(|person| person.kind == PersonKind::Official).collect();
    convened.sort_by_cached_key(|person| (sort_key(&person.delegation), sort_key(&person.given_name)));
    let build = match &app.assets {
        Some(assets) => assets.build().await,
        None => None,
    };
    let at = (app.clock)();
    let pack = caller.hall.rows(|rows| LivePack::of(rows, at));
    Ok(ApiJson(Operations {
        at,
        build,
        convened: convened.len(),
        without_device: convened.into_iter().filter(|person| !holders.contains(&person.id)).map(line_of).collect(),
        devices: devices.into_iter().map(|(device, report)| condition_of(&caller, &pack, device, report)).collect(),
    }))
}

fn line_of(person: &Person) -> PersonLine {
    PersonLine { name: person.full_name(), delegation: person.delegation.clone() }
}

/// A person who left the register still holds a device until it is revoked; nothing but the id is known then.
fn condition_of(caller: &Caller, pack: &LivePack, device: Device, report: Option<Report>) -> DeviceCondition {
    let person = caller.hall.person(&device.person).as_ref().map(line_of);
    let reads = caller.hall.scopes(&device.person).contains(&scopes::delegates());
    let carries = reads.then(|| pack.carried_by(report.as_ref()));
    DeviceCondition {
        person: person.unwrap_or_else(|| PersonLine { name: device.person.0, delegation: String::new() }),
        label: device.label,
        last_seen_at: device.last_seen_at,
        report,
        carries,
    }
}

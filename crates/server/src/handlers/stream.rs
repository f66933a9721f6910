//! The live stream of one device: small changes inline, larger ones announced. A hint and never the truth: whoever
//! misses an event pulls.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use congress::entities::Role;
use futures_util::stream;
use serde::Deserialize;
use sync::ids::{ClientId, Gsn, PersonId};
use sync::limits::LIVE_BYTES_MAX;
use sync::wire::{Live, PROTOCOL, PullRequest, PullResponse, Update};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::hall::{Position, told_to};
use crate::handlers::sync::speaks_for;
use crate::limits::{STREAM_CALM, STREAM_HEARTBEAT, STREAM_LOOK};
use crate::streams::Place;

#[derive(Deserialize)]
pub struct StreamQuery {
    client_id: ClientId,
    person: Option<PersonId>,
}

pub async fn stream_changes(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<StreamQuery>,
) -> Result<Response, ApiError> {
    speaks_for(&caller, query.person.as_ref())?;
    let feed = Feed::new(app, caller, query.client_id);
    let events = stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok::<_, Infallible>(Event::default().data(event)), feed))
    });
    // An event and not a comment: a page does not see comments, and its watchdog must.
    let beat = serde_json::to_string(&Live::Beat).unwrap_or_default();
    let beat = KeepAlive::new().interval(STREAM_HEARTBEAT).event(Event::default().data(beat));
    let mut response = Sse::new(events).keep_alive(beat).into_response();
    for (name, value) in [(HeaderName::from_static("x-accel-buffering"), "no"), (header::CACHE_CONTROL, "no-store")] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

struct Feed {
    app: Arc<App>,
    caller: Caller,
    client: ClientId,
    place: Place,
    head: watch::Receiver<Gsn>,
    access: watch::Receiver<u64>,
    stopped: watch::Receiver<bool>,
    /// What the last event told; `None` before the first.
    told: Option<Position>,
    /// Not before then is there another event, or another look for one.
    calm_until: Instant,
}

impl Feed {
    fn new(app: Arc<App>, caller: Caller, client: ClientId) -> Self {
        let hall = &caller.hall;
        let (head, access, stopped) = (hall.head(), hall.access(), app.stopped());
        let place = app.streams.take(&caller.token_hash);
        Self { app, client, place, head, access, stopped, told: None, calm_until: Instant::now(), caller }
    }

    /// The next event as JSON; `None` ends the stream.
    async fn next(&mut self) -> Option<String> {
        loop {
            if self.told.is_some() {
                self.wait().await?;
            }
            self.head.borrow_and_update();
            let news = self.news();
            let calm = if news.is_some() { STREAM_CALM } else { STREAM_LOOK };
            self.calm_until = Instant::now() + if self.is_at_the_table() { Duration::ZERO } else { calm };
            if let Some(event) = news {
                return serde_json::to_string(&event).ok();
            }
        }
    }

    /// Returns when the log moved and the calm is over; `None` when the stream is to end.
    async fn wait(&mut self) -> Option<()> {
        let mut moved = false;
        loop {
            tokio::select! {
                change = self.head.changed(), if !moved => {
                    change.ok()?;
                    moved = true;
                }
                () = sleep_until(self.calm_until), if moved => return Some(()),
                change = self.access.changed() => {
                    change.ok()?;
                    if !self.is_welcome().await {
                        return None;
                    }
                }
                () = told_to(&mut self.place.ended) => return None,
                () = told_to(&mut self.stopped) => return None,
            }
        }
    }

    /// What is to be told now, if anything. A silent look moves nothing: the next change begins where the last event
    /// ended, so that the device never sees a gap.
    fn news(&mut self) -> Option<Live> {
        let Some(told) = &self.told else {
            let begin = self.caller.hall.position(self.caller.person(), self.client);
            let event = Live::Moved { epoch: begin.epoch, gsn: begin.gsn };
            self.told = Some(begin);
            return Some(event);
        };
        // Most looks at a busy log find nothing for this person, and there are as many as streams.
        if self.caller.hall.is_silent(self.caller.person(), self.client, told) {
            return None;
        }
        let response = self.caller.hall.pull(self.caller.person(), &self.since(told));
        let now = Position {
            epoch: response.epoch,
            gsn: response.gsn,
            scopes: response.scopes.iter().map(|update| update.scope.clone()).collect(),
            last_seq: response.last_seq,
        };
        // Rows that a new scope held before are in no tail.
        let inline = now.scopes == told.scopes && bytes_of(&response).is_some_and(|bytes| bytes <= LIVE_BYTES_MAX);
        let event = if inline {
            Live::Change { from: told.gsn, response }
        } else {
            Live::Moved { epoch: response.epoch, gsn: response.gsn }
        };
        self.told = Some(now);
        Some(event)
    }

    fn since(&self, told: &Position) -> PullRequest {
        PullRequest {
            protocol: PROTOCOL,
            client_id: self.client,
            person: None,
            epoch: Some(self.caller.hall.epoch()),
            cursors: told.scopes.iter().map(|scope| (scope.clone(), told.gsn)).collect(),
            wait_ms: 0,
            parked: Vec::new(),
        }
    }

    /// Presidium and secretariat work together in the minute; everyone else reads.
    fn is_at_the_table(&self) -> bool {
        let person = self.caller.hall.person(self.caller.person());
        person.is_some_and(|person| person.has(Role::Presidium) || person.has(Role::Secretariat))
    }

    /// Whether the device may still listen. A database that does not answer is no reason to hang up.
    async fn is_welcome(&self) -> bool {
        let device = self.app.store.device_by_token(self.caller.congress(), &self.caller.token_hash).await;
        !matches!(device, Ok(None))
    }
}

/// Bytes of the rows of an answer that consists of tails only; `None` if the device has to fetch more.
fn bytes_of(response: &PullResponse) -> Option<usize> {
    let mut bytes = 0;
    for update in &response.scopes {
        let Update::Tail { rows, .. } = &update.update else { return None };
        bytes += rows
            .iter()
            .map(|row| row.id.len() + row.data.as_ref().map_or(0, |data| data.as_str().len()))
            .sum::<usize>();
    }
    Some(bytes)
}

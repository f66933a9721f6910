//! Who is asking: the device of the token in the cookie, for the congress in the path.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use congress::entities::Role;
use sync::ids::PersonId;

use crate::app::App;
use crate::error::ApiError;
use crate::hall::Hall;
use crate::http::token_of;
use crate::secret;
use crate::store::Device;

/// A device that may come in, and the congress that it came to.
#[derive(Clone)]
pub struct Caller {
    pub hall: Arc<Hall>,
    pub device: Device,
    /// By which a stream looks again whether its device is still welcome.
    pub token_hash: String,
}

impl Caller {
    pub fn person(&self) -> &PersonId {
        &self.device.person
    }

    pub fn congress(&self) -> &str {
        self.hall.congress()
    }

    /// Rights are looked up at each request: they may be gone since the last one.
    pub fn has(&self, role: Role) -> bool {
        self.hall.person(self.person()).is_some_and(|person| person.has(role))
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let hall = hall_of(parts, app).await?;
        let token = token_of(&parts.headers).ok_or(ApiError::DeviceRevoked)?;
        let token_hash = secret::token_hash(token);
        let device = app.store.device_by_token(hall.congress(), &token_hash).await?.ok_or(ApiError::DeviceRevoked)?;
        app.seen.note(hall.congress(), &device, (app.clock)());
        Ok(Self { hall, device, token_hash })
    }
}

/// An unknown congress is no word about the device: a server started with the wrong folder must not make phones
/// forget what they hold.
async fn hall_of(parts: &mut Parts, app: &Arc<App>) -> Result<Arc<Hall>, ApiError> {
    let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| ApiError::NotFound)?;
    let congress = params.iter().find(|(name, _)| *name == "congress").map(|(_, value)| value);
    congress.and_then(|id| app.hall(id)).ok_or(ApiError::CongressUnknown)
}

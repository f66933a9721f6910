//! Texts of documents, what they changed, and attachments, by the hash of their bytes. A blob is read by those who hold
//! a document that names it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use congress::entities::{Document, Entity};
use sync::ids::Timestamp;
use sync::row::Row;

use crate::app::{App, CacheKey};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::http::{Form, Packed, answer_immutable};
use crate::limits::BROTLI_QUALITY;
use crate::store::StoredBlob;

const JSON: &str = "application/json";

pub async fn get_blob(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((congress, sha256)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (part, name) = part_for(&caller, &sha256, (app.clock)()).ok_or(ApiError::NotFound)?;
    let form = match part {
        Part::Text => Form::taken(&headers),
        Part::File => Form::Identity,
    };
    let key = (CacheKey::Blob { congress: congress.clone(), sha256: sha256.clone() }, form);
    let make = async || pack(app.store.blob(&congress, &sha256).await?.ok_or(ApiError::NotFound)?, form).await;
    let packed = app.cache.get_or_make(&key, make).await?;
    let mut response = answer_immutable(&packed, &headers);
    if packed.media_type() != JSON {
        // An attachment is a stranger's file: it may be looked at, but runs and reaches nothing.
        let guard = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, guard);
        if let Ok(disposition) = HeaderValue::from_str(&format!("inline; filename*=UTF-8''{}", percent(&name))) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
        }
    }
    Ok(response)
}

/// What a blob is to the document that names it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The text, or what changed in it: JSON of ours.
    Text,
    /// An attachment, compressed already; kept once, whatever a client takes.
    File,
}

/// As what, and under which name, a document that the caller holds, and whose time is not over, carries this blob.
fn part_for(caller: &Caller, sha256: &str, now: Timestamp) -> Option<(Part, String)> {
    if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let scopes = caller.hall.scopes(caller.person());
    caller.hall.rows(|rows| {
        let mut found = None;
        for scope in &scopes {
            rows.each(scope, Document::KIND, &mut |_, row| {
                found = found.take().or_else(|| part_in(row, sha256, now));
            });
        }
        found
    })
}

fn part_in(row: &Row, sha256: &str, now: Timestamp) -> Option<(Part, String)> {
    // Most rows do not hold the hash at all; looking is cheaper than reading.
    let data = row.data.as_ref().filter(|data| data.as_str().contains(sha256))?;
    let document: Document = data.read().ok()?;
    if document.is_expired(now) {
        return None;
    }
    let is_changes = document.changes.is_some_and(|changes| changes.sha256 == sha256);
    if document.text_sha256 == sha256 || is_changes {
        return Some((Part::Text, document.title));
    }
    document.files.into_iter().find(|file| file.sha256 == sha256).map(|file| (Part::File, file.name))
}

async fn pack(blob: StoredBlob, form: Form) -> Result<Packed, ApiError> {
    if blob.media_type != JSON {
        return Ok(Packed::plain(&blob.media_type, blob.bytes));
    }
    let packed = tokio::task::spawn_blocking(move || Packed::compressed(JSON, blob.bytes, form, BROTLI_QUALITY));
    packed.await.map_err(|error| {
        tracing::error!(%error, "a blob could not be packed");
        ApiError::Busy
    })
}

/// Everything but letters, digits and a few signs as `%XX` (RFC 8187).
fn percent(name: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    name.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vietnamese_name_fits_into_a_header() {
        assert_eq!(percent("Báo cáo (1).pdf"), "B%C3%A1o%20c%C3%A1o%20%281%29.pdf");
        assert!(HeaderValue::from_str(&percent("a\r\nb\"")).is_ok());
    }
}

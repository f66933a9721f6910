//! Immutable bytes with their compressed forms and their ETag.

use std::io::Write;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::cache::Weighed;
use crate::secret::sha256_hex;

/// Below this, compression saves less than its header costs.
const WORTH_BYTES: usize = 512;

#[derive(Clone, Debug)]
pub struct Packed {
    media_type: String,
    etag: String,
    identity: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// One form of the bytes, as this client takes it.
#[derive(Clone, Debug)]
pub struct Picked {
    pub bytes: Bytes,
    pub encoding: Option<&'static str>,
}

impl Weighed for Packed {
    fn bytes(&self) -> usize {
        let forms = [Some(&self.identity), self.brotli.as_ref(), self.gzip.as_ref()];
        forms.into_iter().flatten().map(Bytes::len).sum()
    }
}

impl Packed {
    /// Bytes as they are, for what is compressed already (PDF, pictures).
    pub fn plain(media_type: &str, bytes: Vec<u8>) -> Self {
        let etag = sha256_hex(&bytes)[..32].to_owned();
        Self { media_type: media_type.to_owned(), etag, identity: bytes.into(), brotli: None, gzip: None }
    }

    /// Compresses; takes long enough to be called away from the runtime's threads.
    pub fn compressed(media_type: &str, bytes: Vec<u8>, brotli_quality: i32) -> Self {
        let worth = |packed: Option<Vec<u8>>| packed.filter(|packed| packed.len() < bytes.len()).map(Bytes::from);
        let (brotli, gzip) = if bytes.len() < WORTH_BYTES {
            (None, None)
        } else {
            (worth(brotli(&bytes, brotli_quality)), worth(gzip(&bytes)))
        };
        Self { brotli, gzip, ..Self::plain(media_type, bytes) }
    }

    pub fn etag(&self) -> &str {
        &self.etag
    }

    pub fn media_type(&self) -> &str {
        &self.media_type
    }
}

fn brotli(bytes: &[u8], quality: i32) -> Option<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams { quality, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &params).ok()?;
    Some(packed)
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// The smallest form that the client takes.
pub fn pick(packed: &Packed, headers: &HeaderMap) -> Picked {
    let forms = [("br", &packed.brotli), ("gzip", &packed.gzip)];
    let taken = forms.into_iter().find_map(|(name, form)| {
        let bytes = form.clone().filter(|_| accepts(headers, name))?;
        Some(Picked { bytes, encoding: Some(name) })
    });
    taken.unwrap_or_else(|| Picked { bytes: packed.identity.clone(), encoding: None })
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !parts.any(|part| matches!(part.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// What never changes under its address: kept by the device for a year, by no proxy.
pub fn answer_immutable(packed: &Packed, headers: &HeaderMap) -> Response {
    let mut response = answer(packed, headers);
    let kept = HeaderValue::from_static("private, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    response
}

fn answer(packed: &Packed, headers: &HeaderMap) -> Response {
    let picked = pick(packed, headers);
    let etag = format!("\"{}{}\"", packed.etag, picked.encoding.map(|name| format!("-{name}")).unwrap_or_default());
    let mut response = if knows(headers, packed.etag()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(picked.bytes));
        if let Ok(kind) = HeaderValue::from_str(packed.media_type()) {
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
        }
        if let Some(encoding) = picked.encoding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Whether the client holds these bytes, in whatever form.
fn knows(headers: &HeaderMap, etag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|offer| {
        let offer = offer.trim().trim_start_matches("W/").trim_matches('"');
        offer.split('-').next() == Some(etag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn each_client_gets_the_smallest_form_that_it_takes() {
        let packed = Packed::compressed("application/json", b"[1,2,3]".repeat(500), 5);
        let encoding = |value: &'static str| pick(&packed, &headers(header::ACCEPT_ENCODING, value)).encoding;
        assert_eq!(encoding("gzip, deflate, br"), Some("br"));
        assert_eq!(encoding("gzip;q=1.0, br;q=0"), Some("gzip"));
        assert_eq!(encoding("identity"), None);
        assert_eq!(pick(&packed, &HeaderMap::new()).bytes.len(), 3_500);
    }

    #[test]
    fn short_bytes_stay_as_they_are() {
        let packed = Packed::compressed("application/json", b"[]".to_vec(), 5);
        assert_eq!(pick(&packed, &headers(header::ACCEPT_ENCODING, "br, gzip")).encoding, None);
    }

    #[test]
    fn a_client_that_holds_the_bytes_gets_none() {
        let packed = Packed::compressed("application/json", b"[1,2,3]".repeat(500), 5);
        let first = answer_immutable(&packed, &headers(header::ACCEPT_ENCODING, "br"));
        let etag = first.headers()[header::ETAG].clone();
        let again = HeaderMap::from_iter([(header::IF_NONE_MATCH, etag)]);
        assert_eq!(answer_immutable(&packed, &again).status(), StatusCode::NOT_MODIFIED);
        let other = headers(header::IF_NONE_MATCH, "\"abc\"");
        assert_eq!(answer_immutable(&packed, &other).status(), StatusCode::OK);
    }
}

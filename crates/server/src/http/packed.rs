//! Immutable bytes in the form in which a client takes them, with their ETag. Each form is made when the first client
//! asks for it: behind TLS all browsers take Brotli, and in a hall without it none does.

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

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Form {
    Identity,
    Gzip,
    Brotli,
}

#[derive(Clone, Debug)]
pub struct Packed {
    media_type: String,
    /// Of the bytes before they were compressed.
    etag: String,
    form: Form,
    bytes: Bytes,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// The smallest form that a client takes.
    pub fn taken(headers: &HeaderMap) -> Self {
        let takes = |form: &Self| form.encoding().is_none_or(|name| accepts(headers, name));
        Self::ALL.into_iter().find(takes).unwrap_or(Self::Identity)
    }

    fn encoding(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

impl Weighed for Packed {
    fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

impl Packed {
    /// Bytes as they are, for what is compressed already (PDF, pictures).
    pub fn plain(media_type: &str, bytes: Vec<u8>) -> Self {
        let etag = sha256_hex(&bytes)[..32].to_owned();
        Self { media_type: media_type.to_owned(), etag, form: Form::Identity, bytes: bytes.into() }
    }

    /// Bytes in a form, or as they are when they would not get shorter. Takes long enough to be called away from the
    /// runtime's threads.
    pub fn compressed(media_type: &str, bytes: Vec<u8>, form: Form, brotli_quality: i32) -> Self {
        let plain = Self::plain(media_type, bytes);
        let made = match form {
            Form::Brotli if plain.bytes.len() >= WORTH_BYTES => brotli(&plain.bytes, brotli_quality),
            Form::Gzip if plain.bytes.len() >= WORTH_BYTES => gzip(&plain.bytes),
            _ => None,
        };
        match made.filter(|made| made.len() < plain.bytes.len()) {
            Some(made) => Self { form, bytes: made.into(), ..plain },
            None => plain,
        }
    }

    pub fn etag(&self) -> &str {
        &self.etag
    }

    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    pub fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    pub fn encoding(&self) -> Option<&'static str> {
        self.form.encoding()
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
    let encoding = packed.encoding();
    let etag = format!("\"{}{}\"", packed.etag, encoding.map(|name| format!("-{name}")).unwrap_or_default());
    let mut response = if knows(headers, packed.etag()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(packed.bytes()));
        if let Ok(kind) = HeaderValue::from_str(packed.media_type()) {
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
        }
        if let Some(encoding) = encoding {
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

    fn packed(bytes: Vec<u8>, headers: &HeaderMap) -> Packed {
        Packed::compressed("application/json", bytes, Form::taken(headers), 5)
    }

    #[test]
    fn each_client_gets_the_smallest_form_that_it_takes() {
        let sent = |headers: &HeaderMap| {
            let packed = packed(b"[1,2,3]".repeat(500), headers);
            (packed.encoding(), packed.bytes().len())
        };
        let of = |value: &'static str| sent(&headers(header::ACCEPT_ENCODING, value));
        assert_eq!(of("gzip, deflate, br").0, Some("br"));
        assert_eq!(of("gzip;q=1.0, br;q=0").0, Some("gzip"));
        assert!(of("br").1 < 100 && of("gzip").1 < 100);
        assert_eq!(of("identity"), (None, 3_500));
        assert_eq!(sent(&HeaderMap::new()), (None, 3_500));
    }

    #[test]
    fn short_bytes_stay_as_they_are() {
        let packed = packed(b"[]".to_vec(), &headers(header::ACCEPT_ENCODING, "br, gzip"));
        assert_eq!((packed.encoding(), &*packed.bytes()), (None, &b"[]"[..]));
    }

    #[test]
    fn a_client_that_holds_the_bytes_gets_none_whatever_their_form() {
        let packed = |value| packed(b"[1,2,3]".repeat(500), &headers(header::ACCEPT_ENCODING, value));
        let first = answer_immutable(&packed("br"), &headers(header::ACCEPT_ENCODING, "br"));
        let etag = first.headers()[header::ETAG].clone();
        let again = HeaderMap::from_iter([(header::IF_NONE_MATCH, etag)]);
        for form in ["br", "gzip", "identity"] {
            assert_eq!(answer_immutable(&packed(form), &again).status(), StatusCode::NOT_MODIFIED);
        }
        let other = headers(header::IF_NONE_MATCH, "\"abc\"");
        assert_eq!(answer_immutable(&packed("br"), &other).status(), StatusCode::OK);
    }
}

//! Contents by their hash, each kept once.

use std::collections::BTreeMap;
use std::fmt::Write;

use congress::entities::Attachment;
use sha2::{Digest, Sha256};

use crate::Blob;

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        // Writing into a String cannot fail.
        _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[derive(Debug, Default)]
pub(crate) struct Blobs(BTreeMap<String, Blob>);

impl Blobs {
    /// Keeps a content and gives its hash.
    pub(crate) fn put(&mut self, media_type: &str, bytes: Vec<u8>) -> String {
        let sha256 = sha256_hex(&bytes);
        let blob = Blob { sha256: sha256.clone(), media_type: media_type.to_owned(), bytes };
        self.0.entry(sha256.clone()).or_insert(blob);
        sha256
    }

    /// Keeps a file that belongs to a document.
    pub(crate) fn attach(&mut self, name: &str, media_type: &str, bytes: Vec<u8>) -> Attachment {
        let length = bytes.len() as u64;
        let sha256 = self.put(media_type, bytes);
        Attachment { name: name.to_owned(), media_type: media_type.to_owned(), sha256, bytes: length }
    }

    pub(crate) fn into_list(self) -> Vec<Blob> {
        self.0.into_values().collect()
    }
}

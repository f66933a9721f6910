//! A pack beside the congress that is live: its texts take over the ids of the paragraphs that stayed, and say what
//! they changed. Whoever imports brings the live texts; nothing is fetched here.

mod compare;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use congress::entities::{Block, ChangesFile, Document, DocumentChanges, DocumentText, read};
use congress::scopes;
use congress::versions::match_blocks;
use sync::row::Rows;
use thiserror::Error;

use crate::blobs::sha256_hex;
use crate::{Blob, Pack};

/// Bytes of blobs that an earlier import stored, by their hash.
pub type EarlierBlobs = BTreeMap<String, Vec<u8>>;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum VersionsError {
    #[error("blob {0} is needed to go on from the live version, and was not brought")]
    Missing(String),
    #[error("blob {0} is not what this build reads")]
    Unreadable(String),
}

/// Hashes of the blobs that [`continued`] needs and does not have yet. To be asked until it is empty: what one holds
/// may name the next.
pub fn needed_blobs(pack: &Pack, rows: &dyn Rows, held: &EarlierBlobs) -> Result<Vec<String>, VersionsError> {
    let mut needed = BTreeSet::new();
    for document in &pack.documents {
        let Some(live) = Live::of(rows, document) else { continue };
        needed.insert(live.document.text_sha256.clone());
        if let Some(changes) = live.document.changes.as_ref().filter(|_| document.version > live.document.version) {
            needed.insert(changes.sha256.clone());
            if held.contains_key(&changes.sha256) && !live.is_released {
                needed.insert(parsed::<DocumentChanges>(held, &changes.sha256)?.from_sha256);
            }
        }
    }
    Ok(needed.into_iter().filter(|sha256| !held.contains_key(sha256)).collect())
}

/// The pack as it is imported over these rows: a text that did not change is the one that is live, and a new version
/// keeps the ids of the paragraphs that stayed.
pub fn continued(pack: &Pack, rows: &dyn Rows, held: &EarlierBlobs) -> Result<Pack, VersionsError> {
    let mut blobs: BTreeMap<String, Blob> = pack.blobs.iter().map(|blob| (blob.sha256.clone(), blob.clone())).collect();
    let mut documents = Vec::with_capacity(pack.documents.len());
    for document in &pack.documents {
        let live = Live::of(rows, document);
        let fresh = blobs.get(&document.text_sha256).and_then(|blob| serde_json::from_slice(&blob.bytes).ok());
        let (Some(live), Some(fresh)) = (live, fresh) else {
            documents.push(document.clone());
            continue;
        };
        let fresh: DocumentText = fresh;
        let before: DocumentText = parsed(held, &live.document.text_sha256)?;
        if live.document.version == document.version {
            if is_same(&before, &fresh) {
                blobs.remove(&document.text_sha256);
                documents.push(with_text_of(document, &live.document));
            } else {
                documents.push(document.clone());
            }
            continue;
        }
        blobs.remove(&document.text_sha256);
        let text = DocumentText { blocks: carried(&before.blocks, fresh.blocks), ..fresh };
        let changes = changes(&live, &before, &text, held)?;
        let mut put = |bytes: Vec<u8>| {
            let (sha256, length) = (sha256_hex(&bytes), bytes.len() as u64);
            let blob = Blob { sha256: sha256.clone(), media_type: "application/json".to_owned(), bytes };
            blobs.insert(sha256.clone(), blob);
            (sha256, length)
        };
        let (text_sha256, text_bytes) = put(serde_json::to_vec(&text).unwrap_or_default());
        let changes = changes.map(|changes| {
            let (sha256, bytes) = put(serde_json::to_vec(&changes).unwrap_or_default());
            ChangesFile { from_version: changes.from_version, sha256, bytes }
        });
        documents.push(Document { text_sha256, text_bytes, changes, ..document.clone() });
    }
    Ok(Pack { documents, blobs: blobs.into_values().collect(), ..pack.clone() })
}

/// The version of a document that is live.
struct Live {
    document: Document,
    /// Delegates hold it. What they never held is told to nobody as "what was before".
    is_released: bool,
}

impl Live {
    /// `None` if there is none, or a newer one, which the import refuses anyway.
    fn of(rows: &dyn Rows, document: &Document) -> Option<Self> {
        let held = |scope| read::<Document>(rows, &scope, &document.id);
        let live = held(scopes::delegates()).map(|document| Self { document, is_released: true });
        let live = live.or_else(|| held(scopes::secretariat()).map(|document| Self { document, is_released: false }));
        live.filter(|live| live.document.version <= document.version)
    }
}

fn parsed<T: serde::de::DeserializeOwned>(held: &EarlierBlobs, sha256: &str) -> Result<T, VersionsError> {
    let bytes = held.get(sha256).ok_or_else(|| VersionsError::Missing(sha256.to_owned()))?;
    serde_json::from_slice(bytes).map_err(|_| VersionsError::Unreadable(sha256.to_owned()))
}

/// Whether two texts say the same in the same form; ids do not count.
fn is_same(one: &DocumentText, other: &DocumentText) -> bool {
    let same = |(one, other): (&Block, &Block)| Block { id: one.id.clone(), ..other.clone() } == *one;
    let all_same = one.blocks.len() == other.blocks.len() && one.blocks.iter().zip(&other.blocks).all(same);
    all_same && one.frame == other.frame
}

fn with_text_of(document: &Document, live: &Document) -> Document {
    Document {
        text_sha256: live.text_sha256.clone(),
        text_bytes: live.text_bytes,
        changes: live.changes.clone(),
        ..document.clone()
    }
}

/// The new blocks with the ids of those that they continue. One that continues none never gets an id that the old
/// version had: an id that both versions have is one paragraph.
fn carried(old: &[Block], mut new: Vec<Block>) -> Vec<Block> {
    let continues = match_blocks(old, &new);
    let mut taken: BTreeSet<String> = old.iter().map(|block| block.id.clone()).collect();
    let mut repeats: BTreeMap<String, u32> = BTreeMap::new();
    for (block, from) in new.iter_mut().zip(continues) {
        if let Some(from) = from.and_then(|at| old.get(at)) {
            block.id.clone_from(&from.id);
            continue;
        }
        let anchor = block.id.split('-').next().unwrap_or_default().to_owned();
        let count = repeats.entry(anchor.clone()).or_default();
        loop {
            *count += 1;
            block.id = if *count == 1 { anchor.clone() } else { format!("{anchor}-{count}") };
            if taken.insert(block.id.clone()) {
                break;
            }
        }
    }
    new
}

/// What the new text changes in the last one that was released; `None` where none was.
fn changes(
    live: &Live,
    before: &DocumentText,
    text: &DocumentText,
    held: &EarlierBlobs,
) -> Result<Option<DocumentChanges>, VersionsError> {
    let earlier: Option<DocumentChanges> = match &live.document.changes {
        Some(changes) => Some(parsed(held, &changes.sha256)?),
        None => None,
    };
    let since = |version: u32| {
        let known = earlier.iter().flat_map(|earlier| &earlier.since);
        known.filter(|(_, since)| **since <= version).map(|(id, since)| (id.clone(), *since)).collect()
    };
    if live.is_released {
        let sha256 = &live.document.text_sha256;
        return Ok(Some(compare::compare((before, sha256), text, since(before.version))));
    }
    let Some(from_sha256) = earlier.as_ref().map(|earlier| earlier.from_sha256.clone()) else { return Ok(None) };
    let released: DocumentText = parsed(held, &from_sha256)?;
    Ok(Some(compare::compare((&released, &from_sha256), text, since(released.version))))
}

//! Importing a pack: one command of the system with everything that changes, or nothing at all. A new version of a
//! document goes on from the live one, whose text is read before the lock is taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use congress::CongressRules;
use congress::entities::{Document, Person, read_all};
use congress::scopes;
use pack::{EarlierBlobs, Pack, VersionsError};
use sync::ids::{Epoch, Gsn, PersonId, Timestamp};
use sync::json::Json;
use sync::row::{Change, RowMap, Rows};
use thiserror::Error;

use crate::badge::BadgeIssue;
use crate::clock::{random_bytes, random_u128};
use crate::hall::{SystemChange, Writer};
use crate::limits::BLOB_BYTES_MAX;
use crate::store::{CongressRecord, Store, StoreError, StoredBlob};

#[derive(Debug, Error)]
pub enum ImportError {
    /// Each one is a line for the person who prepares the pack.
    #[error("the pack has {} problems", .0.len())]
    Problems(Vec<String>),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the live version of a document: {0}")]
    Versions(#[from] VersionsError),
}

/// What an import did, or would do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    pub congress: String,
    /// How many rows of each kind were put and removed.
    pub counts: BTreeMap<String, Counts>,
    /// `None` when nothing changed, or nothing was to be changed.
    pub gsn: Option<Gsn>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    pub put: usize,
    pub removed: usize,
}

impl Imported {
    pub fn is_unchanged(&self) -> bool {
        self.counts.is_empty()
    }
}

/// Brings the rows of a congress to what the pack says. A pack with problems changes nothing.
pub async fn import(store: Arc<dyn Store>, pack: &Pack, now: Timestamp) -> Result<Imported, ImportError> {
    refuse_large(pack)?;
    let record = store.create_congress(&new_record(pack, now)?).await?;
    let mut writer = Writer::open(store.clone(), &record.id, Arc::new(CongressRules)).await?;
    let mut earlier = EarlierBlobs::new();
    loop {
        // Matching long texts takes its time: nobody's comment waits for it behind the lock.
        let Continued { pack, live } = continued(&*store, &writer, pack, &mut earlier).await?;
        let mut planned = None;
        let plan = |rows: &dyn Rows| {
            if live_documents(rows) != live {
                return None;
            }
            let changes = planned.insert(changes_of(&record, &pack, rows, now)).as_ref().ok()?;
            let payload = Json::of(&serde_json::json!({ "congress": record.id, "people": pack.people.len() }));
            let blobs = pack.blobs.iter().map(stored).collect();
            let changes = changes.clone();
            (!changes.is_empty()).then_some(SystemChange { kind: "congress.import", payload, changes, blobs })
        };
        let gsn = writer.system(now, plan).await?;
        // Without a plan another import was faster: its texts are the ones to go on from.
        if let Some(changes) = planned {
            return Ok(Imported { congress: record.id, counts: counts_of(&changes?), gsn });
        }
    }
}

/// Tells what an import would change. Without a store it is the first one.
pub async fn check(store: Option<Arc<dyn Store>>, pack: &Pack, now: Timestamp) -> Result<Imported, ImportError> {
    refuse_large(pack)?;
    let fresh = new_record(pack, now)?;
    let held = match &store {
        Some(store) => store.congresses().await?.into_iter().find(|held| held.id == fresh.id),
        None => None,
    };
    let changes = match (store, &held) {
        (Some(store), Some(record)) => {
            let writer = Writer::open(store.clone(), &record.id, Arc::new(CongressRules)).await?;
            let Continued { pack, .. } = continued(&*store, &writer, pack, &mut EarlierBlobs::new()).await?;
            writer.read(|log| changes_of(record, &pack, log.rows(), now))?
        }
        _ => changes_of(&fresh, pack, &RowMap::default(), now)?,
    };
    Ok(Imported { congress: fresh.id, counts: counts_of(&changes), gsn: None })
}

/// A pack whose texts go on from those that were live when it was made.
struct Continued {
    pack: Pack,
    live: [Vec<Document>; 2],
}

/// Reads the live texts, until nothing is missing for the rows as they are now, and goes on from them.
async fn continued(
    store: &dyn Store,
    writer: &Writer,
    pack: &Pack,
    earlier: &mut EarlierBlobs,
) -> Result<Continued, ImportError> {
    loop {
        let needed = writer.read(|log| pack::needed_blobs(pack, log.rows(), earlier))?;
        if needed.is_empty() {
            let (pack, live) =
                writer.read(|log| (pack::continued(pack, log.rows(), earlier), live_documents(log.rows())));
            return Ok(Continued { pack: pack?, live });
        }
        for sha256 in needed {
            let blob = store.blob(pack.congress_id(), &sha256).await?;
            let bytes = blob.ok_or_else(|| VersionsError::Missing(sha256.clone()))?.bytes;
            earlier.insert(sha256, bytes);
        }
    }
}

/// Those that are released, and those that are not yet.
fn live_documents(rows: &dyn Rows) -> [Vec<Document>; 2] {
    [scopes::delegates(), scopes::secretariat()].map(|scope| read_all(rows, &scope))
}

fn new_record(pack: &Pack, now: Timestamp) -> Result<CongressRecord, StoreError> {
    Ok(CongressRecord {
        id: pack.congress_id().to_owned(),
        epoch: Epoch::from_random(random_u128()?),
        head: 0,
        badge_secret: random_bytes()?,
        created_at: now,
    })
}

fn changes_of(
    record: &CongressRecord,
    pack: &Pack,
    rows: &dyn Rows,
    now: Timestamp,
) -> Result<Vec<Change>, ImportError> {
    let problems = pack::check_against(pack, rows);
    if !problems.is_empty() {
        return Err(ImportError::Problems(problems.iter().map(ToString::to_string).collect()));
    }
    Ok(pack::plan(pack, rows, &badge_issue(record, pack, rows), now))
}

/// Short codes that are printed already stay with their people.
fn badge_issue(record: &CongressRecord, pack: &Pack, rows: &dyn Rows) -> BadgeIssue {
    let held: Vec<Person> = read_all(rows, &scopes::registry());
    let known: BTreeMap<PersonId, String> = held.into_iter().map(|person| (person.id, person.short_code)).collect();
    let people = pack.people.iter().map(|entry| &entry.person.id);
    BadgeIssue::new(&record.id, &record.badge_secret, known, people)
}

fn counts_of(changes: &[Change]) -> BTreeMap<String, Counts> {
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for change in changes {
        let count = counts.entry(change.key.kind.clone()).or_default();
        if change.data.is_some() {
            count.put += 1;
        } else {
            count.removed += 1;
        }
    }
    counts
}

fn refuse_large(pack: &Pack) -> Result<(), ImportError> {
    let large = pack.blobs.iter().filter(|blob| blob.bytes.len() > BLOB_BYTES_MAX);
    let problems: Vec<String> = large.map(|blob| too_large(pack, &blob.sha256)).collect();
    if problems.is_empty() { Ok(()) } else { Err(ImportError::Problems(problems)) }
}

fn stored(blob: &pack::Blob) -> StoredBlob {
    StoredBlob { sha256: blob.sha256.clone(), media_type: blob.media_type.clone(), bytes: blob.bytes.clone() }
}

fn too_large(pack: &Pack, sha256: &str) -> String {
    let mut files = pack.documents.iter().flat_map(|document| &document.files);
    let name = files.find(|file| file.sha256 == sha256).map_or(sha256, |file| &file.name);
    format!("{name}: tệp lớn hơn {} MB, hãy giảm dung lượng tệp", BLOB_BYTES_MAX / 1_024 / 1_024)
}

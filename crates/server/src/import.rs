//! Importing a pack: one command of the system with everything that changes, or nothing at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use congress::CongressRules;
use congress::entities::{Person, read_all};
use congress::scopes;
use pack::Pack;
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
    let blobs = blobs(pack)?;
    let record = store.create_congress(&new_record(pack, now)?).await?;
    let mut writer = Writer::open(store, &record.id, Arc::new(CongressRules)).await?;
    let mut planned = Ok(BTreeMap::new());
    let plan = |rows: &dyn Rows| {
        let changes = match changes_of(&record, pack, rows, now) {
            Ok(changes) => changes,
            Err(error) => {
                planned = Err(error);
                return None;
            }
        };
        planned = Ok(counts_of(&changes));
        let payload = Json::of(&serde_json::json!({ "congress": record.id, "people": pack.people.len() }));
        (!changes.is_empty()).then_some(SystemChange { kind: "congress.import", payload, changes, blobs })
    };
    let gsn = writer.system(now, plan).await?;
    Ok(Imported { congress: record.id, counts: planned?, gsn })
}

/// Tells what an import would change. Without a store it is the first one.
pub async fn check(store: Option<Arc<dyn Store>>, pack: &Pack, now: Timestamp) -> Result<Imported, ImportError> {
    blobs(pack)?;
    let fresh = new_record(pack, now)?;
    let held = match &store {
        Some(store) => store.congresses().await?.into_iter().find(|held| held.id == fresh.id),
        None => None,
    };
    let changes = match (store, &held) {
        (Some(store), Some(record)) => {
            let writer = Writer::open(store, &record.id, Arc::new(CongressRules)).await?;
            writer.read(|log| changes_of(record, pack, log.rows(), now))?
        }
        _ => changes_of(&fresh, pack, &RowMap::default(), now)?,
    };
    Ok(Imported { congress: fresh.id, counts: counts_of(&changes), gsn: None })
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

fn blobs(pack: &Pack) -> Result<Vec<StoredBlob>, ImportError> {
    let large = pack.blobs.iter().filter(|blob| blob.bytes.len() > BLOB_BYTES_MAX);
    let problems: Vec<String> = large.map(|blob| too_large(pack, &blob.sha256)).collect();
    if !problems.is_empty() {
        return Err(ImportError::Problems(problems));
    }
    let stored = |blob: &pack::Blob| StoredBlob {
        sha256: blob.sha256.clone(),
        media_type: blob.media_type.clone(),
        bytes: blob.bytes.clone(),
    };
    Ok(pack.blobs.iter().map(stored).collect())
}

fn too_large(pack: &Pack, sha256: &str) -> String {
    let mut files = pack.documents.iter().flat_map(|document| &document.files);
    let name = files.find(|file| file.sha256 == sha256).map_or(sha256, |file| &file.name);
    format!("{name}: tệp lớn hơn {} MB, hãy giảm dung lượng tệp", BLOB_BYTES_MAX / 1_024 / 1_024)
}

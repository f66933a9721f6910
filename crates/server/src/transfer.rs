//! Backup, restore and the move to another database. A backup is a SQLite file whatever the server runs on, so that one
//! laptop can carry on with any of them. Nothing is overwritten, and nothing counts before it was read back.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use congress::CongressRules;
use sync::ids::Gsn;
use thiserror::Error;

use crate::clock::random_u128;
use crate::hall::Writer;
use crate::store::archive::Renewing;
use crate::store::location::Location;
use crate::store::{Store, StoreError};

#[derive(Debug, Error)]
pub enum TransferError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}: {why}", path.display())]
    File { path: PathBuf, why: std::io::Error },
    #[error("{0} is there already: nothing is overwritten")]
    Taken(String),
    #[error("{place} holds {congress} already: choose an empty database")]
    Held { place: String, congress: String },
    #[error("{0} holds no congress")]
    Empty(String),
    #[error("everything was copied, but {place} could not be marked: let no server run on it any more ({why})")]
    NotMarked { place: String, why: StoreError },
    #[error("the log of {0} ends before its number: the copy is not whole")]
    Torn(String),
}

/// A congress that was copied, and how far its log goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copied {
    pub congress: String,
    pub gsn: Gsn,
}

/// Writes everything as it is now into a new file, while the server runs.
pub async fn backup(from: &Location, file: &Path) -> Result<Vec<Copied>, TransferError> {
    if file.exists() {
        return Err(TransferError::Taken(file.display().to_string()));
    }
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let at = |path: &Path| {
        let path = path.to_owned();
        |why| TransferError::File { path, why }
    };
    remove_database(&part).and_then(|()| make_private_file(&part)).map_err(at(&part))?;
    let to = Location::Sqlite(part.clone());
    let copied = async {
        copy(from, &to, Identity::Kept).await?;
        let copied = read_back(&to).await?;
        publish(&part, file).map_err(at(file))?;
        Ok(copied)
    };
    let copied = copied.await;
    if copied.is_err() {
        // What failed says why; a leftover goes with the next try at the latest.
        let _ = remove_database(&part);
    }
    copied
}

/// Puts a backup into a database that does not hold its congresses. Each gets a new epoch: what phones know of the old
/// log may not be in it, and they bring it again.
pub async fn restore(file: &Path, to: &Location) -> Result<Vec<Copied>, TransferError> {
    let scratch = Scratch::make()?;
    let own = scratch.0.join("backup.sqlite");
    // Opening brings the tables up to date; the backup itself stays as it is.
    fs::copy(file, &own).map_err(|why| TransferError::File { path: file.to_owned(), why })?;
    let from = Location::Sqlite(own);
    let copied = read_back(&from).await?;
    refuse_held(to, &copied).await?;
    copy(&from, to, Identity::New).await?;
    read_back(to).await?;
    Ok(copied)
}

/// Moves every congress to a database that does not hold it, with its log, epoch and receipts: devices notice nothing.
/// What stays behind is marked, so that a server which still runs on it acknowledges nothing more, and none starts on it.
pub async fn migrate(from: &Location, to: &Location) -> Result<Vec<Copied>, TransferError> {
    let leaves = read_back(from).await?;
    refuse_held(to, &leaves).await?;
    let (source, target) = (from.open_archive().await?, to.open_archive().await?);
    let moved = async {
        let mut leaving = source.leave().await?;
        let mut intake = target.intake().await?;
        leaving.export(&mut *intake).await?;
        intake.commit().await?;
        let copied = read_back(to).await?;
        leaving.seal().await.map_err(|why| TransferError::NotMarked { place: from.to_string(), why })?;
        Ok(copied)
    };
    let moved = moved.await;
    source.close().await;
    target.close().await;
    moved
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Identity {
    Kept,
    New,
}

async fn copy(from: &Location, to: &Location, identity: Identity) -> Result<(), StoreError> {
    let (source, target) = (from.open_archive().await?, to.open_archive().await?);
    let done = async {
        let mut intake = target.intake().await?;
        match identity {
            Identity::Kept => source.export(&mut *intake).await?,
            Identity::New => source.export(&mut Renewing(&mut *intake)).await?,
        }
        intake.commit().await
    };
    let done = done.await;
    source.close().await;
    target.close().await;
    done
}

/// Replays every log as a server would at its start.
async fn read_back(place: &Location) -> Result<Vec<Copied>, TransferError> {
    let store = place.open().await?;
    let copied = replay(&store).await;
    store.close().await;
    let copied = copied?;
    if copied.is_empty() { Err(TransferError::Empty(place.to_string())) } else { Ok(copied) }
}

async fn replay(store: &Arc<dyn Store>) -> Result<Vec<Copied>, TransferError> {
    let mut all = Vec::new();
    for record in store.congresses().await? {
        let writer = Writer::open(Arc::clone(store), &record.id, Arc::new(CongressRules)).await?;
        if writer.gsn() < record.head {
            return Err(TransferError::Torn(record.id));
        }
        all.push(Copied { gsn: writer.gsn(), congress: record.id });
    }
    Ok(all)
}

async fn refuse_held(place: &Location, coming: &[Copied]) -> Result<(), TransferError> {
    let store = place.open().await?;
    let held = store.congresses().await;
    store.close().await;
    let held = held?.into_iter().find(|held| coming.iter().any(|one| one.congress == held.id));
    match held {
        Some(held) => Err(TransferError::Held { place: place.to_string(), congress: held.id }),
        None => Ok(()),
    }
}

/// A file of SQLite with those that stand beside it; whether they are there or not.
fn remove_database(path: &Path) -> std::io::Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The key of the badges lies in it: nobody else on the machine reads it.
fn make_private_file(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// The name of a backup appears when all of it is on disk.
fn publish(part: &Path, file: &Path) -> std::io::Result<()> {
    File::open(part)?.sync_all()?;
    fs::rename(part, file)?;
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

/// A folder of our own that goes with its end.
struct Scratch(PathBuf);

impl Scratch {
    fn make() -> Result<Self, TransferError> {
        let path =
            std::env::temp_dir().join(format!("congress-restore-{:032x}", random_u128().map_err(StoreError::from)?));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|why| TransferError::File { path: path.clone(), why })?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

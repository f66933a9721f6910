//! What the app needs from the world, as traits: tests put their own world in place of the browser.

use std::future::Future;

use sync::client::{Answer, Base, CacheWrite, Entry, Failure, Ledger, Request, Writing};
use sync::ids::{ClientId, CommandId, Epoch, Timestamp};
use sync::wire::Receipt;

use crate::drafts::Draft;

/// Why something could not be stored. The text stays on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StoreError {
    /// The browser forbids storage (private window, blocked by settings).
    Forbidden,
    /// No room on the device.
    Full,
    /// No answer in time, or the connection to the database is dead.
    Broken,
}

/// The ledger: what the person wrote. Every change is one strict transaction.
pub trait LedgerStore {
    fn load(&self) -> impl Future<Output = Result<(Ledger, Vec<Draft>), StoreError>>;
    /// Gives the command its number and stores it. The draft that becomes it is stored as sent, with its last words, in
    /// the same transaction.
    fn append(&self, writing: Writing, draft: Option<Draft>) -> impl Future<Output = Result<Entry, StoreError>>;
    fn settle(&self, epoch: Epoch, receipts: Vec<Receipt>) -> impl Future<Output = Result<(), StoreError>>;
    fn reopen(&self, epoch: Epoch, commands: Vec<CommandId>) -> impl Future<Output = Result<(), StoreError>>;
    fn renumber(&self, client_id: ClientId) -> impl Future<Output = Result<Ledger, StoreError>>;
    fn put_draft(&self, draft: &Draft) -> impl Future<Output = Result<(), StoreError>>;
    /// The only way out of the ledger: what was taken and is older than `before`, drafts that were sent or thrown away
    /// before then, and refused texts that their author discarded.
    fn forget_settled(
        &self,
        before: Timestamp,
        discarded: Vec<CommandId>,
    ) -> impl Future<Output = Result<(), StoreError>>;
}

/// The cache: what the server gave. Disposable.
pub trait CacheStore {
    fn load(&self) -> impl Future<Output = Result<Base, StoreError>>;
    fn save(&self, write: CacheWrite) -> impl Future<Output = Result<(), StoreError>>;
}

/// The way to the server.
pub trait Transport {
    fn send(&self, request: &Request) -> impl Future<Output = Result<Answer, Failure>>;
}

pub trait Clock {
    fn now(&self) -> Timestamp;
}

pub trait Random {
    fn bits(&self) -> u64;
}

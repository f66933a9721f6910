//! The rows of a congress, one module an audience. A row is JSON of one of these types; its kind is `Entity::KIND`.

mod changes;
mod floor;
mod marks;
mod people;
mod program;
mod reading;
mod recall;

pub use changes::{BlockChange, ChangedWords, DocumentChanges, Mark, MarkedRun};
pub use floor::{
    Anchor, Author, CommentAtDesk, FloorEntry, FloorQueue, FloorState, OwnComment, OwnFloor, Redaction, RedactionNote,
    Speaking, Stance,
};
pub use marks::{MarkKind, ReaderMark};
pub use people::{
    Attendance, Attendee, Badge, Basis, Credentials, Me, OwnPresence, Person, PersonKind, Presence, PresenceFact,
    PresenceHow, Role,
};
pub use program::{
    AgendaItem, Congress, CongressKind, ItemKind, ItemStatus, Level, PersonRef, Script, Session, SessionKind,
};
pub use reading::{
    Attachment, Block, BlockKind, BlockRole, ChangesFile, Document, DocumentKind, DocumentText, Frame, Run, RunStyle,
};
pub use recall::{RecallCause, RecalledDocument};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::ids::Scope;
use sync::row::{Change, Rows};

/// A type that is kept as rows of one kind. Kinds are never renamed or reused.
pub trait Entity: Serialize + DeserializeOwned {
    const KIND: &'static str;
    /// The row's id within its scope and kind.
    fn id(&self) -> String;

    /// The change that puts this row into a scope.
    fn put(&self, scope: Scope) -> Change
    where
        Self: Sized,
    {
        Change::put(scope, Self::KIND, self.id(), self)
    }
}

/// Reads one row. A row that this build cannot read counts as absent; it stays held as it came.
pub fn read<T: Entity>(rows: &dyn Rows, scope: &Scope, id: &str) -> Option<T> {
    rows.get(scope, T::KIND, id)?.data.as_ref()?.read().ok()
}

/// Reads every row of a kind, skipping those that this build cannot read.
pub fn read_all<T: Entity>(rows: &dyn Rows, scope: &Scope) -> Vec<T> {
    let mut all = Vec::new();
    rows.each(scope, T::KIND, &mut |_, row| {
        if let Some(value) = row.data.as_ref().and_then(|data| data.read().ok()) {
            all.push(value);
        }
    });
    all
}

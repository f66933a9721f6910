//! Carrying the pack on this device: what must not be here leaves at once, what is missing is fetched in the order in
//! which it is needed, and what fails is tried again without holding up the rest. Comes with the screens, not with the
//! first download. A file is fetched whole or not at all: the largest takes two minutes on a weak line.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use congress::carrying::{FileUse, Pace, Piece, PieceKind, Setback, Wish, kept_files, pieces};
use congress::entities::{AgendaItem, Attachment, Document, RecalledDocument, read_all};
use congress::limits::FILES_KEPT_BYTES_MAX;
use congress::scopes;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use sync::client::{Failure, Standing};
use sync::ids::Timestamp;
use sync::order::sort_by;

use super::documents::Left;
use super::{AppEngine, State};
use crate::memo::Memo;
use crate::platform::{files, timer, world};
use crate::ports::{Random, StoreError};

/// Where the cache keeps [`Note`], beside notes of documents: no document has such an id.
const NOTE: &str = ".carrying";
/// What must be tried again is looked at after so long at the earliest.
const LOOK_AFTER_MS: u64 = 1_000;

/// What the carrying remembers while the app is open.
#[derive(Debug, Default)]
pub(super) struct Carrying {
    pub(super) pace: Pace,
    note: Note,
    /// The note of this account has been read.
    noted: bool,
    /// Hash of the text that a person waits for.
    opened: Option<String>,
    under_way: BTreeSet<String>,
    /// Bytes that attachments may take, once the device had no room for more.
    room: Option<u64>,
    /// Grows with whatever may have changed the plan.
    turn: u32,
    /// Something is being fetched, or looked for.
    busy: bool,
    /// Something that must leave is still here.
    unclean: bool,
    /// When the next document's time is over, by the hall's clock, or something is to be tried again.
    pub(super) look_at: Option<Timestamp>,
}

/// What is remembered over a start. Disposable, like everything in the cache.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct Note {
    /// By the hash of the attachment.
    #[serde(default)]
    files: BTreeMap<String, FileUse>,
    /// How far this device's clock is ahead of the server's.
    #[serde(default)]
    ahead_ms: i64,
    /// By the document's id, the last version whose text was here.
    #[serde(default)]
    read_last: BTreeMap<String, Document>,
}

/// What belongs on the device, what is needed first at the beginning.
struct Plan {
    wanted: Vec<Piece>,
    left: BTreeMap<String, Left>,
    /// Versions that stay until the newer ones are here.
    older: BTreeMap<String, Document>,
    /// The rows are those of a congress, and not of a cache that was emptied a moment ago.
    is_known: bool,
    next_expiry: Option<Timestamp>,
}

/// Looks at everything anew.
pub(super) fn carry(state: State) {
    let Some(engine) = state.engine() else { return };
    spawn_local(async move {
        state.read_note(&engine).await;
        state.count_held(&engine).await;
        if !state.is_of(&engine) {
            return;
        }
        state.core().carrying.borrow_mut().turn += 1;
        if state.note_versions(&engine) {
            state.keep_note(&engine).await;
        }
        let plan = state.plan(&engine);
        state.clean(&engine, &plan).await;
        // One at a time: whoever fetches already sees that it is another turn.
        if !std::mem::replace(&mut state.core().carrying.borrow_mut().busy, true) {
            state.fetch_missing(&engine, plan).await;
        }
    });
}

impl State {
    async fn read_note(self, engine: &Rc<AppEngine>) {
        if !self.core().carrying.borrow().noted {
            let note = engine.cache().reading_note(NOTE).await.ok().flatten();
            let note: Note = note.and_then(|note| serde_json::from_str(&note).ok()).unwrap_or_default();
            let core = self.core();
            let mut carrying = core.carrying.borrow_mut();
            (carrying.note, carrying.noted) = (note, true);
        }
        let core = self.core();
        let heard = engine.transport().ahead_ms();
        match heard {
            Some(ahead_ms) if core.carrying.borrow().note.ahead_ms.abs_diff(ahead_ms) > 1_000 => {
                self.change_note(engine, |note| note.ahead_ms = ahead_ms).await;
            }
            Some(_) => {}
            None => engine.transport().remember_ahead_ms(core.carrying.borrow().note.ahead_ms),
        }
    }

    async fn change_note(self, engine: &Rc<AppEngine>, change: impl FnOnce(&mut Note)) {
        change(&mut self.core().carrying.borrow_mut().note);
        self.keep_note(engine).await;
    }

    async fn keep_note(self, engine: &Rc<AppEngine>) {
        let core = self.core();
        let note = serde_json::to_string(&core.carrying.borrow().note);
        if let Ok(note) = note {
            // One that cannot be kept is a help that is missing after the next start.
            let _ = engine.cache().put_reading_note(NOTE, &note).await;
        }
    }

    async fn count_held(self, engine: &Rc<AppEngine>) {
        let before = self.held.with_untracked(|held| held.hashes.clone());
        let Ok(texts) = engine.cache().texts().await else { return };
        let mut found: BTreeSet<String> = texts.into_iter().collect();
        found.extend(files::kept(engine.account()).await);
        if self.is_of(engine) {
            self.held.update(|held| {
                // What came or went while it was counted is known better.
                found.extend(held.hashes.difference(&before).cloned());
                found.retain(|sha256| held.hashes.contains(sha256) || !before.contains(sha256));
                (held.hashes, held.counted) = (found, true);
            });
        }
    }

    /// Remembers which version of each document can be read here. Whether there was anything new to remember.
    fn note_versions(self, engine: &Rc<AppEngine>) -> bool {
        let documents: Vec<Document> = engine.with_view(|rows| read_all(rows, &scopes::delegates()));
        let core = self.core();
        let mut carrying = core.carrying.borrow_mut();
        let mut versions = carrying.note.read_last.clone();
        versions.retain(|id, _| documents.iter().any(|document| document.id == *id));
        for document in documents.into_iter().filter(|document| self.is_held(&document.text_sha256)) {
            versions.insert(document.id.clone(), document);
        }
        let is_new = carrying.note.read_last != versions;
        carrying.note.read_last = versions;
        is_new
    }

    /// Meanwhile the device may have become another person's.
    pub(super) fn is_of(self, engine: &Rc<AppEngine>) -> bool {
        self.engine().is_some_and(|now| Rc::ptr_eq(&now, engine))
    }

    fn plan(self, engine: &Rc<AppEngine>) -> Plan {
        let (documents, items, recalled) = engine.with_view(|rows| {
            let documents: Vec<Document> = read_all(rows, &scopes::delegates());
            let items: Vec<AgendaItem> = read_all(rows, &scopes::public());
            (documents, items, read_all::<RecalledDocument>(rows, &scopes::delegates()).len())
        });
        let is_known = engine.status().current || !documents.is_empty() || recalled > 0;
        let now = self.hall_time();
        let (documents, over): (Vec<_>, Vec<_>) = documents.into_iter().partition(|one| !one.is_expired(now));
        let core = self.core();
        let carrying = core.carrying.borrow();
        let missing = documents.iter().filter(|document| !self.is_held(&document.text_sha256));
        let read_last = missing.filter_map(|newest| Some((newest, carrying.note.read_last.get(&newest.id)?)));
        let readable = read_last.filter(|(newest, older)| {
            newest.follows(older) && !older.is_expired(now) && self.is_held(&older.text_sha256)
        });
        let older: BTreeMap<String, Document> = readable.map(|(_, older)| (older.id.clone(), older.clone())).collect();
        let next_expiry = documents.iter().chain(older.values()).filter_map(|document| document.expires_at).min();
        let is_opened = |document: &&Document| carrying.opened.as_ref() == Some(&document.text_sha256);
        let opened = documents.iter().find(is_opened).map(|document| document.id.as_str());
        let mut wanted = pieces(&documents, &items, self.local(now).0, opened);
        let room = if files::can_keep() { carrying.room.unwrap_or(FILES_KEPT_BYTES_MAX) } else { 0 };
        let kept: BTreeSet<String> =
            kept_files(&wanted, &carrying.note.files, room).into_iter().map(str::to_owned).collect();
        let mut left = BTreeMap::new();
        wanted.retain(|piece| {
            if piece.kind != PieceKind::File || kept.contains(&piece.sha256) {
                return true;
            }
            let used = carrying.note.files.get(&piece.sha256);
            let is_free = used.is_some_and(|used| used.wish == Some(Wish::Free));
            left.insert(piece.sha256.clone(), if is_free { Left::Freed } else { Left::NoRoom });
            false
        });
        // Whatever the rest of the rows say, what is over must go.
        Plan { wanted, left, older, is_known: is_known || !over.is_empty(), next_expiry }
    }

    /// What does not belong here leaves: of versions whose newer one is here, of documents that were taken back or whose time
    /// is over, attachments that there is no room for.
    async fn clean(self, engine: &Rc<AppEngine>, plan: &Plan) {
        if self.held.with_untracked(|held| held.left != plan.left || held.older != plan.older) {
            let (left, older) = (plan.left.clone(), plan.older.clone());
            self.held.update(|held| (held.left, held.older) = (left, older));
        }
        if !plan.is_known {
            return;
        }
        let older = plan.older.values().flat_map(Document::hashes);
        let wanted: BTreeSet<&str> = plan.wanted.iter().map(|piece| piece.sha256.as_str()).chain(older).collect();
        let is_stray = |sha256: &&String| !wanted.contains(sha256.as_str());
        let stray: Vec<String> =
            self.held.with_untracked(|held| held.hashes.iter().filter(is_stray).cloned().collect());
        if stray.is_empty() {
            return;
        }
        // Nobody may read on in what is about to go.
        self.held.update(|held| held.hashes.retain(|sha256| !stray.contains(sha256)));
        files::remove(engine.account(), &stray).await;
        // What is still there is counted and tried again at the next look.
        let unclean = engine.cache().drop_texts(&stray).await.is_err();
        self.core().carrying.borrow_mut().unclean = unclean;
    }

    async fn fetch_missing(self, engine: &Rc<AppEngine>, mut plan: Plan) {
        let core = self.core();
        let mut turn = core.carrying.borrow().turn;
        let mut has_news = false;
        while let Some(piece) = self.next_piece(engine, &plan) {
            self.set_coming(Some(&piece.sha256));
            let fetched = self.fetch(engine, &piece.sha256, piece.kind, piece.bytes).await;
            if !self.is_of(engine) {
                return;
            }
            if fetched == Err(Setback::NoRoom) {
                self.make_room(&plan, &piece);
            }
            let now = core.carrying.borrow().turn;
            if piece.kind == PieceKind::Text && fetched.is_ok() {
                has_news |= self.note_versions(engine);
            }
            if now != turn || fetched.is_err() || plan.older.contains_key(&piece.document) {
                turn = now;
                plan = self.plan(engine);
                self.clean(engine, &plan).await;
            }
        }
        if has_news {
            self.keep_note(engine).await;
        }
        if self.is_of(engine) {
            self.set_coming(None);
            let mut carrying = core.carrying.borrow_mut();
            carrying.busy = false;
            // While nothing may be tried, nothing is looked at either.
            let missing = plan.wanted.iter().filter(|piece| !self.is_held(&piece.sha256));
            let due = missing.map(|piece| carrying.pace.due(&piece.sha256)).min();
            let due = due.or(carrying.unclean.then_some(Timestamp(0)));
            let soon = due.map(|at| at.max(world::now().plus_ms(LOOK_AFTER_MS)));
            // By this device's clock.
            let over =
                plan.next_expiry.map(|at| Timestamp(at.0.saturating_add(engine.transport().ahead_ms().unwrap_or(0))));
            carrying.look_at = [soon, over].into_iter().flatten().min();
        }
    }

    /// `None` when all is here, or nothing may be tried now.
    fn next_piece(self, engine: &Rc<AppEngine>, plan: &Plan) -> Option<Piece> {
        if !self.is_of(engine) || engine.status().standing == Standing::Revoked {
            return None;
        }
        let (core, now) = (self.core(), world::now());
        let carrying = core.carrying.borrow();
        let is_next = |piece: &&Piece| {
            let sha256 = &piece.sha256;
            !self.is_held(sha256) && !carrying.under_way.contains(sha256) && carrying.pace.may_try(sha256, now)
        };
        plan.wanted.iter().find(is_next).cloned()
    }

    fn set_coming(self, sha256: Option<&str>) {
        if self.held.with_untracked(|held| held.coming.as_deref() != sha256) {
            self.held.update(|held| held.coming = sha256.map(str::to_owned));
        }
    }

    /// The room of the device is smaller than ours: attachments take less from now on, until the next start. Texts come
    /// before attachments.
    fn make_room(self, plan: &Plan, piece: &Piece) {
        let files = plan.wanted.iter().filter(|piece| piece.kind == PieceKind::File && self.is_held(&piece.sha256));
        let held: u64 = files.map(|file| file.bytes).sum();
        let room = if piece.kind == PieceKind::File { held } else { held / 2 };
        self.core().carrying.borrow_mut().room = Some(room);
    }

    fn is_held(self, sha256: &str) -> bool {
        self.held.with_untracked(|held| held.has(sha256))
    }

    /// Fetches one thing, or waits for whoever fetches it already.
    async fn fetch(self, engine: &Rc<AppEngine>, sha256: &str, kind: PieceKind, bytes: u64) -> Result<(), Setback> {
        let core = self.core();
        if !core.carrying.borrow_mut().under_way.insert(sha256.to_owned()) {
            while core.carrying.borrow().under_way.contains(sha256) {
                timer::sleep(50).await;
            }
            return if self.is_held(sha256) { Ok(()) } else { Err(Setback::Unreachable) };
        }
        let fetched = receive(engine, sha256, kind, bytes).await;
        core.carrying.borrow_mut().under_way.remove(sha256);
        let (now, random) = (world::now(), world::World.bits());
        match fetched {
            Ok(()) => core.carrying.borrow_mut().pace.fetched(sha256),
            Err(setback) => core.carrying.borrow_mut().pace.failed(sha256, setback, now, random),
        }
        if self.is_of(engine) {
            let out_of_reach = core.carrying.borrow().pace.is_out_of_reach();
            self.held.update(|held| {
                held.out_of_reach = out_of_reach;
                match fetched {
                    Ok(()) => {
                        held.hashes.insert(sha256.to_owned());
                        held.setbacks.remove(sha256);
                    }
                    Err(setback) => {
                        held.setbacks.insert(sha256.to_owned(), setback);
                    }
                }
            });
        }
        fetched
    }

    /// For somebody who waits for it: before everything else, whatever failed before.
    pub(super) async fn fetch_text(self, engine: &Rc<AppEngine>, sha256: &str) -> bool {
        self.core().carrying.borrow_mut().opened = Some(sha256.to_owned());
        let fetched = self.fetch(engine, sha256, PieceKind::Text, 0).await.is_ok();
        // The rest of the document comes next; and meanwhile it may have been taken back.
        carry(self);
        fetched
    }

    /// An address in this page for an attachment, from the device; fetched first if it is not there yet.
    pub async fn attachment_address(&self, file: &Attachment) -> Option<String> {
        let engine = self.engine()?;
        self.note_use(&engine, file);
        if let Some(address) = files::address(engine.account(), &file.sha256).await {
            return Some(address);
        }
        let is_wanted = self.plan(&engine).wanted.iter().any(|piece| piece.sha256 == file.sha256);
        if is_wanted && self.fetch(&engine, &file.sha256, PieceKind::File, file.bytes).await.is_ok() {
            let address = files::address(engine.account(), &file.sha256).await;
            // It may have taken the place of one that was not used for longer.
            carry(*self);
            return address;
        }
        // A device that does not keep it shows it all the same.
        let response = engine.transport().blob(&file.sha256, file.bytes).await.ok()?;
        files::passing_address(&response, &file.sha256).await
    }

    /// Nobody who opens it waits for this.
    fn note_use(self, engine: &Rc<AppEngine>, file: &Attachment) {
        let now = world::now();
        self.core().carrying.borrow_mut().note.files.entry(file.sha256.clone()).or_default().used_at = Some(now);
        let engine = engine.clone();
        spawn_local(async move { self.keep_note(&engine).await });
    }

    /// What a person wants with one attachment, from now on.
    pub async fn wish_for_file(&self, file: &Attachment, wish: Wish) {
        let Some(engine) = self.engine() else { return };
        self.change_note(&engine, |note| note.files.entry(file.sha256.clone()).or_default().wish = Some(wish)).await;
        if wish == Wish::Keep {
            // Meanwhile there may be room.
            self.core().carrying.borrow_mut().room = None;
        }
        self.prefetch_anew();
    }

    /// Documents that were taken back or whose time is over, the last one first.
    pub fn recalled(&self) -> Memo<Vec<RecalledDocument>> {
        let rows = self.rows::<RecalledDocument>(scopes::delegates());
        let documents = self.rows::<Document>(scopes::delegates());
        let state = *self;
        Memo::new(move |_| {
            state.clock.track();
            let now = state.hall_time();
            let mut all = rows.get();
            documents
                .with(|documents| all.extend(documents.iter().filter_map(|one| RecalledDocument::expired(one, now))));
            sort_by(&mut all, |one| (-one.at.0, 0));
            all
        })
    }
}

async fn receive(engine: &Rc<AppEngine>, sha256: &str, kind: PieceKind, bytes: u64) -> Result<(), Setback> {
    let response = engine.transport().blob(sha256, bytes).await.map_err(|failure| match failure {
        Failure::Unreachable | Failure::Busy { .. } => Setback::Unreachable,
        _ => Setback::Broken,
    })?;
    if kind == PieceKind::File {
        return files::keep(engine.account(), &response, sha256).await;
    }
    let text = files::verified_text(&response, sha256).await.ok_or(Setback::Broken)?;
    engine.cache().put_text(sha256, &text).await.map_err(|error| match error {
        StoreError::Full => Setback::NoRoom,
        StoreError::Broken | StoreError::Forbidden => Setback::Broken,
    })
}

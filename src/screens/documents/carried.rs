//! How much of the pack is on this device, in words: of one document, of one attachment, and of all.

use congress::carrying::Setback;
use congress::entities::{Attachment, Document};
use leptos::prelude::*;

use crate::i18n::documents::Text;
use crate::parts::html::Html;
use crate::parts::icon::Symbol;
use crate::screens::more::size::size;
use crate::state::{DocumentsHeld, Left, Share, State};

/// Documents that are here with all that belongs to them, and the bytes that are here, of all.
pub fn total(words: &Text, held: &DocumentsHeld, documents: &[Document]) -> String {
    let mut share = Share::default();
    for document in documents {
        share.count(0, pieces(held, document).all(|(sha256, _)| held.has(sha256)));
        for (sha256, bytes) in pieces(held, document) {
            share.bytes_all += bytes;
            share.bytes += if held.has(sha256) { bytes } else { 0 };
        }
    }
    (words.held_of)(share.held, share.all, &size(share.bytes), &size(share.bytes_all))
}

/// What belongs here of a document, with its bytes.
fn pieces<'a>(held: &'a DocumentsHeld, document: &'a Document) -> impl Iterator<Item = (&'a str, u64)> {
    let files = document.files.iter().filter(|file| !held.left.contains_key(&file.sha256));
    texts(document).chain(files.map(|file| (file.sha256.as_str(), file.bytes)))
}

fn texts(document: &Document) -> impl Iterator<Item = (&str, u64)> {
    let changes = document.changes.iter().map(|changes| (changes.sha256.as_str(), changes.bytes));
    std::iter::once((document.text_sha256.as_str(), document.text_bytes)).chain(changes)
}

/// An icon and words for one document.
pub fn write(html: &mut Html, words: &Text, state: State, held: &DocumentsHeld, document: &Document) {
    let (symbol, text) = said(words, state, held, document);
    html.markup("<span class=\"badge badge--quiet\">").icon(symbol).words(&text).markup("</span>");
}

fn said(words: &Text, state: State, held: &DocumentsHeld, document: &Document) -> (Symbol, String) {
    let (symbol, text) = of_newest(words, state, held, document);
    match held.older_of(document) {
        Some(older) => (symbol, (words.older_held)(&text, older.version)),
        None => (symbol, text),
    }
}

fn of_newest(words: &Text, state: State, held: &DocumentsHeld, document: &Document) -> (Symbol, String) {
    let missing = |pieces: &mut dyn Iterator<Item = (&str, u64)>| {
        let mut missing = pieces.filter(|(sha256, _)| !held.has(sha256));
        missing.next().map(|(sha256, _)| coming(words, state, held, sha256))
    };
    if let Some(coming) = missing(&mut texts(document)) {
        return match coming {
            Coming::Now => (Symbol::Download, words.fetching.to_owned()),
            Coming::Next => (Symbol::Clock, words.next.to_owned()),
            Coming::Not(why) => (Symbol::CloudOff, (words.not_held)(why)),
        };
    }
    let left = document.files.iter().filter(|file| held.left.contains_key(&file.sha256)).count();
    match missing(&mut pieces(held, document)) {
        Some(Coming::Not(why)) => (Symbol::CloudOff, (words.words_held)(&(words.files_missing)(why))),
        Some(Coming::Now | Coming::Next) => (Symbol::Download, (words.words_held)(words.files_coming)),
        None if left > 0 => (Symbol::Check, (words.words_held)(&(words.files_left)(left))),
        None => (Symbol::Check, words.held.to_owned()),
    }
}

/// The same for one attachment.
pub fn of_file(words: &Text, state: State, held: &DocumentsHeld, file: &Attachment) -> (Symbol, String) {
    if held.has(&file.sha256) {
        return (Symbol::Check, words.held.to_owned());
    }
    match held.left.get(&file.sha256) {
        Some(Left::Freed) => (Symbol::CloudOff, words.file_freed.to_owned()),
        Some(Left::NoRoom) => (Symbol::CloudOff, words.file_no_room.to_owned()),
        None => match coming(words, state, held, &file.sha256) {
            Coming::Now => (Symbol::Download, words.fetching.to_owned()),
            Coming::Next => (Symbol::Clock, words.next.to_owned()),
            Coming::Not(why) => (Symbol::CloudOff, (words.not_held)(why)),
        },
    }
}

/// How something that belongs here and is not here stands.
enum Coming {
    Now,
    Next,
    Not(&'static str),
}

fn coming(words: &Text, state: State, held: &DocumentsHeld, sha256: &str) -> Coming {
    match held.setbacks.get(sha256) {
        Some(Setback::NoRoom) => Coming::Not(words.no_room),
        Some(Setback::Unreachable) => Coming::Not(words.no_network),
        _ if held.out_of_reach || state.status().with(|status| status.lost) => Coming::Not(words.no_network),
        Some(Setback::Broken) => Coming::Not(words.broken),
        None if held.coming.as_deref() == Some(sha256) => Coming::Now,
        None => Coming::Next,
    }
}

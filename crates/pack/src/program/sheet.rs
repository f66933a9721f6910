//! `program.csv`: one item a row, brought into the shape of `program.toml`.

use std::collections::BTreeMap;

use crate::folder::Folder;
use crate::limits::{ITEMS_MAX, TABLE_BYTES_MAX};
use crate::problem::{Report, quoted};
use crate::record::{Cell, Record, Shown, Value};
use crate::table::{self, Columns};

/// Columns of the session (by the field of `program.toml`), then of the item.
const SESSION_COLUMNS: Shown =
    &[("id", "session"), ("title", "session_title"), ("kind", "session_kind"), ("date", "date")];
const ITEM_COLUMNS: Shown = &[("id", "item")];
const COLUMNS: Columns = Columns {
    all: &[
        "session",
        "session_title",
        "session_kind",
        "date",
        "item",
        "title",
        "start",
        "minutes",
        "kind",
        "chair",
        "presenters",
        "documents",
        "note",
    ],
    required: &["session", "session_title", "session_kind", "date", "item", "title", "start", "minutes", "kind"],
    rows_max: ITEMS_MAX,
};

pub(super) const SHOWN: (Shown, Shown) = (SESSION_COLUMNS, ITEM_COLUMNS);
pub(super) const NO_SHOWN: (Shown, Shown) = (&[], &[]);

/// Sessions with their items, in the order in which the sessions first stand.
pub(super) fn read(file: &str, folder: &Folder, report: &mut Report) -> Option<Vec<Record>> {
    let text = folder.text(file, TABLE_BYTES_MAX, report)?;
    let rows = table::read(file, &text, &COLUMNS, report)?;
    let mut sessions: Vec<Record> = Vec::new();
    let mut items: Vec<Vec<Record>> = Vec::new();
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    for row in &rows {
        let session = take(row, SESSION_COLUMNS);
        let at = *place.entry(session.raw("id").to_owned()).or_insert(sessions.len());
        match sessions.get(at) {
            Some(first) => compare(file, first, &session, report),
            None => {
                sessions.push(session);
                items.push(Vec::new());
            }
        }
        items[at].push(item_of(row));
    }
    for (session, items) in sessions.iter_mut().zip(items) {
        let row = session.row;
        session.cells.insert("item".to_owned(), Cell { value: Value::Tables(items), row });
    }
    Some(sessions)
}

/// The fields of the session in a row, under the names of `program.toml`.
fn take(row: &Record, columns: Shown) -> Record {
    let cells =
        columns.iter().filter_map(|(field, column)| Some(((*field).to_owned(), row.cells.get(*column)?.clone())));
    let excused =
        columns.iter().filter(|(_, column)| row.excused.contains(*column)).map(|(field, _)| (*field).to_owned());
    Record { row: row.row, cells: cells.collect(), excused: excused.collect() }
}

fn item_of(row: &Record) -> Record {
    let mut item = row.clone();
    for (_, column) in SESSION_COLUMNS {
        item.cells.remove(*column);
    }
    if let Some(id) = item.cells.remove("item") {
        item.cells.insert("id".to_owned(), id);
    }
    if item.excused.contains("item") {
        item.excused.insert("id".to_owned());
    }
    item
}

/// Later rows of a session leave its columns empty or repeat them.
fn compare(file: &str, first: &Record, again: &Record, report: &mut Report) {
    for (field, column) in SESSION_COLUMNS {
        let (before, now) = (first.raw(field), again.raw(field));
        if !now.is_empty() && now != before {
            let message = format!("{} khác với dòng {} của cùng phiên; hãy ghi như nhau", quoted(now), first.row);
            report.fault(file, again.row, column, message);
        }
    }
}

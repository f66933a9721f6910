//! The programme: sessions and agenda items from `program.toml` or `program.csv`.

mod sheet;

use std::collections::BTreeMap;

use congress::calendar::{Date, TimeOfDay};
use congress::entities::{AgendaItem, Congress, ItemKind, ItemStatus, PersonRef, Script, Session, SessionKind};
use sync::ids::PersonId;

use crate::folder::Folder;
use crate::limits::{ITEM_MINUTES_MAX, ITEMS_MAX, LONG_TEXT_CHARS_MAX, SESSIONS_MAX, TABLE_BYTES_MAX};
use crate::problem::{Report, quoted};
use crate::record::{Fields, Record, Shown, Unique};
use crate::tree;

const TOML_FILE: &str = "program.toml";
const CSV_FILE: &str = "program.csv";
const SESSION_FIELDS: [&str; 5] = ["id", "title", "kind", "date", "item"];
const ITEM_FIELDS: [&str; 10] =
    ["id", "title", "start", "minutes", "kind", "chair", "presenters", "documents", "note", "script"];
const SESSION_KINDS: [(&str, SessionKind); 2] =
    [("preparatory", SessionKind::Preparatory), ("official", SessionKind::Official)];
const ITEM_KINDS: [(&str, ItemKind); 10] = [
    ("ceremony", ItemKind::Ceremony),
    ("opening", ItemKind::Opening),
    ("report", ItemKind::Report),
    ("paper", ItemKind::Paper),
    ("directing-speech", ItemKind::DirectingSpeech),
    ("discussion", ItemKind::Discussion),
    ("vote", ItemKind::Vote),
    ("election", ItemKind::Election),
    ("announcement", ItemKind::Announcement),
    ("break", ItemKind::Break),
];
const DAY_MINUTES: u32 = 24 * 60;

/// What the programme refers to. `None` where it could not be read: then references to it are not judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) congress: Option<&'a Congress>,
    pub(crate) people: Option<&'a BTreeMap<String, PersonRef>>,
    /// By id; only the ids matter here.
    pub(crate) documents: Option<&'a BTreeMap<String, String>>,
}

/// The programme as rows, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) sessions: Vec<Session>,
    pub(crate) items: Vec<AgendaItem>,
    pub(crate) scripts: Vec<Script>,
}

pub(crate) fn read(folder: &Folder, known: Known<'_>, report: &mut Report) -> Program {
    let (file, shown, sessions) = match (folder.has(TOML_FILE), folder.has(CSV_FILE)) {
        (true, true) => {
            report.fault(CSV_FILE, None, "", "gói có cả program.toml và program.csv; hãy giữ lại một tệp");
            return Program::default();
        }
        (false, false) => {
            report.fault(TOML_FILE, None, "", "thiếu chương trình; hãy thêm program.toml hoặc program.csv");
            return Program::default();
        }
        (true, false) => (TOML_FILE, sheet::NO_SHOWN, read_toml(folder, report)),
        (false, true) => (CSV_FILE, sheet::SHOWN, sheet::read(CSV_FILE, folder, report)),
    };
    let Some(sessions) = sessions else { return Program::default() };
    if sessions.is_empty() {
        report.fault(file, None, "", "chưa có phiên nào; hãy ghi ít nhất một phiên");
    }
    let items: usize = sessions.iter().map(|session| session.tables("item").len()).sum();
    for (count, most, what) in [(sessions.len(), SESSIONS_MAX, "phiên"), (items, ITEMS_MAX, "mục")] {
        if count > most {
            report.fault(file, None, "", format!("có {count} {what}, nhiều hơn {most}; hãy gộp hoặc bớt đi"));
            return Program::default();
        }
    }
    let mut reader = Reader {
        file,
        shown,
        known,
        program: Program::default(),
        session_ids: Unique::default(),
        items_seen: BTreeMap::new(),
    };
    for session in &sessions {
        reader.read_session(session, report);
    }
    reader.program
}

fn read_toml(folder: &Folder, report: &mut Report) -> Option<Vec<Record>> {
    let text = folder.text(TOML_FILE, TABLE_BYTES_MAX, report)?;
    let top = tree::read(TOML_FILE, &text, 1, report)?;
    let mut fields = Fields { file: TOML_FILE, record: &top, shown: &[], report };
    fields.allow_only(&["session"]);
    if top.cells.contains_key("session") && top.tables("session").is_empty() {
        fields.fault("session", "phải là các phiên, mỗi phiên mở đầu bằng dòng [[session]]");
    }
    Some(top.tables("session").to_vec())
}

/// How an item stood where its id was used first.
#[derive(Debug)]
struct Seen {
    row: u32,
    chair: Vec<String>,
}

struct Reader<'a> {
    file: &'static str,
    /// How the fields of sessions and of items are called in this file.
    shown: (Shown, Shown),
    known: Known<'a>,
    program: Program,
    session_ids: Unique,
    items_seen: BTreeMap<String, Seen>,
}

/// An item's place in its session, for the search for overlaps.
struct Span {
    start: TimeOfDay,
    minutes: u32,
    row: u32,
    title: String,
}

impl Reader<'_> {
    fn read_session(&mut self, record: &Record, report: &mut Report) {
        let mut fields = Fields { file: self.file, record, shown: self.shown.0, report };
        fields.allow_only(&SESSION_FIELDS);
        fields.require(&["id", "title", "kind", "date"]);
        let id = fields.id("id");
        if let Some(first) = self.session_ids.seen(&id, record.row_of("id")) {
            fields.fault("id", format!("{} đã dùng ở dòng {first}; mỗi phiên cần một mã riêng", quoted(&id)));
        }
        let title = fields.text("title");
        let kind = fields.choice("kind", &SESSION_KINDS);
        let date = fields.date("date");
        if let (Some(date), Some(congress)) = (date, self.known.congress)
            && !(congress.starts_on..=congress.ends_on).contains(&date)
        {
            let days = format!("{} đến {}", congress.starts_on, congress.ends_on);
            fields.fault("date", format!("{date} nằm ngoài những ngày đại hội ({days}); hãy xem lại ngày"));
        }
        if record.tables("item").is_empty() {
            fields.fault("item", "phiên chưa có mục nào; hãy ghi ít nhất một mục hoặc bỏ phiên này");
        }
        let mut spans = Vec::new();
        for item in record.tables("item") {
            spans.extend(self.read_item(item, &id, date, report));
        }
        check_overlaps(self.file, &mut spans, report);
        let start = spans.iter().map(|span| span.start).min();
        let end = spans.iter().map(|span| span.start.plus(span.minutes)).max();
        if let (Some(kind), Some(date), Some(start), Some(end)) = (kind, date, start, end) {
            self.program.sessions.push(Session { id, title, kind, date, start, end });
        }
    }

    fn read_item(&mut self, record: &Record, session: &str, date: Option<Date>, report: &mut Report) -> Option<Span> {
        let mut fields = Fields { file: self.file, record, shown: self.shown.1, report };
        fields.allow_only(&ITEM_FIELDS);
        fields.require(&["id", "title", "start", "minutes", "kind"]);
        let id = fields.id("id");
        let kind = fields.choice("kind", &ITEM_KINDS);
        let chairs = fields.list("chair");
        if self.is_repeated(&id, &chairs, &mut fields) {
            return None;
        }
        if chairs.len() > 1 {
            fields.fault("chair", "có hai người điều hành; mỗi mục chỉ ghi một người");
        }
        if kind.is_some_and(|kind| kind != ItemKind::Break) {
            fields.require(&["chair"]);
        }
        let chair = self.people(&mut fields, "chair", chairs).into_iter().next();
        let presenters = fields.list("presenters");
        let presenters = self.people(&mut fields, "presenters", presenters);
        let documents = self.documents(&mut fields);
        let lines: Vec<String> = fields.list("script").into_iter().map(|(line, _)| line).collect();
        if lines.iter().any(|line| line.chars().nth(LONG_TEXT_CHARS_MAX).is_some()) {
            fields.fault("script", format!("có dòng dài hơn {LONG_TEXT_CHARS_MAX} ký tự; hãy chia thành nhiều dòng"));
        }
        let (title, note) = (fields.text("title"), fields.long_text("note"));
        let (start, minutes) = (fields.time("start"), fields.number("minutes", 1..=ITEM_MINUTES_MAX));
        let (start, minutes) = (start?, minutes?);
        if start.plus(minutes).0 > DAY_MINUTES {
            fields.fault("minutes", "mục kéo dài quá nửa đêm; hãy xem lại giờ và số phút");
        }
        if !lines.is_empty() {
            self.program.scripts.push(Script { item: id.clone(), lines });
        }
        self.program.items.push(AgendaItem {
            id,
            session: session.to_owned(),
            title: title.clone(),
            kind: kind?,
            date: date?,
            start,
            minutes,
            chair,
            presenters,
            documents,
            note,
            status: ItemStatus::Planned,
            started_at: None,
            ended_at: None,
        });
        Some(Span { start, minutes, row: record.row_of("start"), title })
    }

    /// Whether the id was used before; that an item stands twice with different chairs is said as such.
    fn is_repeated(&mut self, id: &str, chairs: &[(String, u32)], fields: &mut Fields<'_>) -> bool {
        let chair: Vec<String> = chairs.iter().map(|(chair, _)| chair.clone()).collect();
        let Some(seen) = self.items_seen.get(id) else {
            if !id.is_empty() {
                self.items_seen.insert(id.to_owned(), Seen { row: fields.record.row_of("id"), chair });
            }
            return false;
        };
        let row = seen.row;
        if seen.chair == chair {
            fields.fault("id", format!("{} đã dùng ở dòng {row}; mỗi mục cần một mã riêng", quoted(id)));
        } else {
            let message =
                format!("mục {} có hai người điều hành (dòng {row} và dòng này); chỉ ghi một người", quoted(id));
            fields.fault("chair", message);
        }
        true
    }

    fn people(&self, fields: &mut Fields<'_>, field: &str, ids: Vec<(String, u32)>) -> Vec<PersonRef> {
        let mut people = Vec::new();
        for (id, row) in ids {
            match self.known.people.map(|people| people.get(&id)) {
                Some(Some(person)) => people.push(person.clone()),
                Some(None) => {
                    let message = format!("không có {} trong people.csv; hãy sửa mã hoặc thêm người này", quoted(&id));
                    fields.fault_in_list(row, field, message);
                }
                None => people.push(PersonRef { id: PersonId(id), name: String::new(), position: String::new() }),
            }
        }
        people
    }

    fn documents(&self, fields: &mut Fields<'_>) -> Vec<String> {
        let mut documents = Vec::new();
        for (id, row) in fields.list("documents") {
            if self.known.documents.is_some_and(|known| !known.contains_key(&id)) {
                let message =
                    format!("không có tài liệu {} trong documents/; hãy sửa mã hoặc thêm tài liệu", quoted(&id));
                fields.fault_in_list(row, "documents", message);
            }
            documents.push(id);
        }
        documents
    }
}

fn check_overlaps(file: &str, spans: &mut [Span], report: &mut Report) {
    spans.sort_by_key(|span| (span.start, span.row));
    // The item that ends latest among those before.
    let mut latest: Option<&Span> = None;
    for span in spans.iter() {
        if let Some(before) = latest.filter(|before| span.start < before.start.plus(before.minutes)) {
            let message = format!(
                "bắt đầu lúc {} khi mục {} (dòng {}) đến {} mới xong; hãy sửa giờ hoặc số phút",
                span.start,
                quoted(&before.title),
                before.row,
                before.start.plus(before.minutes)
            );
            report.fault(file, span.row, "start", message);
        }
        if latest.is_none_or(|before| span.start.plus(span.minutes) > before.start.plus(before.minutes)) {
            latest = Some(span);
        }
    }
}

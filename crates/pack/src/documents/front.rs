//! What is said about a document beside its text: the front matter of a file in Markdown; for one of Word's, its row in
//! `documents.csv`, and where that says nothing, the paper itself and the name of the file.

use std::collections::BTreeMap;

use congress::calendar::TimeOfDay;
use congress::entities::{Attachment, DocumentKind};
use congress::text::fold;
use sync::ids::Timestamp;

use crate::attachments::Attachments;
use crate::blobs::Blobs;
use crate::congress_file::UTC_OFFSET_MINUTES;
use crate::folder::{DOCUMENTS, Folder};
use crate::limits::{DOCUMENTS_MAX, ID_CHARS_MAX, TABLE_BYTES_MAX};
use crate::problem::{Report, quoted};
use crate::record::{Fields, Record, Unique, read_date};
use crate::table::{self, Columns};
use crate::{secrecy, tree};

const TABLE: &str = "documents.csv";
const COLUMNS: Columns = Columns {
    all: &["file", "id", "kind", "title", "version", "released_at", "expires", "secrecy", "files"],
    required: &["file"],
    rows_max: DOCUMENTS_MAX,
};
const REQUIRED: [&str; 5] = ["id", "kind", "title", "version", "secrecy"];
const KINDS: [(&str, DocumentKind); 14] = [
    ("program", DocumentKind::Program),
    ("house-rules", DocumentKind::HouseRules),
    ("working-rules", DocumentKind::WorkingRules),
    ("election-rules", DocumentKind::ElectionRules),
    ("political-report", DocumentKind::PoliticalReport),
    ("review-report", DocumentKind::ReviewReport),
    ("draft-resolution", DocumentKind::DraftResolution),
    ("action-program", DocumentKind::ActionProgram),
    ("opinion-synthesis", DocumentKind::OpinionSynthesis),
    ("absorption-report", DocumentKind::AbsorptionReport),
    ("credentials-report", DocumentKind::CredentialsReport),
    ("paper", DocumentKind::Paper),
    ("speech", DocumentKind::Speech),
    ("guide", DocumentKind::Guide),
];

/// Words in titles that tell the kind of a paper, folded. The one that stands first in the title counts.
const TITLES: [(&str, DocumentKind); 16] = [
    ("bao cao chinh tri", DocumentKind::PoliticalReport),
    ("kiem diem", DocumentKind::ReviewReport),
    ("chuong trinh hanh dong", DocumentKind::ActionProgram),
    ("nghi quyet", DocumentKind::DraftResolution),
    ("tiep thu", DocumentKind::AbsorptionReport),
    ("tong hop", DocumentKind::OpinionSynthesis),
    ("tham tra tu cach", DocumentKind::CredentialsReport),
    ("quy che lam viec", DocumentKind::WorkingRules),
    ("quy che bau cu", DocumentKind::ElectionRules),
    ("noi quy", DocumentKind::HouseRules),
    ("tham luan", DocumentKind::Paper),
    ("dien van", DocumentKind::Speech),
    ("phat bieu", DocumentKind::Speech),
    ("huong dan", DocumentKind::Guide),
    ("chuong trinh dai hoi", DocumentKind::Program),
    ("chuong trinh lam viec", DocumentKind::Program),
];

/// What is said about a document.
pub(super) struct Front {
    pub(super) id: String,
    /// Line of the id, where it was written in the file itself.
    pub(super) row: Option<u32>,
    pub(super) kind: Option<DocumentKind>,
    pub(super) title: String,
    pub(super) version: Option<u32>,
    /// 0 is "at once".
    pub(super) released_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) files: Vec<Attachment>,
}

impl Front {
    /// `None` if it is not TOML.
    pub(super) fn of_markdown(
        file: &str,
        text: &str,
        attachments: &mut Attachments<'_>,
        blobs: &mut Blobs,
        report: &mut Report,
    ) -> Option<Self> {
        let record = tree::read(file, text, 2, report)?;
        let mut fields = Fields { file, record: &record, shown: &[], report };
        fields.allow_only(&["id", "kind", "title", "version", "secrecy", "released_at", "expires", "files"]);
        fields.require(&REQUIRED);
        Some(Self { row: Some(record.row_of("id")), ..Self::of(&mut fields, attachments, blobs) })
    }

    /// What the table says, then what the paper says of itself.
    pub(super) fn of_word(
        file: &str,
        record: Option<&Record>,
        title: Option<&str>,
        attachments: &mut Attachments<'_>,
        blobs: &mut Blobs,
        report: &mut Report,
    ) -> Self {
        let empty = Record::default();
        let record = record.unwrap_or(&empty);
        let mut front = Self::of(&mut Fields { file: TABLE, record, shown: &[], report }, attachments, blobs);
        if front.title.is_empty() {
            title.unwrap_or("").clone_into(&mut front.title);
        }
        if front.id.is_empty() {
            front.id = id_of(file);
        }
        if record.raw("version").is_empty() {
            front.version = Some(1);
        }
        if record.raw("kind").is_empty() {
            front.kind = kind_of(&front.title);
        }
        let missing = [
            (front.id.is_empty(), "id", "không đặt được mã từ tên tệp"),
            (front.title.is_empty(), "title", "không nhận thấy tên văn bản ở đầu trang"),
            (front.kind.is_none() && record.raw("kind").is_empty(), "kind", "không nhận ra loại văn bản từ tên"),
        ];
        for (_, field, what) in missing.iter().filter(|(is_missing, ..)| *is_missing) {
            report.fault(file, None, field, format!("{what}; hãy thêm tệp này vào {TABLE} và ghi cột {field}"));
        }
        front
    }

    fn of(fields: &mut Fields<'_>, attachments: &mut Attachments<'_>, blobs: &mut Blobs) -> Self {
        let id = fields.id("id");
        check_secrecy(fields);
        let (title, kind) = (fields.text("title"), fields.choice("kind", &KINDS));
        let version = fields.number("version", 1..=u32::MAX);
        let released_at = moment(fields, "released_at").unwrap_or_default();
        let expires_at = expires_at(fields, released_at);
        let files = attached(fields, attachments, blobs);
        Self { id, row: None, kind, title, version, released_at, expires_at, files }
    }
}

/// The rows of `documents.csv` by file; none without that table.
#[derive(Debug, Default)]
pub(super) struct Table(BTreeMap<String, Record>);

impl Table {
    pub(super) fn read(folder: &Folder, report: &mut Report) -> Self {
        let mut rows = BTreeMap::new();
        if !folder.has(TABLE) {
            return Self::default();
        }
        let text = folder.text(TABLE, TABLE_BYTES_MAX, report);
        let records = text.and_then(|text| table::read(TABLE, &text, &COLUMNS, report)).unwrap_or_default();
        let mut files = Unique::default();
        for record in records {
            let mut fields = Fields { file: TABLE, record: &record, shown: &[], report };
            fields.require(COLUMNS.required);
            let name = fields.text("file");
            let path = format!("{DOCUMENTS}/{name}");
            if let Some(first) = files.seen(&name, record.row) {
                fields.fault("file", format!("{} đã ghi ở dòng {first}; hãy xóa một dòng", quoted(&name)));
            } else if !name.is_empty() && !name.to_lowercase().ends_with(".docx") {
                fields
                    .fault("file", format!("{} không phải tệp .docx; bảng này chỉ dành cho tệp .docx", quoted(&name)));
            } else if !name.is_empty() && !folder.has(&path) {
                let message = format!("không có tệp {} trong documents/; hãy thêm tệp hoặc sửa tên", quoted(&name));
                fields.fault("file", message);
            }
            rows.insert(path, record);
        }
        Self(rows)
    }

    /// The row of a file.
    pub(super) fn take(&mut self, file: &str) -> Option<Record> {
        self.0.remove(file)
    }
}

/// The id that a file name gives: `01 - Báo cáo chính trị.docx` is `bao-cao-chinh-tri`.
fn id_of(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut id = String::new();
    for letter in fold(stem).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }) {
        if letter != '-' || !(id.is_empty() || id.ends_with('-')) {
            id.push(letter);
        }
    }
    let unnumbered = id.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-');
    let named = if unnumbered.is_empty() { id.as_str() } else { unnumbered };
    named.chars().take(ID_CHARS_MAX).collect::<String>().trim_end_matches('-').to_owned()
}

fn kind_of(title: &str) -> Option<DocumentKind> {
    let folded = fold(title);
    let found = TITLES.iter().filter_map(|(words, kind)| folded.find(words).map(|at| (at, *kind)));
    found.min_by_key(|(at, _)| *at).map(|(_, kind)| kind)
}

fn check_secrecy(fields: &mut Fields<'_>) {
    let secrecy = fields.text("secrecy");
    match secrecy::mark(&secrecy) {
        Some(mark) => fields.fault(
            "secrecy",
            format!(
                "tài liệu {mark} không được đưa vào ứng dụng; hãy rút tệp này khỏi gói và dùng theo chế độ bảo mật"
            ),
        ),
        None if !["", "none"].contains(&secrecy.as_str()) => {
            fields.fault("secrecy", format!("{} không dùng ở đây; chỉ nhận tài liệu ghi none", quoted(&secrecy)));
        }
        None => {}
    }
}

/// `dd/MM/yyyy HH:mm`; `None` without one.
fn moment(fields: &mut Fields<'_>, field: &'static str) -> Option<Timestamp> {
    let text = fields.text(field);
    let Some((date, time)) = text.split_once(' ') else {
        if !text.is_empty() {
            let message = format!("{} không đủ ngày và giờ; hãy ghi như 20/11/2026 08:00", quoted(&text));
            fields.fault(field, message);
        }
        return None;
    };
    match (read_date(date), time.parse::<TimeOfDay>()) {
        (Ok(date), Ok(time)) => return Some(date.at(time, UTC_OFFSET_MINUTES)),
        (Err(message), _) => fields.fault(field, message),
        (_, Err(())) => {
            fields.fault(field, format!("{} không phải là giờ; hãy ghi giờ:phút, ví dụ 08:00", quoted(time)));
        }
    }
    None
}

/// When nobody holds the document any more; after its release.
fn expires_at(fields: &mut Fields<'_>, released_at: Timestamp) -> Option<Timestamp> {
    let at = moment(fields, "expires")?;
    if at <= released_at {
        fields.fault("expires", "giờ hết hạn không sau giờ phát hành; hãy xem lại hai giờ");
        return None;
    }
    Some(at)
}

fn attached(fields: &mut Fields<'_>, attachments: &mut Attachments<'_>, blobs: &mut Blobs) -> Vec<Attachment> {
    let mut files: Vec<Attachment> = Vec::new();
    for (name, row) in fields.list("files") {
        match attachments.get(&name, blobs, fields.report) {
            Ok(Some(file)) if files.iter().any(|other| other.name == file.name) => {
                fields.fault_in_list(row, "files", format!("{} ghi hai lần; hãy xóa một", quoted(&name)));
            }
            Ok(file) => files.extend(file),
            Err(message) => fields.fault_in_list(row, "files", message),
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_gives_an_id() {
        let cases = [
            ("documents/01 - Báo cáo chính trị.docx", "bao-cao-chinh-tri"),
            ("documents/03_Dự thảo NQ (lần 2).docx", "du-thao-nq-lan-2"),
            ("documents/2026.docx", "2026"),
            ("documents/….docx", ""),
        ];
        for (file, expected) in cases {
            assert_eq!(id_of(file), expected);
        }
        assert!(id_of(&"a b".repeat(40)).len() <= ID_CHARS_MAX);
    }

    #[test]
    fn a_title_tells_the_kind() {
        let cases = [
            ("Dự thảo Báo cáo chính trị của Ban Chấp hành trình Đại hội", Some(DocumentKind::PoliticalReport)),
            ("CHƯƠNG TRÌNH HÀNH ĐỘNG thực hiện Nghị quyết Đại hội", Some(DocumentKind::ActionProgram)),
            ("NGHỊ QUYẾT Đại hội đại biểu", Some(DocumentKind::DraftResolution)),
            ("Báo cáo tổng hợp ý kiến góp ý", Some(DocumentKind::OpinionSynthesis)),
            ("Báo cáo tiếp thu, giải trình", Some(DocumentKind::AbsorptionReport)),
            ("Trích Quy chế bầu cử trong Đảng", Some(DocumentKind::ElectionRules)),
            ("Tham luận: chương trình hành động của chi bộ", Some(DocumentKind::Paper)),
            ("Thông báo", None),
        ];
        for (title, expected) in cases {
            assert_eq!(kind_of(title), expected, "{title}");
        }
    }
}

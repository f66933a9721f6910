//! `documents/*.md`: front matter and text of each document of the set.

use std::collections::BTreeMap;

use congress::calendar::TimeOfDay;
use congress::entities::{Attachment, Block, Document, DocumentKind, DocumentText};
use sync::ids::Timestamp;

use crate::attachments::Attachments;
use crate::blobs::Blobs;
use crate::congress_file::UTC_OFFSET_MINUTES;
use crate::folder::{DOCUMENTS, Folder};
use crate::limits::{DOCUMENT_BYTES_MAX, DOCUMENTS_MAX, WORDS_PER_PAGE};
use crate::markdown;
use crate::problem::{Report, quoted};
use crate::record::{Fields, read_date};
use crate::{secrecy, tree};

const FENCE: &str = "+++";
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

/// The document set in the order of its file names.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    pub(crate) list: Vec<Document>,
    /// File of each document by id, also of those with a fault: every id that may be referred to.
    pub(crate) files: BTreeMap<String, String>,
    /// The id of some document is unknown, since its front matter could not be read.
    pub(crate) is_partial: bool,
}

pub(crate) fn read(folder: &Folder, blobs: &mut Blobs, report: &mut Report) -> Documents {
    let mut documents = Documents::default();
    let mut attachments = Attachments::new(folder);
    let mut position = 0;
    for file in folder.names_in(DOCUMENTS) {
        if !file.to_lowercase().ends_with(".md") {
            report.fault(file, None, "", "chỉ nhận tệp .md; hãy chuyển văn bản sang Markdown, hoặc để tệp vào files/");
            documents.is_partial = true;
            continue;
        }
        position += 1;
        if position as usize > DOCUMENTS_MAX {
            report.fault(DOCUMENTS, None, "", format!("có hơn {DOCUMENTS_MAX} tài liệu; hãy gộp hoặc bớt đi"));
            documents.is_partial = true;
            break;
        }
        let Some((id, row, document)) = read_one(folder, file, position, &mut attachments, blobs, report) else {
            documents.is_partial = true;
            continue;
        };
        documents.list.extend(document);
        if let Some(first) = documents.files.get(&id) {
            report.fault(file, row, "id", format!("{} đã dùng ở {first}; mỗi tài liệu cần một mã riêng", quoted(&id)));
        } else if !id.is_empty() {
            documents.files.insert(id, file.to_owned());
        }
    }
    attachments.note_unused(report);
    documents
}

/// The id of a document with its line, and the document if its fields could be used. `None` without a front matter.
fn read_one(
    folder: &Folder,
    file: &str,
    position: u32,
    attachments: &mut Attachments<'_>,
    blobs: &mut Blobs,
    report: &mut Report,
) -> Option<(String, u32, Option<Document>)> {
    let text = folder.text(file, DOCUMENT_BYTES_MAX, report)?;
    let Some((front, body, body_row)) = split(&text) else {
        report.fault(file, 1, "", "thiếu phần đầu; hãy mở tệp bằng dòng +++, các trường, rồi một dòng +++ nữa");
        return None;
    };
    let problems = report.count();
    let blocks = markdown::read(file, body, body_row, report);
    // Words may be missing because they stood in something that was refused.
    let is_wordless = blocks.is_empty() && report.count() == problems;
    let record = tree::read(file, front, 2, report)?;
    let mut fields = Fields { file, record: &record, shown: &[], report };
    fields.allow_only(&["id", "kind", "title", "version", "secrecy", "released_at", "files"]);
    fields.require(&REQUIRED);
    let id = fields.id("id");
    check_secrecy(&mut fields);
    let (title, kind) = (fields.text("title"), fields.choice("kind", &KINDS));
    let version = fields.number("version", 1..=u32::MAX);
    let released_at = released_at(&mut fields);
    let files = attached(&mut fields, attachments, blobs);
    if is_wordless && files.is_empty() {
        report.fault(file, body_row, "", "tài liệu không có chữ nào và không kèm tệp nào; hãy thêm nội dung");
    }
    let document = kind.zip(version).map(|(kind, version)| {
        let words = words_of(&blocks);
        let text = DocumentText { document: id.clone(), version, blocks };
        let bytes = serde_json::to_vec(&text).unwrap_or_default();
        let text_bytes = bytes.len() as u64;
        Document {
            id: id.clone(),
            kind,
            title,
            version,
            released_at,
            position,
            words,
            pages: words.div_ceil(WORDS_PER_PAGE),
            text_sha256: blobs.put("application/json", bytes),
            text_bytes,
            files,
        }
    });
    Some((id, record.row_of("id"), document))
}

/// Front matter, body, and the line on which the body begins.
fn split(text: &str) -> Option<(&str, &str, u32)> {
    let (first, rest) = text.split_once('\n')?;
    if first.trim_end() != FENCE {
        return None;
    }
    let mut length = 0;
    for (row, line) in (2_u32..).zip(rest.split_inclusive('\n')) {
        if line.trim_end() == FENCE {
            return Some((&rest[..length], &rest[length + line.len()..], row + 1));
        }
        length += line.len();
    }
    None
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

/// `dd/MM/yyyy HH:mm`; 0 without one, which is "at once".
fn released_at(fields: &mut Fields<'_>) -> Timestamp {
    let text = fields.text("released_at");
    let Some((date, time)) = text.split_once(' ') else {
        if !text.is_empty() {
            let message = format!("{} không đủ ngày và giờ; hãy ghi như 20/11/2026 08:00", quoted(&text));
            fields.fault("released_at", message);
        }
        return Timestamp(0);
    };
    match (read_date(date), time.parse::<TimeOfDay>()) {
        (Ok(date), Ok(time)) => return date.at(time, UTC_OFFSET_MINUTES),
        (Err(message), _) => fields.fault("released_at", message),
        (_, Err(())) => {
            fields.fault("released_at", format!("{} không phải là giờ; hãy ghi giờ:phút, ví dụ 08:00", quoted(time)));
        }
    }
    Timestamp(0)
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

fn words_of(blocks: &[Block]) -> u32 {
    let words = blocks.iter().map(|block| block.plain_text().split_whitespace().count()).sum::<usize>();
    u32::try_from(words).unwrap_or(u32::MAX)
}

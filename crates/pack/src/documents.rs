//! `documents/`: the document set, from files in Markdown and from Word's, and `documents.csv`, which says of Word's files
//! what they do not say themselves.

mod front;

use std::collections::BTreeMap;

use congress::entities::{Block, Document, DocumentText};

use crate::attachments::Attachments;
use crate::blobs::Blobs;
use crate::body::{Text, doubts, structure};
use crate::docx;
use crate::findings::{Findings, Note, NoteKind};
use crate::folder::{DOCUMENTS, Folder};
use crate::limits::{DOCUMENT_BYTES_MAX, DOCUMENTS_MAX, DOCX_BYTES_MAX, WORDS_PER_PAGE};
use crate::markdown;
use crate::problem::{Report, quoted};

use front::{Front, Table};

const FENCE: &str = "+++";

/// The document set in the order of its file names.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    pub(crate) list: Vec<Document>,
    /// File of each document by id, also of those with a fault: every id that may be referred to.
    pub(crate) files: BTreeMap<String, String>,
    /// The id of some document is unknown, since its front matter could not be read.
    pub(crate) is_partial: bool,
    /// One of each file that was read.
    pub(crate) findings: Vec<Findings>,
}

pub(crate) fn read(folder: &Folder, blobs: &mut Blobs, report: &mut Report) -> Documents {
    let mut documents = Documents::default();
    let mut reader =
        Reader { folder, attachments: Attachments::new(folder), table: Table::read(folder, report), blobs };
    let mut position = 0;
    for file in folder.names_in(DOCUMENTS) {
        let Some(format) = Format::of(file, report) else {
            documents.is_partial = true;
            continue;
        };
        position += 1;
        if position as usize > DOCUMENTS_MAX {
            report.fault(DOCUMENTS, None, "", format!("có hơn {DOCUMENTS_MAX} tài liệu; hãy gộp hoặc bớt đi"));
            documents.is_partial = true;
            break;
        }
        let read = match format {
            Format::Markdown => reader.markdown(file, position, report),
            Format::Word => reader.word(file, position, report),
        };
        let Some(Read { id, row, document, findings }) = read else {
            documents.is_partial = true;
            continue;
        };
        documents.list.extend(document);
        documents.findings.push(findings);
        if let Some(first) = documents.files.get(&id) {
            report.fault(file, row, "id", format!("{} đã dùng ở {first}; mỗi tài liệu cần một mã riêng", quoted(&id)));
        } else if !id.is_empty() {
            documents.files.insert(id, file.to_owned());
        }
    }
    reader.attachments.note_unused(report);
    documents
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Markdown,
    Word,
}

impl Format {
    fn of(file: &str, report: &mut Report) -> Option<Self> {
        let lower = file.to_lowercase();
        let message = match lower.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "md" => return Some(Format::Markdown),
            "docx" => return Some(Format::Word),
            "doc" | "docm" | "rtf" | "odt" | "wps" => {
                "không nhận dạng tệp này; hãy mở bằng Word hoặc LibreOffice và lưu lại thành .docx"
            }
            _ => "chỉ nhận tệp .docx và .md; hãy lưu lại thành .docx, hoặc để tệp vào files/",
        };
        report.fault(file, None, "", message);
        None
    }
}

/// One file that was read.
struct Read {
    id: String,
    /// Line of the id, where it was written.
    row: Option<u32>,
    /// If its fields could be used.
    document: Option<Document>,
    findings: Findings,
}

struct Reader<'a> {
    folder: &'a Folder,
    attachments: Attachments<'a>,
    table: Table,
    blobs: &'a mut Blobs,
}

impl Reader<'_> {
    /// `None` without a front matter.
    fn markdown(&mut self, file: &str, position: u32, report: &mut Report) -> Option<Read> {
        let text = self.folder.text(file, DOCUMENT_BYTES_MAX, report)?;
        let Some((front, body, body_row)) = split(&text) else {
            report.fault(file, 1, "", "thiếu phần đầu; hãy mở tệp bằng dòng +++, các trường, rồi một dòng +++ nữa");
            return None;
        };
        let problems = report.count();
        let text = markdown::read(file, body, body_row, report);
        // Words may be missing because they stood in something that was refused.
        let is_wordless = text.blocks.is_empty() && report.count() == problems;
        let front = Front::of_markdown(file, front, &mut self.attachments, self.blobs, report)?;
        if is_wordless && front.files.is_empty() {
            report.fault(file, body_row, "", "tài liệu không có chữ nào và không kèm tệp nào; hãy thêm nội dung");
        }
        Some(self.finish(file, position, front, text, Vec::new()))
    }

    /// `None` if the file cannot be read at all.
    fn word(&mut self, file: &str, position: u32, report: &mut Report) -> Option<Read> {
        let bytes = self.folder.bytes(file, DOCX_BYTES_MAX, report)?;
        let problems = report.count();
        let docx = docx::read(file, &bytes, report)?;
        let is_wordless = docx.text.blocks.is_empty() && report.count() == problems;
        let record = self.table.take(file);
        let says = docx.title.as_deref();
        let mut front = Front::of_word(file, record.as_ref(), says, &mut self.attachments, self.blobs, report);
        if is_wordless && front.files.is_empty() {
            report.fault(file, None, "", "tài liệu không có chữ nào và không kèm tệp nào; hãy thêm nội dung");
        }
        for picture in docx.pictures {
            front.files.push(self.blobs.attach(&picture.name, picture.media_type, picture.bytes));
        }
        Some(self.finish(file, position, front, docx.text, docx.notes))
    }

    fn finish(&mut self, file: &str, position: u32, front: Front, text: Text, mut notes: Vec<Note>) -> Read {
        notes.extend(doubts(&text).into_iter().map(|(row, message)| Note::new(NoteKind::Doubtful, row, message)));
        notes.sort_by_key(|note| (note.row, note.kind));
        let findings = Findings { file: file.to_owned(), structure: structure(&text), notes };
        let Front { id, row, kind, title, version, released_at, expires_at, files } = front;
        let document = kind.zip(version).map(|(kind, version)| {
            let words = words_of(&text.blocks);
            let text = DocumentText { document: id.clone(), version, blocks: text.blocks, frame: text.frame };
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
                text_sha256: self.blobs.put("application/json", bytes),
                text_bytes,
                files,
                changes: None,
                expires_at,
            }
        });
        Read { id, row, document, findings }
    }
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

fn words_of(blocks: &[Block]) -> u32 {
    let words = blocks.iter().map(|block| block.plain_text().split_whitespace().count()).sum::<usize>();
    u32::try_from(words).unwrap_or(u32::MAX)
}

//! `documents/*.docx`: Word's files as Word and LibreOffice write them. They are read within bounds, brought to the same
//! blocks as Markdown, and what could not be brought along is said. Nothing is laid out, and no macro is looked at.

mod xml;

mod archive;
mod package;

mod legacy;
mod numbering;
mod story;
mod styles;

mod advice;
mod compose;
mod frame;
mod heading;
mod pictures;

use std::collections::BTreeMap;

use crate::body::Text;
use crate::findings::{Note, NoteKind};
use crate::limits::DOCX_HEADERS_MAX;
use crate::problem::{Report, quoted};
use crate::secrecy;

use archive::Archive;
use compose::{Composer, Notes};
use numbering::Numbering;
use package::{Relation, relations};
pub(crate) use pictures::Picture;
use pictures::Pictures;
use story::{Item, Met, Paragraph, Story};
use styles::Styles;
use xml::Broken;

const DEFAULT_MAIN: &str = "word/document.xml";
/// Words in an old encoding from which on a file is refused: a few may be signs in their own right.
const LEGACY_WORDS_MAX: usize = 3;

/// A Word file that was read.
#[derive(Debug)]
pub(crate) struct Docx {
    pub(crate) text: Text,
    pub(crate) pictures: Vec<Picture>,
    pub(crate) notes: Vec<Note>,
    /// As the paper itself says it.
    pub(crate) title: Option<String>,
}

/// Reads a Word file. Faults are reported; `None` if nothing could be read.
pub(crate) fn read(file: &str, bytes: &[u8], report: &mut Report) -> Option<Docx> {
    match read_parts(bytes) {
        Ok(parts) => Some(understand(file, parts, report)),
        Err(message) => {
            report.fault(file, None, "", message);
            None
        }
    }
}

/// The parts of a file that matter.
struct Parts {
    items: Vec<Item>,
    met: Met,
    numbering: Numbering,
    notes: Notes,
    pictures: Pictures,
    /// Lines of headers, footers and comments, with the name of where they stand.
    aside: Vec<(&'static str, String)>,
}

type Relations = BTreeMap<String, Relation>;

#[expect(clippy::redundant_closure, reason = "the functions themselves are not general over the lifetime of a part")]
fn read_parts(bytes: &[u8]) -> Result<Parts, String> {
    let mut archive = Archive::open(bytes)?;
    let say = |(part, broken): (String, Broken)| broken.message(&part);
    let of_file = relations(&mut archive, "").map_err(say)?;
    let main = of_file.values().find(|relation| relation.kind == "officeDocument").and_then(|it| it.part.clone());
    let main = main.unwrap_or_else(|| DEFAULT_MAIN.to_owned());
    let of_main = relations(&mut archive, &main).map_err(say)?;
    let styles = match part_of(&of_main, "styles") {
        Some(part) => with_part(&mut archive, part, |xml| styles::read(xml))?.unwrap_or_default(),
        None => Styles::default(),
    };
    let numbering = match part_of(&of_main, "numbering") {
        Some(part) => with_part(&mut archive, part, |xml| numbering::read(xml))?.unwrap_or_default(),
        None => Numbering::default(),
    };
    let mut story = Story::new(&styles);
    let items = with_part(&mut archive, &main, |xml| story.read(xml, &["document", "body"]))?
        .ok_or_else(|| "không phải là văn bản Word; hãy lưu lại thành .docx".to_owned())?;
    let notes = Notes {
        foot: read_notes(&mut archive, &of_main, &mut story, "footnotes", "footnote")?,
        end: read_notes(&mut archive, &of_main, &mut story, "endnotes", "endnote")?,
    };
    let met = story.met;
    let aside = read_aside(&mut archive, &of_main, &styles)?;
    let pictures = Pictures::read(&mut archive, &of_main);
    Ok(Parts { items, met, numbering, notes, pictures, aside })
}

fn part_of<'r>(relations: &'r Relations, kind: &str) -> Option<&'r str> {
    relations.values().find(|relation| relation.kind == kind).and_then(|relation| relation.part.as_deref())
}

/// Reads one part; `None` if it is not there.
fn with_part<'a, T>(
    archive: &mut Archive<'a>,
    part: &str,
    read: impl FnOnce(&mut archive::Part<'_, 'a>) -> Result<T, Broken>,
) -> Result<Option<T>, String> {
    let found = archive.part(part).and_then(|xml| xml.map(|mut xml| read(&mut xml)).transpose());
    found.map_err(|broken| broken.message(part))
}

/// The notes of a kind by id. Lines that only separate are notes without words.
fn read_notes(
    archive: &mut Archive<'_>,
    relations: &Relations,
    story: &mut Story<'_>,
    part: &str,
    element_name: &str,
) -> Result<BTreeMap<String, Vec<Paragraph>>, String> {
    let Some(part) = part_of(relations, part) else { return Ok(BTreeMap::new()) };
    let found = with_part(archive, part, |xml| {
        let mut notes = BTreeMap::new();
        xml.child()?;
        while let Some(element) = xml.child()? {
            if !element.is(element_name) {
                xml.skip()?;
                continue;
            }
            let mut items = Vec::new();
            story.blocks(xml, &mut items)?;
            let paragraphs = items.into_iter().filter_map(|item| match item {
                Item::Paragraph(paragraph) => Some(paragraph),
                Item::Table(_) => None,
            });
            notes.insert(element.get("id").unwrap_or("").to_owned(), paragraphs.collect());
        }
        Ok(notes)
    })?;
    Ok(found.unwrap_or_default())
}

/// Lines that stand beside the text: they are not shown, and must not be secret either.
fn read_aside(
    archive: &mut Archive<'_>,
    relations: &Relations,
    styles: &Styles,
) -> Result<Vec<(&'static str, String)>, String> {
    const KINDS: [(&str, &str, &str); 3] =
        [("header", "hdr", "đầu trang"), ("footer", "ftr", "chân trang"), ("comments", "comment", "nhận xét của Word")];
    let mut lines = Vec::new();
    let relations = relations.values().filter_map(|relation| {
        let kind = KINDS.iter().find(|(kind, ..)| *kind == relation.kind)?;
        relation.part.as_deref().map(|part| (kind, part))
    });
    for ((_, element, place), part) in relations.take(DOCX_HEADERS_MAX) {
        let mut story = Story::new(styles);
        let items = with_part(archive, part, |xml| story.read(xml, &["comments", element]))?.unwrap_or_default();
        for item in &items {
            let paragraphs: Vec<&Paragraph> = match item {
                Item::Paragraph(paragraph) => vec![paragraph],
                Item::Table(table) => table.rows.iter().flatten().flat_map(|cell| &cell.paragraphs).collect(),
            };
            lines.extend(paragraphs.into_iter().flat_map(frame::lines).map(|line| (*place, line)));
        }
        lines.extend(story.met.drawn.into_iter().map(|line| (*place, line)));
    }
    Ok(lines)
}

fn understand(file: &str, parts: Parts, report: &mut Report) -> Docx {
    let Parts { mut items, met, numbering, notes, mut pictures, aside } = parts;
    refuse_unreadable(file, &met, &items, report);
    let drawn = met.drawn.iter().map(|line| ("chữ ẩn hoặc chữ chìm", line.clone()));
    for (place, line) in aside.into_iter().chain(drawn) {
        if let Some(mark) = secrecy::mark(&line) {
            let message = format!(
                "văn bản mang dấu “{mark}” ở {place}; hãy rút tài liệu này khỏi gói và dùng theo chế độ bảo mật"
            );
            report.fault(file, None, "", message);
        }
    }
    let mut composer = Composer::new(file, numbering, &notes, &mut pictures, report);
    composer.check_secrecy(&items);
    let frame = frame::take(&mut items);
    let look = advice::advise(&items, &frame, &met);
    let (mut text, found) = composer.compose(&items);
    let title = frame::title(&frame);
    text.frame = frame;
    let mut notes = what_was_met(&met, &pictures);
    notes.extend(found);
    notes.extend(look);
    let shown: Vec<&str> = text.blocks.iter().map(|block| block.file.as_str()).collect();
    let pictures = pictures.into_shown(&shown);
    Docx { text, pictures, notes, title }
}

/// Words that nobody could read on a phone.
fn refuse_unreadable(file: &str, met: &Met, items: &[Item], report: &mut Report) {
    for (number, words, font) in &met.unreadable {
        let message = format!(
            "không chuyển được {} (phông {font}) sang Unicode; hãy chuyển mã tài liệu sang Unicode rồi lưu lại",
            quoted(words.trim())
        );
        report.fault(file, *number, "", message);
    }
    let paragraphs = items.iter().filter_map(|item| match item {
        Item::Paragraph(paragraph) => Some(paragraph),
        Item::Table(_) => None,
    });
    let mut strange = Vec::new();
    for paragraph in paragraphs {
        let words = paragraph.words();
        strange.extend(
            words
                .split_whitespace()
                .filter(|word| legacy::looks_legacy(word))
                .map(|word| (paragraph.number, word.to_owned())),
        );
        if strange.len() > LEGACY_WORDS_MAX {
            break;
        }
    }
    if let (Some((number, word)), true) = (strange.first(), strange.len() >= LEGACY_WORDS_MAX) {
        let message = format!(
            "chữ {} là chữ gõ bằng bảng mã cũ mà phông đã đổi; hãy chuyển mã tài liệu sang Unicode rồi lưu lại",
            quoted(word)
        );
        report.fault(file, *number, "", message);
    }
}

/// What the text does not hold any more, or not as it was.
fn what_was_met(met: &Met, pictures: &Pictures) -> Vec<Note> {
    use NoteKind::{Dropped, Repaired};
    let changes = met.insertions + met.deletions;
    let lines = [
        (
            changes,
            Repaired,
            format!(
                "{changes} thay đổi được theo dõi đã coi như chấp nhận ({} thêm, {} xóa)",
                met.insertions, met.deletions
            ),
        ),
        (
            met.converted,
            Repaired,
            format!("{} đoạn dùng phông cũ ({}) đã chuyển sang Unicode", met.converted, met.legacy_font),
        ),
        (
            met.merged_tables,
            Repaired,
            format!("{} bảng có ô gộp: chữ giữ ở ô đầu, các ô còn lại để trống", met.merged_tables),
        ),
        (met.nested_tables, Repaired, format!("{} bảng lồng trong bảng đã đưa thành chữ", met.nested_tables)),
        (met.boxes, Repaired, format!("{} khung chữ đã đưa vào văn bản", met.boxes)),
        (met.formulas, Repaired, format!("{} công thức đã đưa thành chữ", met.formulas)),
        (met.comments, Dropped, format!("{} nhận xét của Word", met.comments)),
        (met.contents, Dropped, "mục lục: ứng dụng tự lập từ các đề mục".to_owned()),
        (met.hidden, Dropped, format!("{} chỗ chữ ẩn", met.hidden)),
        (met.symbols, Dropped, format!("{} ký hiệu của phông ký hiệu", met.symbols)),
        (met.objects, Dropped, format!("{} biểu đồ hoặc đối tượng nhúng; hãy chèn thành ảnh nếu cần", met.objects)),
        (pictures.missing, Dropped, format!("{} ảnh không phải PNG, JPEG, WebP hoặc nằm ngoài tệp", pictures.missing)),
    ];
    lines.into_iter().filter(|(count, ..)| *count > 0).map(|(_, kind, line)| Note::new(kind, None, line)).collect()
}

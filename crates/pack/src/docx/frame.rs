//! What stands around the text of an official paper (domain.md 5): the letterhead, the number, place and date, the title
//! above it, the recipients and the signature below. It is taken out of the text and kept apart.

use congress::entities::Frame;
use congress::text::fold;

use super::story::{Item, Paragraph, Table};
use super::styles::Align;
use crate::body::opening;

/// Items in which a letterhead with its title ends.
const HEAD_ITEMS_MAX: usize = 30;
/// Lines of a title: kind, and what it is about.
const TITLE_LINES_MAX: usize = 8;
/// Paragraphs of a signature with its recipients.
const SIGNATURE_ITEMS_MAX: usize = 25;
/// Letters of a line of a signature.
const SIGNATURE_CHARS_MAX: usize = 150;

const MOTTOES: [&str; 3] =
    ["dang cong san viet nam", "cong hoa xa hoi chu nghia viet nam", "doc lap - tu do - hanh phuc"];
/// How the titles of papers begin, folded.
const KINDS: [&str; 22] = [
    "bao cao",
    "nghi quyet",
    "quy che",
    "chuong trinh",
    "tham luan",
    "noi quy",
    "dien van",
    "huong dan",
    "du thao",
    "ke hoach",
    "quyet dinh",
    "thong bao",
    "to trinh",
    "de an",
    "ban kiem diem",
    "trich",
    "phat bieu",
    "bai phat bieu",
    "bai tham luan",
    "ket luan",
    "chi thi",
    "quy dinh",
];
/// Centred lines behind a title that belong to the text.
const TEXT_BEGINS: [&str; 6] = ["mo dau", "phan mo dau", "loi mo dau", "loi noi dau", "dat van de", "quyet nghi"];
/// How the authority above a signature begins.
const AUTHORITIES: [&str; 9] = ["T/M ", "TM. ", "TM ", "T.M ", "K/T ", "KT. ", "KT ", "T/L ", "TL. "];
/// Bodies that sign in their own name at the very end.
const SIGNERS: [&str; 7] =
    ["doan chu tich", "ban chap hanh", "ban thuong vu", "ban to chuc", "doan thu ky", "ban tham tra", "tieu ban"];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Line {
    Motto,
    Number,
    PlaceDate,
    Draft,
    Rule,
    Kind,
    Capitals,
    Other,
}

fn kind_of(line: &str) -> Line {
    let folded = fold(line);
    let letters: String = folded.chars().map(|c| if matches!(c, '–' | '—') { '-' } else { c }).collect();
    if !folded.chars().any(char::is_alphanumeric) {
        Line::Rule
    } else if MOTTOES.contains(&letters.as_str()) || letters == "doc lap-tu do-hanh phuc" {
        Line::Motto
    } else if is_number(&folded) {
        Line::Number
    } else if is_place_date(&folded) {
        Line::PlaceDate
    } else if is_draft(&folded) {
        Line::Draft
    } else if KINDS.iter().any(|kind| folded.starts_with(kind)) {
        Line::Kind
    } else if is_capitals(line) {
        Line::Capitals
    } else {
        Line::Other
    }
}

/// `Số 127-BC/ĐU`, `Số: /BC-ĐU`
fn is_number(folded: &str) -> bool {
    let Some(rest) = folded.strip_prefix("so") else { return false };
    let rest = rest.trim_start_matches([' ', ':', '.', '…', '_']);
    rest.len() < 40
        && rest.contains(['-', '/'])
        && rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '/')
}

/// `Lâm Giang, ngày 12 tháng 11 năm 2026`, also with the figures left open.
fn is_place_date(folded: &str) -> bool {
    let at = |word: &str| folded.find(word);
    match (at(" ngay"), at(" thang"), at(" nam")) {
        (Some(day), Some(month), Some(year)) => {
            day < month && month < year && folded.len() < 120 && folded[..day].ends_with(',')
        }
        _ => false,
    }
}

/// `DỰ THẢO`, `(Dự thảo lần thứ 3)`
fn is_draft(folded: &str) -> bool {
    let words = folded.trim_matches(['(', ')', '*', ' ', '[', ']']);
    let Some(rest) = words.strip_prefix("du thao") else { return false };
    let rest = rest.trim_start_matches([' ', ':', '-']);
    rest.is_empty() || rest.starts_with("lan") || rest.starts_with("trinh")
}

/// All letters are capitals, and there are some.
pub(super) fn is_capitals(line: &str) -> bool {
    let mut letters = line.chars().filter(|letter| letter.is_alphabetic()).peekable();
    letters.peek().is_some()
        && letters.all(char::is_uppercase)
        && line.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// The lines of a paragraph, as they are seen side by side or under one another.
pub(super) fn lines(paragraph: &Paragraph) -> Vec<String> {
    let words = paragraph.words();
    let parts = words.split(['\n', '\t']).map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    parts.filter(|line| !line.is_empty()).collect()
}

fn table_lines(table: &Table) -> impl Iterator<Item = String> {
    table.rows.iter().flatten().flat_map(|cell| &cell.paragraphs).flat_map(lines)
}

fn item_lines(item: &Item) -> Vec<String> {
    match item {
        Item::Paragraph(paragraph) => lines(paragraph),
        Item::Table(table) => table_lines(table).collect(),
    }
}

/// Takes the frame out of a text.
pub(super) fn take(items: &mut Vec<Item>) -> Frame {
    let mut frame = Frame::default();
    let head = read_head(items, &mut frame);
    items.drain(..head);
    if let Some(range) = find_signature(items) {
        for item in items.drain(range) {
            read_signature(&item, &mut frame);
        }
    }
    frame
}

/// Reads letterhead and title; gives how many items they are.
fn read_head(items: &[Item], frame: &mut Frame) -> usize {
    let is_sign = |line: &String| matches!(kind_of(line), Line::Motto | Line::Number | Line::PlaceDate);
    let has_letterhead = items.iter().take(8).flat_map(item_lines).any(|line| is_sign(&line));
    let mut end = 0;
    let mut is_closed = false;
    for (at, item) in items.iter().enumerate().take(HEAD_ITEMS_MAX) {
        let lines = item_lines(item);
        let is_head = match item {
            Item::Table(_) if has_letterhead && frame.title.is_empty() && lines.iter().any(is_sign) => {
                lines.iter().for_each(|line| read_letterhead(line, frame));
                true
            }
            Item::Table(_) => false,
            Item::Paragraph(_) if lines.is_empty() => {
                is_closed |= frame.title.len() > 1;
                continue;
            }
            Item::Paragraph(paragraph) => read_head_line(paragraph, &lines, has_letterhead, &mut is_closed, frame),
        };
        if !is_head {
            break;
        }
        end = at + 1;
    }
    end
}

/// Whether a paragraph belongs to the head.
fn read_head_line(
    paragraph: &Paragraph,
    lines: &[String],
    has_letterhead: bool,
    is_closed: &mut bool,
    frame: &mut Frame,
) -> bool {
    let kinds: Vec<Line> = lines.iter().map(|line| kind_of(line)).collect();
    let is_centred = paragraph.shape.align == Some(Align::Centre) || paragraph.style.is_title;
    if kinds.iter().all(|kind| *kind == Line::Rule) {
        *is_closed |= !frame.title.is_empty();
        return has_letterhead || !frame.title.is_empty();
    }
    if kinds.iter().all(|kind| *kind == Line::Draft) {
        lines.iter().for_each(|line| read_letterhead(line, frame));
        return true;
    }
    let is_letterhead = kinds.iter().any(|kind| matches!(kind, Line::Motto | Line::Number | Line::PlaceDate));
    if is_letterhead || (has_letterhead && frame.title.is_empty() && kinds.iter().all(|kind| *kind == Line::Capitals)) {
        lines.iter().for_each(|line| read_letterhead(line, frame));
        return true;
    }
    let is_first = frame.title.is_empty();
    let begins = kinds[0] == Line::Kind || paragraph.style.is_title;
    let is_text = TEXT_BEGINS.contains(&fold(&lines[0]).as_str());
    let is_heading = opening(&lines[0]).is_some() || paragraph.shape.heading.is_some_and(|level| level > 0);
    // An unformatted paper at least opens with its kind in capitals.
    let is_placed = is_centred || (is_first && begins && is_capitals(&lines[0]));
    let belongs = is_placed && !is_text && !is_heading && !*is_closed && (begins || !is_first);
    if belongs && frame.title.len() + lines.len() <= TITLE_LINES_MAX {
        frame.title.extend(lines.iter().cloned());
        return true;
    }
    false
}

fn read_letterhead(line: &str, frame: &mut Frame) {
    match kind_of(line) {
        Line::Motto => frame.motto.push(line.to_owned()),
        Line::Number => line.clone_into(&mut frame.number),
        Line::PlaceDate => line.clone_into(&mut frame.place_date),
        Line::Draft => line.trim_matches(['(', ')', '[', ']', '*', ' ']).clone_into(&mut frame.draft),
        Line::Rule => {}
        Line::Kind | Line::Capitals | Line::Other => frame.issuer.push(line.to_owned()),
    }
}

/// Where recipients and signature stand: at the end, or before the annexes.
fn find_signature(items: &[Item]) -> Option<std::ops::Range<usize>> {
    let last = items.iter().rposition(|item| !item_lines(item).is_empty())?;
    let begins = |at: usize| match &items[at] {
        Item::Table(table) => {
            table.rows.iter().all(|row| row.len() <= 3) && table_lines(table).any(|line| begins_signature(&line))
        }
        Item::Paragraph(paragraph) => {
            let lines = lines(paragraph);
            let is_signer =
                |line: &String| is_capitals(line) && SIGNERS.iter().any(|signer| fold(line).starts_with(signer));
            let is_aside = paragraph.shape.align.is_some_and(|align| align != Align::Start);
            let is_at_end = at + 8 > last && at + 1 < items.len() && is_aside && at > 2;
            lines.iter().any(|line| begins_signature(line)) || (is_at_end && lines.iter().any(is_signer))
        }
    };
    let start = (0..=last).rev().find(|at| begins(*at))?;
    // Recipients stand before the authority where they are lines under one another.
    let start = (start.saturating_sub(SIGNATURE_ITEMS_MAX)..start)
        .find(|at| begins(*at) && (*at..start).all(|at| is_short(&items[at])))
        .unwrap_or(start);
    Some(start..signature_end(items, start, last))
}

/// Where the signature that begins at `start` ends: with the name below the authority. What follows is an annex.
fn signature_end(items: &[Item], start: usize, last: usize) -> usize {
    let (mut has_authority, mut end, mut taken) = (false, start, 0);
    for (at, item) in items.iter().enumerate().take(last + 1).skip(start) {
        let lines = item_lines(item);
        let is_table = matches!(item, Item::Table(_));
        if lines.is_empty() {
            continue;
        }
        taken += 1;
        if taken > SIGNATURE_ITEMS_MAX || (at > start && (is_table || !is_short(item))) {
            break;
        }
        end = at + 1;
        for line in &lines {
            let is_recipient = line.starts_with(['-', '–', '+']) || fold(line).starts_with("noi nhan");
            has_authority |= !is_recipient && is_capitals(line);
            if has_authority && !is_recipient && !is_capitals(line) {
                return end;
            }
        }
    }
    end
}

fn begins_signature(line: &str) -> bool {
    fold(line).starts_with("noi nhan") || AUTHORITIES.iter().any(|mark| line.starts_with(mark)) && is_capitals(line)
}

/// A line that may stand in a signature: a name, an office, a recipient.
fn is_short(item: &Item) -> bool {
    match item {
        Item::Table(_) => false,
        Item::Paragraph(paragraph) => {
            let words = paragraph.words();
            let is_heading = paragraph.shape.heading.is_some_and(|level| level > 0);
            words.chars().nth(SIGNATURE_CHARS_MAX).is_none() && opening(&words).is_none() && !is_heading
        }
    }
}

fn read_signature(item: &Item, frame: &mut Frame) {
    let mut take = |lines: &[String], mut is_list: bool| {
        for line in lines {
            is_list |= fold(line).starts_with("noi nhan");
            if is_list { frame.recipients.push(line.clone()) } else { frame.signature.push(line.clone()) }
        }
    };
    match item {
        Item::Table(table) => {
            for cell in table.rows.iter().flatten() {
                let lines: Vec<String> = cell.paragraphs.iter().flat_map(lines).collect();
                let is_list = lines.iter().any(|line| fold(line).starts_with("noi nhan") || line.starts_with("- "));
                take(&lines, is_list);
            }
        }
        Item::Paragraph(paragraph) => {
            for line in lines(paragraph) {
                let is_recipient = line.starts_with(['-', '–', '+']);
                take(&[line], is_recipient);
            }
        }
    }
}

/// What a frame says of the paper: its title as in a list of papers, the kind written as in a sentence.
pub(super) fn title(frame: &Frame) -> Option<String> {
    let (first, rest) = frame.title.split_first()?;
    if rest.is_empty() || rest.iter().any(|line| is_capitals(line)) || !is_capitals(first) {
        return Some(frame.title.join(" "));
    }
    let mut letters = first.to_lowercase();
    if let Some(capital) = first.chars().next() {
        letters.replace_range(..letters.chars().next().map_or(0, char::len_utf8), &capital.to_string());
    }
    Some(format!("{letters} {}", rest.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_letterhead_are_told_apart() {
        let cases = [
            ("ĐẢNG CỘNG SẢN VIỆT NAM", Line::Motto),
            ("Độc lập – Tự do – Hạnh phúc", Line::Motto),
            ("Số 127-BC/ĐU", Line::Number),
            ("Số:      /BC-ĐU", Line::Number),
            ("Số lượng đại biểu", Line::Other),
            ("Lâm Giang, ngày 12 tháng 11 năm 2026", Line::PlaceDate),
            ("Lâm Giang, ngày    tháng    năm 2026", Line::PlaceDate),
            ("Trong các ngày của tháng cuối năm", Line::Other),
            ("DỰ THẢO", Line::Draft),
            ("(Dự thảo lần thứ 3)", Line::Draft),
            ("Dự thảo Nghị quyết", Line::Kind),
            ("* * *", Line::Rule),
            ("_____", Line::Rule),
            ("BÁO CÁO CHÍNH TRỊ", Line::Kind),
            ("ĐẢNG BỘ TỈNH THANH LÂM", Line::Capitals),
        ];
        for (line, expected) in cases {
            assert_eq!(kind_of(line), expected, "{line}");
        }
    }

    #[test]
    fn a_title_is_written_as_in_a_list() {
        let frame =
            |lines: &[&str]| Frame { title: lines.iter().map(|line| (*line).to_owned()).collect(), ..Frame::default() };
        let cases: [(&[&str], Option<&str>); 4] = [
            (&["BÁO CÁO CHÍNH TRỊ", "của Ban Chấp hành"], Some("Báo cáo chính trị của Ban Chấp hành")),
            (&["NGHỊ QUYẾT", "ĐẠI HỘI LẦN THỨ II"], Some("NGHỊ QUYẾT ĐẠI HỘI LẦN THỨ II")),
            (&["Nội quy Đại hội"], Some("Nội quy Đại hội")),
            (&[], None),
        ];
        for (lines, expected) in cases {
            assert_eq!(title(&frame(lines)).as_deref(), expected);
        }
    }
}

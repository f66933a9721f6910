//! How the presentation of a paper differs from the rules (domain.md 1 R-D3, 5): advice for the office, never a reason to
//! refuse. Only what a source that could be read says is checked.

use std::collections::BTreeMap;

use congress::entities::Frame;
use congress::text::fold;

use super::story::{Item, Met, Paragraph};
use crate::findings::{Note, NoteKind};

/// The rules that are meant.
const RULES: &str = "Hướng dẫn 36-HD/VPTW năm 2018; nay xem Quy định 399-QĐ/TW năm 2026";
const FONT: &str = "Times New Roman";
/// Sizes of the text, in half points: 14 to 15.
const TEXT_SIZES: std::ops::RangeInclusive<u32> = 28..=30;
/// Papers for the podium, folded.
const SPOKEN: [&str; 5] = ["tham luan", "bai tham luan", "phat bieu", "bai phat bieu", "dien van"];
/// A4 in twentieths of a point, and how far off a printer's driver may be.
const A4: (i64, i64) = (11_906, 16_838);
const PAGE_TOLERANCE: i64 = 60;
/// A font beside the main one is worth a word from this share of the letters on, in percent.
const MIXED_SHARE: usize = 3;

pub(super) fn advise(items: &[Item], frame: &Frame, met: &Met) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut say = |kind, message: String| notes.push(Note::new(kind, None, message));
    let (fonts, sizes) = letters(items);
    let total: usize = fonts.values().sum();
    let main = fonts.iter().max_by_key(|(_, count)| **count).map(|(font, _)| *font);
    let others: Vec<&str> = fonts
        .iter()
        .filter(|(font, count)| Some(**font) != main && **count * 100 > total * MIXED_SHARE)
        .map(|(font, _)| *font)
        .collect();
    if let (Some(main), false) = (main, others.is_empty()) {
        say(
            NoteKind::Doubtful,
            format!("văn bản dùng nhiều phông chữ: {main}, {}; hãy thống nhất một phông", others.join(", ")),
        );
    }
    if let Some(main) = main
        && main != FONT
    {
        say(NoteKind::Presentation, format!("phông chữ chính là {main}; quy định là {FONT} ({RULES})"));
    }
    if let Some((size, _)) = sizes.iter().max_by_key(|(_, count)| **count)
        && !TEXT_SIZES.contains(size)
    {
        let shown = if size % 2 == 0 { (size / 2).to_string() } else { format!("{},5", size / 2) };
        say(NoteKind::Presentation, format!("cỡ chữ nội dung là {shown}; quy định là 14 đến 15 ({RULES})"));
    }
    if let Some(page) = met.page {
        let near = |a: i64, b: i64| (a - b).abs() <= PAGE_TOLERANCE;
        let is_a4 =
            (near(page.width, A4.0) && near(page.height, A4.1)) || (near(page.width, A4.1) && near(page.height, A4.0));
        if !is_a4 {
            say(NoteKind::Presentation, format!("khổ giấy không phải A4 ({RULES})"));
        }
    }
    let missing: Vec<&str> = [
        (frame.motto.is_empty(), "tiêu đề “ĐẢNG CỘNG SẢN VIỆT NAM”"),
        (frame.issuer.is_empty(), "tên cơ quan ban hành"),
        (frame.place_date.is_empty(), "địa danh, ngày tháng năm"),
        (frame.title.is_empty(), "tên loại và trích yếu"),
        (frame.signature.is_empty(), "thể thức ký"),
    ]
    .into_iter()
    .filter_map(|(is_missing, what)| is_missing.then_some(what))
    .collect();
    // What is read out on the podium carries no letterhead.
    let is_spoken = frame.title.first().is_some_and(|line| SPOKEN.iter().any(|kind| fold(line).starts_with(kind)));
    if !missing.is_empty() && !is_spoken {
        say(NoteKind::Presentation, format!("không nhận thấy: {} ({RULES})", missing.join("; ")));
    }
    notes
}

type Counts<K> = BTreeMap<K, usize>;

/// Letters of the paragraphs by font and by size, in half points. Tables are often smaller, and are not counted.
fn letters(items: &[Item]) -> (Counts<&str>, Counts<u32>) {
    let (mut fonts, mut sizes) = (Counts::new(), Counts::new());
    let paragraphs = items.iter().filter_map(|item| match item {
        Item::Paragraph(paragraph) => Some(paragraph),
        Item::Table(_) => None,
    });
    for piece in paragraphs.flat_map(|paragraph: &Paragraph| &paragraph.pieces) {
        let count = piece.text.chars().count();
        if let Some(font) = piece.look.font.as_deref().filter(|font| !font.is_empty()) {
            *fonts.entry(font).or_default() += count;
        }
        if let Some(size) = piece.look.half_points {
            *sizes.entry(size).or_default() += count;
        }
    }
    (fonts, sizes)
}

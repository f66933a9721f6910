//! The papers of the demo congress as an office would write them in Word: letterhead, place and date, title, headings by
//! their look or by style, typed numbers, recipients and signature. Written from the sources in Markdown.

use congress::entities::{Block, BlockKind, DocumentKind, DocumentText, Run, RunStyle};

use crate::writer::{Writer, paragraph, run, table};

const CENTRE: &str = "<w:jc w:val=\"center\"/>";
const BULLETS: &str = "<w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/>\
    <w:lvlText w:val=\"-\"/><w:pPr><w:ind w:left=\"927\" w:hanging=\"360\"/></w:pPr></w:lvl></w:abstractNum>\
    <w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num>";
const ISSUER: [&str; 4] = ["ĐẢNG BỘ TỈNH THANH LÂM", "ĐẢNG BỘ CÁC CƠ QUAN TỈNH", "ĐẠI HỘI ĐẠI BIỂU LẦN THỨ XIX", "*"];
const PLACE: &str = "Lâm Giang";
/// How titles begin, and the kind of paper that stands in capitals above the rest.
const KINDS: [&str; 10] = [
    "Báo cáo chính trị",
    "Báo cáo kiểm điểm",
    "Báo cáo tổng hợp",
    "Nghị quyết",
    "Chương trình hành động",
    "Quy chế làm việc",
    "Trích Quy chế bầu cử",
    "Nội quy",
    "Tham luận",
    "Hướng dẫn",
];

/// What the office knows about a paper.
pub struct Paper<'p> {
    pub kind: DocumentKind,
    pub title: &'p str,
    pub version: u32,
    /// `16/11/2026 08:00`
    pub released_at: &'p str,
}

/// The paper as a file of Word's.
pub fn written(paper: &Paper<'_>, text: &DocumentText) -> Writer {
    let mut writer = Writer { numbering: BULLETS.to_owned(), ..Writer::default() };
    let is_paper = paper.kind == DocumentKind::Paper;
    // One office works with styles, the others with the buttons for bold and italic.
    let has_styles = matches!(paper.kind, DocumentKind::ReviewReport | DocumentKind::ActionProgram);
    if has_styles {
        for level in 1..=5 {
            writer.styles += &style(level);
        }
    }
    if !is_paper {
        writer.push(&letterhead(paper));
    }
    writer.push(&title(paper));
    for block in &text.blocks {
        writer.push(&block_xml(block, has_styles));
    }
    if let Some(signature) = signature(paper.kind) {
        writer.push(&paragraph("", ""));
        writer.push(&signature);
    }
    writer
}

fn style(level: u8) -> String {
    let look = heading_look(level);
    let align = if level == 1 { CENTRE } else { "" };
    format!(
        "<w:style w:type=\"paragraph\" w:styleId=\"Heading{level}\"><w:name w:val=\"heading {level}\"/><w:basedOn w:val=\"Normal\"/>\
         <w:pPr><w:keepNext/>{align}<w:outlineLvl w:val=\"{}\"/></w:pPr><w:rPr>{look}</w:rPr></w:style>",
        level - 1
    )
}

fn heading_look(level: u8) -> &'static str {
    match level {
        ..=3 => "<w:b/>",
        4 => "<w:b/><w:i/>",
        _ => "<w:i/>",
    }
}

fn centred(look: &str, words: &str) -> String {
    paragraph(CENTRE, &run(look, words))
}

fn letterhead(paper: &Paper<'_>) -> String {
    let left: String =
        ISSUER.iter().zip(["", "<w:b/>", "<w:b/>", ""]).map(|(line, look)| centred(look, line)).collect();
    let date = paper.released_at.split_whitespace().next().unwrap_or("");
    let mut parts = date.split('/');
    let (day, month, year) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let place = format!("{PLACE}, ngày {day} tháng {month} năm {year}");
    let right = centred("<w:b/><w:sz w:val=\"30\"/>", "ĐẢNG CỘNG SẢN VIỆT NAM") + &centred("<w:i/>", &place);
    table(&[vec![left, right]], false) + &paragraph("", "")
}

fn title(paper: &Paper<'_>) -> String {
    let (is_draft, title) = match paper.title.strip_prefix("Dự thảo ") {
        Some(title) => (true, title),
        None => (false, paper.title),
    };
    let mut xml = String::new();
    if is_draft {
        xml += &centred("<w:i/>", &format!("(Dự thảo lần {})", paper.version));
    }
    let kind = KINDS.iter().find(|kind| title.starts_with(*kind)).copied().unwrap_or("");
    let rest = title[kind.len()..].trim_start_matches([':', ' ']);
    for line in [kind.to_uppercase(), rest.to_owned()].iter().filter(|line| !line.is_empty()) {
        xml += &centred("<w:b/>", line);
    }
    xml + &centred("", "-----") + &paragraph("", "")
}

fn signature(kind: DocumentKind) -> Option<String> {
    let authority = match kind {
        DocumentKind::Paper => return None,
        DocumentKind::PoliticalReport | DocumentKind::ReviewReport | DocumentKind::OpinionSynthesis => {
            "T/M BAN CHẤP HÀNH"
        }
        DocumentKind::Guide | DocumentKind::HouseRules => "T/M BAN TỔ CHỨC ĐẠI HỘI",
        _ => "T/M ĐOÀN CHỦ TỊCH",
    };
    let lines = ["Nơi nhận:", "- Đại biểu dự Đại hội,", "- Lưu Văn phòng Đảng ủy."];
    let left: String = lines.iter().map(|line| paragraph("", &run("<w:sz w:val=\"24\"/>", line))).collect();
    Some(table(&[vec![left, centred("<w:b/>", authority)]], false))
}

fn block_xml(block: &Block, has_styles: bool) -> String {
    match &block.kind {
        BlockKind::Heading { level, runs } if has_styles => {
            paragraph(&format!("<w:pStyle w:val=\"Heading{level}\"/>"), &runs_xml(runs, ""))
        }
        BlockKind::Heading { level: 1, runs } => part_xml(&words(runs)),
        BlockKind::Heading { level, runs } => paragraph("<w:keepNext/>", &runs_xml(runs, heading_look(*level))),
        BlockKind::Paragraph { runs } => paragraph(
            "<w:spacing w:after=\"120\"/><w:ind w:firstLine=\"567\"/><w:jc w:val=\"both\"/>",
            &runs_xml(runs, ""),
        ),
        BlockKind::ListItem { marker, runs, .. } if marker == "–" => {
            let list = "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr><w:jc w:val=\"both\"/>";
            paragraph(list, &runs_xml(runs, ""))
        }
        BlockKind::ListItem { marker, runs, .. } => {
            paragraph("<w:jc w:val=\"both\"/>", &(run("", &format!("{marker} ")) + &runs_xml(runs, "")))
        }
        BlockKind::Table { rows } => {
            let cell = |at: usize, runs: &Vec<Run>| match at {
                0 => paragraph(CENTRE, &runs_xml(runs, "<w:b/><w:sz w:val=\"24\"/>")),
                _ => paragraph("", &runs_xml(runs, "<w:sz w:val=\"24\"/>")),
            };
            let rows = rows.iter().enumerate().map(|(at, row)| row.iter().map(|runs| cell(at, runs)).collect());
            table(&rows.collect::<Vec<_>>(), true) + &paragraph("", "")
        }
    }
}

/// `Phần thứ nhất` on one line and its name below it, both in the middle.
fn part_xml(words: &str) -> String {
    let name =
        words.split_once(". ").filter(|(part, name)| part.starts_with(['P', 'C']) && *name == name.to_uppercase());
    match name {
        Some((part, name)) => centred("<w:b/>", part) + &centred("<w:b/>", name),
        None => centred("<w:b/>", words),
    }
}

fn words(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

fn runs_xml(runs: &[Run], look: &str) -> String {
    let one = |of: &Run| {
        let style = match of.style {
            RunStyle::Plain => "",
            RunStyle::Bold => "<w:b/>",
            RunStyle::Italic => "<w:i/>",
            RunStyle::BoldItalic => "<w:b/><w:i/>",
        };
        run(&format!("{style}{look}"), &of.text)
    };
    runs.iter().map(one).collect()
}

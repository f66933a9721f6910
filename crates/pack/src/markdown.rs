//! The text of a document as blocks: headings, paragraphs, list items and tables, each with an anchor and its place.
//! What has no place on a phone or in a comment (raw HTML, pictures, code) is refused with its line.

use std::collections::BTreeSet;
use std::ops::Range;

use congress::entities::{BlockKind, Run, RunStyle};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::body::{Body, LEVELS, Text, trimmed};
use crate::limits::TABLE_COLUMNS_MAX;
use crate::lines::Lines;
use crate::problem::Report;

/// Reads Markdown that begins on line `first_row` of a file.
pub(crate) fn read(file: &str, text: &str, first_row: u32, report: &mut Report) -> Text {
    let mut reader = Reader {
        file,
        text,
        lines: Lines::new(text, first_row),
        faults: BTreeSet::new(),
        report,
        body: Body::new(file),
        runs: Vec::new(),
        runs_row: first_row,
        bold: 0,
        italic: 0,
        lists: Vec::new(),
        heading: None,
        table: None,
    };
    for (row, line) in (first_row..).zip(text.lines()) {
        reader.body.check_secrecy(row, line, reader.report);
    }
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        reader.take(event, &range);
    }
    reader.body.finish(reader.report)
}

/// A list that is open, innermost last.
struct List {
    /// The last number and the sign behind it; `None` for a list of dashes.
    number: Option<(u64, char)>,
    /// What the next text of the item begins with; empty for its further paragraphs.
    marker: String,
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    lines: Lines,
    /// Lines and kinds of faults that were reported.
    faults: BTreeSet<(u32, &'static str)>,
    report: &'a mut Report,
    body: Body<'a>,
    runs: Vec<Run>,
    /// Line on which they begin.
    runs_row: u32,
    bold: u32,
    italic: u32,
    lists: Vec<List>,
    heading: Option<u8>,
    table: Option<Vec<Vec<Vec<Run>>>>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) | Event::Code(text) => self.push(&text, range),
            Event::SoftBreak => self.push(" ", range),
            Event::HardBreak => self.push("\n", range),
            Event::InlineHtml(_) => self.fault_html(range),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Heading { level, .. } => {
                self.flush();
                self.start_heading(*level, range);
            }
            Tag::List(_) => {
                self.flush();
                self.lists.push(List { number: None, marker: String::new() });
            }
            Tag::Item => {
                self.flush();
                self.start_item(range);
            }
            Tag::Table(columns) => {
                self.flush();
                if columns.len() > TABLE_COLUMNS_MAX {
                    let message = format!("bảng có hơn {TABLE_COLUMNS_MAX} cột; hãy chia thành nhiều bảng");
                    self.fault(range, "table", &message);
                }
                self.table = Some(Vec::new());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            Tag::HtmlBlock => self.fault_html(range),
            Tag::CodeBlock(_) => {
                self.fault(range, "code", "đoạn này thành khối mã vì thụt đầu dòng hoặc có dấu ```; hãy bỏ đi");
            }
            Tag::Image { .. } => {
                self.fault(
                    range,
                    "image",
                    "ảnh không đặt trong văn bản; hãy để ảnh vào files/ và ghi tên ở trường files",
                );
            }
            Tag::Paragraph => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::HtmlBlock => {
                self.flush()
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::TableCell => {
                let cell = trimmed(std::mem::take(&mut self.runs));
                if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                if let Some(rows) = self.table.take() {
                    self.body.add(BlockKind::Table { rows }, self.lines.row(range.start), self.report);
                }
            }
            _ => {}
        }
    }

    fn start_heading(&mut self, level: HeadingLevel, range: &Range<usize>) {
        let level = level as u8;
        if level > LEVELS {
            self.fault(range, "level", "chỉ có năm cấp đề mục, từ # đến #####; hãy bớt dấu #");
        } else if self.body.level().is_some_and(|above| level > above + 1) {
            let expected = "#".repeat(usize::from(self.body.level().unwrap_or(0)) + 1);
            let message = format!("nhảy cấp đề mục; hãy dùng {expected} ở đây hoặc thêm đề mục ở cấp còn thiếu");
            self.fault(range, "level", &message);
        }
        self.heading = Some(level.min(LEVELS));
    }

    /// Numbers are kept as printed; where the author leaves counting to Markdown (1. 1. 1.) they count up.
    fn start_item(&mut self, range: &Range<usize>) {
        let source = self.text.get(range.clone()).unwrap_or("").trim_start();
        let digits: String = source.chars().take_while(char::is_ascii_digit).collect();
        let sign = source.chars().nth(digits.len()).filter(|sign| matches!(sign, '.' | ')'));
        let Some(list) = self.lists.last_mut() else { return };
        list.number = digits.parse().ok().zip(sign).map(|(printed, sign): (u64, char)| match list.number {
            Some((last, _)) => (printed.max(last + 1), sign),
            None => (printed, sign),
        });
        list.marker = list.number.map_or("–".to_owned(), |(number, sign)| format!("{number}{sign}"));
    }

    fn push(&mut self, text: &str, range: &Range<usize>) {
        if self.runs.is_empty() {
            self.runs_row = self.lines.row(range.start);
        }
        let style = match (self.bold > 0, self.italic > 0) {
            (false, false) => RunStyle::Plain,
            (true, false) => RunStyle::Bold,
            (false, true) => RunStyle::Italic,
            (true, true) => RunStyle::BoldItalic,
        };
        match self.runs.last_mut() {
            Some(run) if run.style == style => run.text.push_str(text),
            _ => self.runs.push(Run::new(text, style)),
        }
    }

    /// Ends the block whose words were gathered, if there are any.
    fn flush(&mut self) {
        if self.table.is_some() {
            return;
        }
        let runs = trimmed(std::mem::take(&mut self.runs));
        let heading = self.heading.take();
        if runs.is_empty() {
            return;
        }
        let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
        let kind = match (heading, self.lists.last_mut()) {
            (Some(level), _) => BlockKind::Heading { level, runs },
            (None, Some(list)) => BlockKind::ListItem { depth, marker: std::mem::take(&mut list.marker), runs },
            (None, None) => BlockKind::Paragraph { runs },
        };
        self.body.add(kind, self.runs_row, self.report);
    }

    fn fault_html(&mut self, range: &Range<usize>) {
        self.fault(range, "html", "có mã HTML; hãy bỏ thẻ < > và chỉ dùng chữ, đề mục, danh sách, bảng");
    }

    /// Reports a fault once a line and kind.
    fn fault(&mut self, range: &Range<usize>, kind: &'static str, message: &str) {
        let row = self.lines.row(range.start);
        if self.faults.insert((row, kind)) {
            self.report.fault(self.file, row, "", message);
        }
    }
}

//! One entry of a pack (a row of a table, a table of a TOML file) and the typed reading of its fields. A reading never
//! stops at the first fault: it reports, and gives back a stand-in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use congress::calendar::{Date, DateError, TimeOfDay};

use crate::limits::{ID_CHARS_MAX, LIST_ENTRIES_MAX, LONG_TEXT_CHARS_MAX, TEXT_CHARS_MAX};
use crate::problem::{Report, quoted};

/// What stands in a field.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
    List(Vec<Cell>),
    Tables(Vec<Record>),
    /// Anything else, as it is written.
    Other(String),
}

/// A value with its line.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) value: Value,
    pub(crate) row: u32,
}

/// One entry with its line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) row: u32,
    pub(crate) cells: BTreeMap<String, Cell>,
    /// Fields whose absence was reported for the whole table, or that a broken row could not give.
    pub(crate) excused: BTreeSet<String>,
}

impl Record {
    /// The trimmed text of a field; empty if there is none.
    pub(crate) fn raw(&self, field: &str) -> &str {
        match self.cells.get(field) {
            Some(Cell { value: Value::Text(text), .. }) => text.trim(),
            _ => "",
        }
    }

    pub(crate) fn row_of(&self, field: &str) -> u32 {
        self.cells.get(field).map_or(self.row, |cell| cell.row)
    }

    pub(crate) fn tables(&self, field: &str) -> &[Record] {
        match self.cells.get(field) {
            Some(Cell { value: Value::Tables(records), .. }) => records,
            _ => &[],
        }
    }

    fn is_blank(&self, field: &str) -> bool {
        match self.cells.get(field).map(|cell| &cell.value) {
            None => true,
            Some(Value::Text(text)) => text.trim().is_empty(),
            Some(Value::List(cells)) => cells.is_empty(),
            Some(_) => false,
        }
    }
}

/// Names under which fields are shown where they differ from those of the record.
pub(crate) type Shown = &'static [(&'static str, &'static str)];

/// Reads the fields of one record.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) file: &'a str,
    pub(crate) record: &'a Record,
    pub(crate) shown: Shown,
    pub(crate) report: &'a mut Report,
}

impl<'a> Fields<'a> {
    pub(crate) fn fault(&mut self, field: &str, message: impl Into<String>) {
        self.fault_at(self.record.row_of(field), field, message);
    }

    fn fault_at(&mut self, row: u32, field: &str, message: impl Into<String>) {
        let shown = self.shown.iter().find(|(name, _)| *name == field).map_or(field, |(_, shown)| shown);
        self.report.fault(self.file, row, shown, message);
    }

    /// Reports those of the fields that are missing.
    pub(crate) fn require(&mut self, fields: &[&str]) {
        for field in fields {
            if self.record.is_blank(field) && !self.record.excused.contains(*field) {
                self.fault(field, "còn thiếu; hãy ghi vào");
            }
        }
    }

    /// Reports the fields that a record of this kind does not have.
    pub(crate) fn allow_only(&mut self, known: &[&str]) {
        let record = self.record;
        for field in record.cells.keys().filter(|field| !known.contains(&field.as_str())) {
            self.fault(
                field,
                format!("không có trường này; hãy sửa tên hoặc xóa đi (các trường: {})", known.join(", ")),
            );
        }
    }

    /// The text as it stands, trimmed; a number or a list is a fault.
    fn plain(&mut self, field: &str, chars_max: usize) -> &'a str {
        let text = match self.record.cells.get(field).map(|cell| &cell.value) {
            Some(Value::Text(text)) => text.trim(),
            None => "",
            Some(_) => {
                self.fault(field, "phải là chữ, đặt trong dấu ngoặc kép");
                ""
            }
        };
        if text.chars().nth(chars_max).is_some() {
            self.fault(field, format!("dài hơn {chars_max} ký tự; hãy viết gọn lại"));
        }
        text
    }

    /// One line of text, white space collapsed.
    pub(crate) fn text(&mut self, field: &str) -> String {
        self.plain(field, TEXT_CHARS_MAX).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Text that may have several lines.
    pub(crate) fn long_text(&mut self, field: &str) -> String {
        self.plain(field, LONG_TEXT_CHARS_MAX).to_owned()
    }

    pub(crate) fn id(&mut self, field: &str) -> String {
        let id = self.plain(field, usize::MAX);
        if !id.is_empty() && !is_id(id) {
            let message = format!(
                "{} không dùng làm mã được; mã gồm 1 đến {ID_CHARS_MAX} ký tự a-z, A-Z, 0-9, - và _",
                quoted(id)
            );
            self.fault(field, message);
        }
        id.to_owned()
    }

    /// A whole number.
    pub(crate) fn number(&mut self, field: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let record = self.record;
        let cell = record.cells.get(field).filter(|_| !record.is_blank(field))?;
        let (number, shown) = match &cell.value {
            Value::Number(number) => (u32::try_from(*number).ok(), number.to_string()),
            Value::Text(text) if text.trim().bytes().all(|byte| byte.is_ascii_digit()) => {
                (text.trim().parse().ok(), text.trim().to_owned())
            }
            Value::Text(text) => (None, text.trim().to_owned()),
            Value::Other(text) => (None, text.clone()),
            Value::List(_) | Value::Tables(_) => (None, "[…]".to_owned()),
        };
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = (range.start(), range.end());
            let message = if *most == u32::MAX {
                format!("{} không phải là số nguyên từ {least} trở lên; hãy ghi bằng chữ số", quoted(&shown))
            } else {
                format!("{} không phải là số nguyên từ {least} đến {most}; hãy ghi bằng chữ số", quoted(&shown))
            };
            self.fault(field, message);
        }
        number
    }

    pub(crate) fn date(&mut self, field: &str) -> Option<Date> {
        let text = self.plain(field, usize::MAX);
        if text.is_empty() {
            return None;
        }
        read_date(text).map_err(|message| self.fault(field, message)).ok()
    }

    pub(crate) fn time(&mut self, field: &str) -> Option<TimeOfDay> {
        let text = self.plain(field, usize::MAX);
        if text.is_empty() {
            return None;
        }
        let time = text.parse().ok();
        if time.is_none() {
            self.fault(field, format!("{} không phải là giờ; hãy ghi giờ:phút, ví dụ 13:30", quoted(text)));
        }
        time
    }

    /// One of some words.
    pub(crate) fn choice<T: Copy>(&mut self, field: &str, choices: &[(&str, T)]) -> Option<T> {
        let word = self.plain(field, usize::MAX);
        if word.is_empty() {
            return None;
        }
        let chosen = choices.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        if chosen.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let message = format!("{} không dùng ở đây; hãy ghi một trong: {}", quoted(word), names.join(", "));
            self.fault(field, message);
        }
        chosen
    }

    /// The entries of a list with their lines: a TOML array, or text separated by `;`.
    pub(crate) fn list(&mut self, field: &str) -> Vec<(String, u32)> {
        let record = self.record;
        let Some(cell) = record.cells.get(field) else { return Vec::new() };
        let mut entries = Vec::new();
        match &cell.value {
            Value::Text(text) => entries.extend(text.split(';').map(|entry| (entry.trim().to_owned(), cell.row))),
            Value::List(cells) => {
                for cell in cells {
                    match &cell.value {
                        Value::Text(text) => entries.push((text.trim().to_owned(), cell.row)),
                        _ => self.fault_at(cell.row, field, "mỗi mục phải là chữ, đặt trong dấu ngoặc kép"),
                    }
                }
            }
            _ => self.fault(field, "phải là danh sách trong ngoặc vuông, ví dụ [\"p001\", \"p002\"]"),
        }
        entries.retain(|(entry, _)| !entry.is_empty());
        if entries.len() > LIST_ENTRIES_MAX {
            self.fault(field, format!("có hơn {LIST_ENTRIES_MAX} mục; hãy bớt đi"));
            entries.truncate(LIST_ENTRIES_MAX);
        }
        entries
    }

    /// A fault in one entry of a list.
    pub(crate) fn fault_in_list(&mut self, row: u32, field: &str, message: impl Into<String>) {
        self.fault_at(row, field, message);
    }
}

pub(crate) fn is_id(text: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// A date, or what is wrong with it.
pub(crate) fn read_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|error| match error {
        DateError::MonthFirst => {
            let mut parts: Vec<&str> = text.split('/').collect();
            parts.swap(0, 1);
            format!("{} ghi tháng trước ngày; hãy ghi ngày trước, thành {}", quoted(text), parts.join("/"))
        }
        DateError::NoSuchDay => format!("{} không có trong lịch; hãy xem lại ngày", quoted(text)),
        DateError::Unreadable => {
            format!("{} không phải là ngày; hãy ghi ngày/tháng/năm, ví dụ 25/11/2026", quoted(text))
        }
    })
}

/// Values that must not repeat, with the line where each stood first.
#[derive(Debug, Default)]
pub(crate) struct Unique(BTreeMap<String, u32>);

impl Unique {
    /// The line where the value stood before, if it did. Empty values never repeat.
    pub(crate) fn seen(&mut self, value: &str, row: u32) -> Option<u32> {
        if value.is_empty() {
            return None;
        }
        match self.0.get(value) {
            Some(first) => Some(*first),
            None => {
                self.0.insert(value.to_owned(), row);
                None
            }
        }
    }
}

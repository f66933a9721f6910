//! CSV files as records. Rows are counted as an editor shows them, lines inside quotation marks included.

use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord};

use crate::lines::Lines;
use crate::problem::{Report, quoted};
use crate::record::{Cell, Record, Value};

/// The columns of a table, in the order of PACK.md.
pub(crate) struct Columns {
    pub(crate) all: &'static [&'static str],
    /// Those that the header must have.
    pub(crate) required: &'static [&'static str],
    pub(crate) rows_max: usize,
}

/// The rows of a table; `None` if its header cannot be used. Rows without any text are passed over.
pub(crate) fn read(file: &str, text: &str, columns: &Columns, report: &mut Report) -> Option<Vec<Record>> {
    let lines = Lines::new(text, 1);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = reader.records().flatten().map(|row| (row_number(text, &lines, &row), row));
    let mut rows = rows.by_ref().filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
    let Some((header_row, header)) = rows.next() else {
        report.fault(file, None, "", format!("tệp trống; dòng đầu phải là tên cột: {}", columns.all.join(",")));
        return None;
    };
    let (names, missing) = read_header(file, header_row, &header, columns, report)?;
    let mut records = Vec::new();
    for (row, cells) in rows {
        if records.len() == columns.rows_max {
            report.fault(file, row, "", format!("có hơn {} dòng; hãy chia hoặc bớt đi", columns.rows_max));
            break;
        }
        let mut record = read_row(file, row, &cells, &names, &missing, report);
        // Columns that do not exist were reported with the header.
        record.cells.retain(|name, _| columns.all.contains(&name.as_str()));
        records.push(record);
    }
    Some(records)
}

fn row_number(text: &str, lines: &Lines, row: &StringRecord) -> u32 {
    let start = row.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    // The reader counts from the end of the row before, which may be followed by blank lines.
    let blank = text.as_bytes().get(start..).map_or(0, |rest| rest.iter().take_while(|byte| **byte == b'\n').count());
    lines.row(start + blank)
}

type Header = (Vec<String>, BTreeSet<String>);

/// The names of the columns, and those that are missing and were reported.
fn read_header(file: &str, row: u32, cells: &StringRecord, columns: &Columns, report: &mut Report) -> Option<Header> {
    let names: Vec<String> = cells.iter().map(|name| name.trim().to_owned()).collect();
    if let [only] = &names[..]
        && let Some(separator) = [';', '\t'].into_iter().find(|separator| only.contains(*separator))
    {
        let called = if separator == ';' { "dấu chấm phẩy" } else { "dấu tab" };
        report.fault(file, row, "", format!("các cột ngăn bằng {called}; hãy lưu lại dạng CSV ngăn bằng dấu phẩy"));
        return None;
    }
    let mut seen = BTreeSet::new();
    for name in &names {
        if !columns.all.contains(&name.as_str()) {
            let message = match name.as_str() {
                "" => "có cột không tên; hãy đặt tên hoặc xóa cột".to_owned(),
                _ => format!("không có cột này; hãy sửa tên hoặc xóa cột (các cột: {})", columns.all.join(", ")),
            };
            report.fault(file, row, quoted(name).trim_matches(['“', '”']), message);
        } else if !seen.insert(name.clone()) {
            report.fault(file, row, name, "cột này có hai lần; hãy xóa một cột");
        }
    }
    let missing: BTreeSet<String> =
        columns.required.iter().filter(|name| !seen.contains(**name)).map(|name| (*name).to_owned()).collect();
    for name in &missing {
        report.fault(file, row, name, "thiếu cột này; hãy thêm cột vào bảng");
    }
    Some((names, missing))
}

fn read_row(
    file: &str,
    row: u32,
    cells: &StringRecord,
    names: &[String],
    missing: &BTreeSet<String>,
    report: &mut Report,
) -> Record {
    let mut excused = missing.clone();
    if cells.len() != names.len() {
        let message = format!(
            "có {} ô mà dòng đầu có {} cột; hãy kiểm tra dấu phẩy, đặt chữ có dấu phẩy trong dấu ngoặc kép",
            cells.len(),
            names.len()
        );
        report.fault(file, row, "", message);
        excused.extend(names.iter().cloned());
    }
    // Of a broken row only the first cell, mostly the id, is sure to stand in its place.
    let known = if cells.len() == names.len() { names.len() } else { 1 };
    let mut by_name = BTreeMap::new();
    for (name, cell) in names.iter().zip(cells).take(known).filter(|(_, cell)| !cell.trim().is_empty()) {
        by_name.entry(name.clone()).or_insert_with(|| Cell { value: Value::Text(cell.to_owned()), row });
    }
    Record { row, cells: by_name, excused }
}

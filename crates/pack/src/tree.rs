//! TOML files as records, each value with its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::lines::Lines;
use crate::problem::Report;
use crate::record::{Cell, Record, Value};

/// The top table of a TOML text that begins on line `first_row` of its file; `None` if it is not TOML.
pub(crate) fn read(file: &str, text: &str, first_row: u32, report: &mut Report) -> Option<Record> {
    let lines = Lines::new(text, first_row);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let row = error.span().map(|span| lines.row(span.start));
        let message = if error.message().starts_with("duplicate key") {
            "trường này ghi hai lần; hãy xóa một dòng"
        } else {
            "dòng này không đúng cú pháp TOML; hãy xem lại dấu =, dấu ngoặc kép, dấu ngoặc vuông"
        };
        report.fault(file, row, "", message);
    }
    errors.is_empty().then(|| record(table.get_ref(), first_row, &lines))
}

fn record(table: &DeTable<'_>, row: u32, lines: &Lines) -> Record {
    let cells = table.iter().map(|(name, value)| {
        let row = lines.row(name.span().start);
        (name.get_ref().to_string(), Cell { value: read_value(value, lines), row })
    });
    Record { row, cells: cells.collect(), ..Record::default() }
}

fn read_value(value: &Spanned<DeValue<'_>>, lines: &Lines) -> Value {
    let row = |value: &Spanned<DeValue<'_>>| lines.row(value.span().start);
    match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::Other(number.to_string()), Value::Number),
        DeValue::Datetime(moment) => Value::Text(moment.to_string()),
        DeValue::Array(values) if !values.is_empty() && values.iter().all(|value| value.get_ref().is_table()) => {
            let tables = values.iter().filter_map(|value| Some(record(value.get_ref().as_table()?, row(value), lines)));
            Value::Tables(tables.collect())
        }
        DeValue::Array(values) => {
            Value::List(values.iter().map(|value| Cell { value: read_value(value, lines), row: row(value) }).collect())
        }
        DeValue::Float(number) => Value::Other(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Other(truth.to_string()),
        DeValue::Table(_) => Value::Other("{…}".to_owned()),
    }
}

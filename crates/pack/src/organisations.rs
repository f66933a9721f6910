//! `organisations.csv`: the organisations that send delegates. They become names of people's rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::folder::Folder;
use crate::limits::{MEMBERS_MAX, ORGANISATION_DEPTH_MAX, ORGANISATIONS_MAX, TABLE_BYTES_MAX};
use crate::problem::{Report, quoted};
use crate::record::{Fields, Record, Unique};
use crate::table::{self, Columns};

const FILE: &str = "organisations.csv";
const COLUMNS: Columns = Columns {
    all: &["id", "name", "short_name", "parent", "members"],
    required: &["id", "name"],
    rows_max: ORGANISATIONS_MAX,
};

/// Names of organisations by id, the short one where there is one. `None` if the table cannot be read.
pub(crate) fn read(folder: &Folder, report: &mut Report) -> Option<BTreeMap<String, String>> {
    if !folder.has(FILE) {
        report.fault(FILE, None, "", "thiếu tệp này; hãy thêm vào gói tài liệu");
        return None;
    }
    let text = folder.text(FILE, TABLE_BYTES_MAX, report)?;
    let records = table::read(FILE, &text, &COLUMNS, report)?;
    let parents: BTreeMap<&str, &str> = records.iter().map(|record| (record.raw("id"), record.raw("parent"))).collect();
    let mut ids = Unique::default();
    let mut names = BTreeMap::new();
    for record in &records {
        let mut fields = Fields { file: FILE, record, shown: &[], report };
        fields.require(COLUMNS.required);
        let id = fields.id("id");
        if let Some(first) = ids.seen(&id, record.row) {
            fields.fault("id", format!("{} đã dùng ở dòng {first}; mỗi tổ chức cần một mã riêng", quoted(&id)));
        }
        let (name, short_name) = (fields.text("name"), fields.text("short_name"));
        fields.number("members", 0..=MEMBERS_MAX);
        check_parent(&mut fields, record, &parents);
        names.insert(id, if short_name.is_empty() { name } else { short_name });
    }
    Some(names)
}

fn check_parent(fields: &mut Fields<'_>, record: &Record, parents: &BTreeMap<&str, &str>) {
    let parent = record.raw("parent");
    if parent.is_empty() {
        return;
    }
    if !parents.contains_key(parent) {
        let message = format!("không có tổ chức {} trong bảng này; hãy sửa mã hoặc thêm tổ chức", quoted(parent));
        return fields.fault("parent", message);
    }
    let mut passed = BTreeSet::new();
    let mut above = parent;
    while !above.is_empty() && passed.insert(above) {
        if above == record.raw("id") || passed.len() > ORGANISATION_DEPTH_MAX {
            let message = "tổ chức này nằm dưới chính nó hoặc dưới quá nhiều cấp; hãy sửa tổ chức cấp trên";
            return fields.fault("parent", message);
        }
        above = parents.get(above).copied().unwrap_or("");
    }
}

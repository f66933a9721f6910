//! A congress of 1,586 delegates, made from the demo congress: its documents, programme and staff as they are, and its
//! delegates copied under new ids, badges and seats until there are enough. All persons are invented.

use std::fs;
use std::path::Path;

use ::pack::Pack;

/// Official delegates of the largest congress that we plan for (domain.md 2).
pub const DELEGATES: usize = 1_586;

const TABLE: &str = "people.csv";
const ID: usize = 0;
const KIND: usize = 8;
const BASIS: usize = 9;
const ROLES: usize = 11;
const SEAT: usize = 12;
const BADGE: usize = 13;

/// Writes the pack into a folder and returns it as it is read.
pub fn write(folder: &Path) -> Pack {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    copy(&demo, folder);
    let text = fs::read_to_string(demo.join(TABLE)).unwrap();
    fs::write(folder.join(TABLE), with_more_delegates(&text)).unwrap();
    ::pack::read(folder).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn with_more_delegates(table: &str) -> Vec<u8> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    let rows: Vec<Vec<String>> = rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let models: Vec<&Vec<String>> =
        rows.iter().filter(|row| row[KIND] == "official" && row[ROLES].is_empty()).collect();
    let officials = rows.iter().filter(|row| row[KIND] == "official").count();
    let mut out = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|row| out.write_record(row).unwrap());
    for (number, model) in (officials..DELEGATES).zip(models.iter().cycle()) {
        let mut row = (*model).clone();
        row[ID] = format!("d{number:04}");
        row[BASIS] = "elected".to_owned();
        row[SEAT] = format!("Z-{number}");
        row[BADGE] = format!("{}", 10_000 + number);
        out.write_record(&row).unwrap();
    }
    out.into_inner().unwrap()
}

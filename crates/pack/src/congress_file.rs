//! `congress.toml`: the congress itself.

use congress::entities::{Congress, CongressKind, Level};
use congress::limits::FLOOR_MINUTES_MAX;

use crate::folder::Folder;
use crate::limits::{SHORT_NAME_CHARS_MAX, TABLE_BYTES_MAX};
use crate::problem::{Report, quoted};
use crate::record::Fields;
use crate::tree;

const FILE: &str = "congress.toml";
const REQUIRED: [&str; 12] = [
    "id",
    "name",
    "short_name",
    "ordinal",
    "term",
    "kind",
    "level",
    "starts_on",
    "ends_on",
    "place",
    "rule_set",
    "time_zone",
];
const KINDS: [(&str, CongressKind); 2] =
    [("delegate", CongressKind::Delegate), ("all-members", CongressKind::AllMembers)];
const LEVELS: [(&str, Level); 6] = [
    ("cell", Level::Cell),
    ("commune", Level::Commune),
    ("district", Level::District),
    ("agencies", Level::Agencies),
    ("province", Level::Province),
    ("national", Level::National),
];
const RULE_SETS: [(&str, &str); 1] = [("vn-2025", "vn-2025")];
/// Time zones with their minutes ahead of UTC. Vietnam has had no other since 1975.
const TIME_ZONES: [(&str, i32); 1] = [("Asia/Ho_Chi_Minh", UTC_OFFSET_MINUTES)];
pub(crate) const UTC_OFFSET_MINUTES: i32 = 420;
/// Working regulations give 5 to 10 minutes; 7 is the usual first turn (domain.md T-5).
const SPEAKING_MINUTES: u32 = 7;

/// The congress without its badge key and its number of delegates. `None` if there is anything wrong with it.
pub(crate) fn read(folder: &Folder, report: &mut Report) -> Option<Congress> {
    if !folder.has(FILE) {
        report.fault(FILE, None, "", "thiếu tệp này; hãy thêm vào gói tài liệu");
        return None;
    }
    let text = folder.text(FILE, TABLE_BYTES_MAX, report)?;
    let record = tree::read(FILE, &text, 1, report)?;
    let mut fields = Fields { file: FILE, record: &record, shown: &[], report };
    let known: Vec<&str> = REQUIRED.into_iter().chain(["speaking_minutes"]).collect();
    fields.allow_only(&known);
    fields.require(&REQUIRED);
    let id = fields.id("id");
    if id.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        fields.fault("id", format!("{} phải viết thường: chỉ dùng a-z, 0-9 và -", quoted(&id)));
    }
    let (name, short_name, place) = (fields.text("name"), fields.text("short_name"), fields.text("place"));
    if short_name.chars().count() > SHORT_NAME_CHARS_MAX {
        fields.fault("short_name", format!("dài hơn {SHORT_NAME_CHARS_MAX} ký tự; hãy rút gọn"));
    }
    let (ordinal, term) = (fields.text("ordinal"), fields.text("term"));
    if !ordinal.bytes().all(|byte| b"IVXLC".contains(&byte)) {
        fields.fault("ordinal", format!("{} không phải là số La Mã; hãy ghi như XVIII", quoted(&ordinal)));
    }
    if !term.is_empty() && !is_term(&term) {
        fields
            .fault("term", format!("{} không phải là nhiệm kỳ; hãy ghi năm đầu-năm cuối như 2025-2030", quoted(&term)));
    }
    let (starts_on, ends_on) = (fields.date("starts_on"), fields.date("ends_on"));
    if let (Some(starts_on), Some(ends_on)) = (starts_on, ends_on)
        && ends_on < starts_on
    {
        fields.fault("ends_on", format!("{ends_on} trước ngày bắt đầu {starts_on}; hãy xem lại hai ngày"));
    }
    let kind = fields.choice("kind", &KINDS);
    let level = fields.choice("level", &LEVELS);
    let rule_set = fields.choice("rule_set", &RULE_SETS);
    let utc_offset_minutes = fields.choice("time_zone", &TIME_ZONES);
    let speaking_minutes = fields.number("speaking_minutes", 1..=FLOOR_MINUTES_MAX).unwrap_or(SPEAKING_MINUTES);
    Some(Congress {
        id,
        name,
        short_name,
        ordinal,
        term,
        kind: kind?,
        level: level?,
        starts_on: starts_on?,
        ends_on: ends_on?,
        place,
        rule_set: rule_set?.to_owned(),
        utc_offset_minutes: utc_offset_minutes?,
        speaking_minutes,
        badge_key: String::new(),
        convened: 0,
    })
}

fn is_term(text: &str) -> bool {
    let year = |part: &str| part.parse::<u32>().ok().filter(|year| (1930..=2999).contains(year));
    text.split_once('-').is_some_and(|(from, to)| match (year(from.trim()), year(to.trim())) {
        (Some(from), Some(to)) => from < to,
        _ => false,
    })
}

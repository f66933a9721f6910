//! `people.csv`: delegates, alternates, guests and staff, each with the sensitive part that goes elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use congress::entities::{Basis, Credentials, Person, PersonKind, PersonRef, Role};
use sync::ids::PersonId;

use crate::PackPerson;
use crate::folder::Folder;
use crate::limits::{PEOPLE_MAX, TABLE_BYTES_MAX};
use crate::problem::{Report, quoted};
use crate::record::{Fields, Record, Unique};
use crate::table::{self, Columns};

const FILE: &str = "people.csv";
const COLUMNS: Columns = Columns {
    all: &[
        "id",
        "family_name",
        "middle_name",
        "given_name",
        "honorific",
        "organisation",
        "delegation",
        "group",
        "kind",
        "basis",
        "alternate_rank",
        "roles",
        "seat",
        "badge_number",
        "position",
        "gender",
        "birth_date",
        "ethnicity",
        "religion",
        "party_joined_on",
        "education",
        "qualification",
        "political_theory",
    ],
    required: &["id", "family_name", "given_name", "kind"],
    rows_max: PEOPLE_MAX,
};
const KINDS: [(&str, PersonKind); 4] = [
    ("official", PersonKind::Official),
    ("alternate", PersonKind::Alternate),
    ("guest", PersonKind::Guest),
    ("staff", PersonKind::Staff),
];
const BASES: [(&str, Basis); 3] =
    [("ex-officio", Basis::ExOfficio), ("elected", Basis::Elected), ("appointed", Basis::Appointed)];
const ROLES: [(&str, Role); 5] = [
    ("presidium", Role::Presidium),
    ("secretariat", Role::Secretariat),
    ("credentials", Role::Credentials),
    ("checkin", Role::Checkin),
    ("organiser", Role::Organiser),
];
const GENDERS: [(&str, &str); 2] = [("male", "male"), ("female", "female")];
const THEORIES: [(&str, &str); 4] =
    [("so-cap", "so-cap"), ("trung-cap", "trung-cap"), ("cao-cap", "cao-cap"), ("cu-nhan", "cu-nhan")];

/// Who is in the table.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub(crate) list: Vec<PackPerson>,
    /// Everyone who may be referred to, also those whose row has a fault.
    pub(crate) references: BTreeMap<String, PersonRef>,
}

impl People {
    pub(crate) fn convened(&self) -> u32 {
        let officials = self.list.iter().filter(|one| one.person.kind == PersonKind::Official).count();
        u32::try_from(officials).unwrap_or(u32::MAX)
    }
}

/// The people of the pack; `None` if the table cannot be read. `organisations` is `None` if theirs cannot.
pub(crate) fn read(
    folder: &Folder,
    organisations: Option<&BTreeMap<String, String>>,
    report: &mut Report,
) -> Option<People> {
    if !folder.has(FILE) {
        report.fault(FILE, None, "", "thiếu tệp này; hãy thêm vào gói tài liệu");
        return None;
    }
    let text = folder.text(FILE, TABLE_BYTES_MAX, report)?;
    let records = table::read(FILE, &text, &COLUMNS, report)?;
    let mut people = People::default();
    let mut taken = Taken::default();
    for record in &records {
        let mut fields = Fields { file: FILE, record, shown: &[], report };
        let one = read_one(&mut fields, organisations);
        taken.check(&mut fields, record);
        let id = record.raw("id").to_owned();
        let reference = PersonRef { id: PersonId(id.clone()), name: String::new(), position: String::new() };
        people.references.insert(id, one.as_ref().map_or(reference, |one| one.person.reference()));
        people.list.extend(one);
    }
    Some(people)
}

/// What no two people share.
#[derive(Debug, Default)]
struct Taken {
    ids: Unique,
    badges: Unique,
    seats: Unique,
    ranks: Unique,
}

impl Taken {
    fn check(&mut self, fields: &mut Fields<'_>, record: &Record) {
        // Numbers are the same with and without zeros before them, codes in capital and small letters.
        let rank = record.raw("alternate_rank").trim_start_matches('0');
        let upper = |field| record.raw(field).to_uppercase();
        let mut check = |unique: &mut Unique, field, value: &str, what: &str| {
            if let Some(first) = unique.seen(value, record.row) {
                fields.fault(field, format!("{} đã có ở dòng {first}; {what}", quoted(record.raw(field))));
            }
        };
        check(&mut self.ids, "id", &upper("id"), "mỗi người cần một mã riêng, chữ hoa hay thường cũng là một");
        check(&mut self.badges, "badge_number", &upper("badge_number"), "mỗi thẻ cần một số riêng");
        check(&mut self.seats, "seat", &upper("seat"), "mỗi ghế chỉ xếp một người");
        check(&mut self.ranks, "alternate_rank", rank, "mỗi đại biểu dự khuyết cần một thứ tự riêng");
    }
}

fn read_one(fields: &mut Fields<'_>, organisations: Option<&BTreeMap<String, String>>) -> Option<PackPerson> {
    fields.require(COLUMNS.required);
    let id = fields.id("id");
    let kind = fields.choice("kind", &KINDS);
    require_by_kind(fields, kind);
    let basis = fields.choice("basis", &BASES);
    let alternate_rank = fields.number("alternate_rank", 1..=u32::MAX);
    if matches!(kind, Some(PersonKind::Guest | PersonKind::Staff)) && basis.is_some() {
        fields.fault("basis", "chỉ đại biểu mới có căn cứ triệu tập; hãy để trống");
    }
    if kind.is_some_and(|kind| kind != PersonKind::Alternate) && alternate_rank.is_some() {
        fields.fault("alternate_rank", "chỉ đại biểu dự khuyết (alternate) mới có thứ tự; hãy để trống");
    }
    let organisation = read_organisation(fields, organisations);
    let roles = read_roles(fields, kind);
    let person = PersonId(id);
    let credentials = read_credentials(fields, person.clone());
    let person = Person {
        id: person,
        family_name: fields.text("family_name"),
        middle_name: fields.text("middle_name"),
        given_name: fields.text("given_name"),
        honorific: fields.text("honorific"),
        position: fields.text("position"),
        organisation,
        delegation: fields.text("delegation"),
        group: fields.text("group"),
        kind: kind?,
        basis,
        alternate_rank,
        roles,
        seat: fields.text("seat"),
        badge_number: fields.text("badge_number"),
        short_code: String::new(),
    };
    Some(PackPerson { person, credentials })
}

fn require_by_kind(fields: &mut Fields<'_>, kind: Option<PersonKind>) {
    match kind {
        Some(PersonKind::Official) => {
            fields.require(&["organisation", "delegation", "basis", "badge_number", "gender", "birth_date"]);
        }
        Some(PersonKind::Alternate) => {
            fields.require(&["organisation", "delegation", "alternate_rank", "badge_number", "gender", "birth_date"]);
        }
        Some(PersonKind::Guest) => fields.require(&["badge_number"]),
        Some(PersonKind::Staff) | None => {}
    }
}

fn read_organisation(fields: &mut Fields<'_>, organisations: Option<&BTreeMap<String, String>>) -> String {
    let id = fields.text("organisation");
    let Some(organisations) = organisations.filter(|_| !id.is_empty()) else { return String::new() };
    organisations.get(&id).cloned().unwrap_or_else(|| {
        let message = format!("không có tổ chức {} trong organisations.csv; hãy sửa mã hoặc thêm tổ chức", quoted(&id));
        fields.fault("organisation", message);
        String::new()
    })
}

fn read_roles(fields: &mut Fields<'_>, kind: Option<PersonKind>) -> BTreeSet<Role> {
    let mut roles = BTreeSet::new();
    for (name, row) in fields.list("roles") {
        match ROLES.iter().find(|(known, _)| *known == name) {
            Some((_, role)) => _ = roles.insert(*role),
            None => {
                let known: Vec<&str> = ROLES.iter().map(|(known, _)| *known).collect();
                let message =
                    format!("{} không phải là vai trò; hãy ghi một trong: {}", quoted(&name), known.join(", "));
                fields.fault_in_list(row, "roles", message);
            }
        }
    }
    if roles.contains(&Role::Presidium) && kind.is_some_and(|kind| kind != PersonKind::Official) {
        fields.fault("roles", "Đoàn Chủ tịch (presidium) phải là đại biểu chính thức; hãy bỏ vai trò này");
    }
    roles
}

fn read_credentials(fields: &mut Fields<'_>, person: PersonId) -> Credentials {
    let (birth_date, party_joined_on) = (fields.date("birth_date"), fields.date("party_joined_on"));
    if let (Some(born), Some(joined)) = (birth_date, party_joined_on)
        && joined <= born
    {
        fields.fault(
            "party_joined_on",
            format!("ngày vào Đảng {joined} không sau ngày sinh {born}; hãy xem lại hai ngày"),
        );
    }
    Credentials {
        person,
        gender: fields.choice("gender", &GENDERS).unwrap_or_default().to_owned(),
        birth_date,
        ethnicity: fields.text("ethnicity"),
        religion: fields.text("religion"),
        party_joined_on,
        education: fields.text("education"),
        qualification: fields.text("qualification"),
        political_theory: fields.choice("political_theory", &THEORIES).unwrap_or_default().to_owned(),
    }
}

//! Who is in the hall, and the rows with which it begins.

use congress::calendar::{Date, TimeOfDay};
use congress::entities::{
    AgendaItem, Attendance, Attendee, Congress, CongressKind, Entity, ItemKind, ItemStatus, Level, Me, Person,
    PersonKind, Role, Session, SessionKind,
};
use congress::scopes;
use sync::ids::PersonId;
use sync::row::Change;

pub const SESSION: &str = "sang";
pub const ITEMS: [&str; 3] = ["bao-cao", "thao-luan", "be-mac"];

/// Two people who share one device, and its cookie.
pub const SHARING: [usize; 2] = [8, 9];

/// Persons with their roles: delegates, presidium, secretary, two desks, an organiser, two who share a tablet.
pub const PEOPLE: [(&str, PersonKind, &[Role]); 10] = [
    ("an", PersonKind::Official, &[]),
    ("binh", PersonKind::Official, &[]),
    ("chi", PersonKind::Official, &[]),
    ("dung", PersonKind::Official, &[Role::Presidium]),
    ("em", PersonKind::Official, &[Role::Secretariat]),
    ("giang", PersonKind::Staff, &[Role::Checkin]),
    ("hai", PersonKind::Staff, &[Role::Checkin]),
    ("lan", PersonKind::Staff, &[Role::Organiser]),
    ("khanh", PersonKind::Official, &[]),
    ("mai", PersonKind::Official, &[]),
];

pub fn person(name: &str, kind: PersonKind, roles: &[Role]) -> Person {
    Person {
        id: PersonId::new(name),
        family_name: "Nguyễn".into(),
        middle_name: String::new(),
        given_name: name.into(),
        honorific: String::new(),
        position: String::new(),
        organisation: String::new(),
        delegation: "Đoàn số 1".into(),
        group: String::new(),
        kind,
        basis: None,
        alternate_rank: None,
        roles: roles.iter().copied().collect(),
        seat: String::new(),
        badge_number: String::new(),
        short_code: name.to_uppercase(),
    }
}

/// The rows that say what a person is: the register, and what the person knows.
pub fn standing(person: &Person) -> [Change; 2] {
    let me = Me {
        person: person.id.clone(),
        name: person.full_name(),
        position: String::new(),
        organisation: String::new(),
        delegation: person.delegation.clone(),
        group: String::new(),
        kind: person.kind,
        roles: person.roles.clone(),
        seat: String::new(),
        badge_number: String::new(),
        short_code: person.short_code.clone(),
        badge: None,
    };
    [person.put(scopes::registry()), me.put(scopes::user(&person.id))]
}

pub fn beginning() -> Vec<Change> {
    let date = Date::new(2026, 11, 25).expect("a day of the calendar");
    let congress = Congress {
        id: "hall".into(),
        name: "Đại hội".into(),
        short_name: "Đại hội".into(),
        ordinal: "I".into(),
        term: "2025-2030".into(),
        kind: CongressKind::Delegate,
        level: Level::Commune,
        starts_on: date,
        ends_on: date,
        place: String::new(),
        rule_set: "vn-2025".into(),
        utc_offset_minutes: 420,
        speaking_minutes: 7,
        badge_key: String::new(),
        convened: 5,
    };
    let session = Session {
        id: SESSION.into(),
        title: "Phiên sáng".into(),
        kind: SessionKind::Official,
        date,
        start: TimeOfDay(450),
        end: TimeOfDay(690),
    };
    let attendance = Attendance { session: SESSION.into(), present: 0, convened: 5 };
    let mut rows =
        vec![congress.put(scopes::public()), session.put(scopes::public()), attendance.put(scopes::presidium())];
    for (index, id) in ITEMS.iter().enumerate() {
        let item = AgendaItem {
            id: (*id).into(),
            session: SESSION.into(),
            title: (*id).into(),
            kind: ItemKind::Discussion,
            date,
            start: TimeOfDay(450 + 60 * u32::try_from(index).unwrap_or(0)),
            minutes: 60,
            chair: None,
            presenters: Vec::new(),
            documents: Vec::new(),
            note: String::new(),
            status: ItemStatus::Planned,
            started_at: None,
            ended_at: None,
        };
        rows.push(item.put(scopes::public()));
    }
    for (name, kind, roles) in PEOPLE {
        let person = person(name, kind, roles);
        let attendee = Attendee {
            id: person.id.clone(),
            name: person.full_name(),
            sort_name: name.into(),
            organisation: String::new(),
            delegation: person.delegation.clone(),
            kind,
            seat: String::new(),
            badge_number: String::new(),
            short_code: person.short_code.clone(),
        };
        rows.extend(standing(&person));
        rows.push(attendee.put(scopes::checkin()));
    }
    rows
}

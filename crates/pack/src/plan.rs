//! The import as row changes: what the pack wants minus what is there already. What people did during the congress
//! (the course of the programme, who is present) is kept.

mod live;

use std::collections::BTreeMap;

use congress::entities::{
    AgendaItem, Attendance, Attendee, Badge, Congress, Credentials, Document, Entity, Me, Person, PersonKind,
    RecalledDocument, Script, Session,
};
use congress::{entities, scopes};
use sync::ids::{PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::{Change, Key, Rows};

use crate::problem::{Problem, Report, quoted};
use crate::{Pack, PackPerson};
use live::Course;

/// What only the server can make. Each answer is always the same for the same person, so that a second import of the
/// same pack changes nothing; no two persons have the same short code.
pub trait Issue {
    /// Ed25519 public key of the congress, 64 hexadecimal digits.
    fn badge_key(&self) -> String;
    /// `None` leaves the person without a badge. Not asked for staff.
    fn badge(&self, person: &Person) -> Option<Badge>;
    /// Six letters and digits without look-alikes.
    fn short_code(&self, person: &PersonId) -> String;
}

/// What is wrong with importing this pack over these rows. The importer asks before it plans.
pub fn check_against(pack: &Pack, rows: &dyn Rows) -> Vec<Problem> {
    let mut report = Report::default();
    if let Some(held) = entities::read::<Congress>(rows, &scopes::public(), "main")
        && held.id != pack.congress.id
    {
        let message = format!("dữ liệu này thuộc đại hội {}; hãy nạp gói vào đúng đại hội", quoted(&held.id));
        report.fault("congress.toml", None, "id", message);
    }
    for document in &pack.documents {
        let Some(held) = live::held_document(rows, &document.id) else { continue };
        let file = pack.document_files.get(&document.id).map_or("documents", String::as_str);
        if document.version < held.version {
            let message = format!(
                "phiên bản {} thấp hơn phiên bản {} đang dùng; hãy lấy bản mới nhất hoặc ghi số cao hơn",
                document.version, held.version
            );
            report.fault(file, None, "version", message);
        } else if document.version == held.version && document.text_sha256 != held.text_sha256 {
            let message = format!("văn bản đã thay đổi mà vẫn ghi phiên bản {}; hãy ghi số cao hơn", held.version);
            report.fault(file, None, "version", message);
        }
    }
    report.finish().err().unwrap_or_default()
}

/// The changes that make the rows agree with the pack, ordered by scope, kind and id. Planning again after they are
/// applied gives none.
pub fn plan(pack: &Pack, rows: &dyn Rows, issue: &dyn Issue, now: Timestamp) -> Vec<Change> {
    let wanted = wanted(pack, rows, issue, now);
    let mut changes: BTreeMap<Key, Option<Json>> =
        imported(rows).into_iter().filter(|key| !wanted.0.contains_key(key)).map(|key| (key, None)).collect();
    for (key, data) in wanted.0 {
        let held = rows.get(&key.scope, &key.kind, &key.id).and_then(|row| row.data.as_ref());
        if held != Some(&data) {
            changes.insert(key, Some(data));
        }
    }
    changes.into_iter().map(|(key, data)| Change { key, data }).collect()
}

/// Rows as the pack wants them.
#[derive(Debug, Default)]
struct Wanted(BTreeMap<Key, Json>);

impl Wanted {
    fn put<T: Entity>(&mut self, scope: Scope, row: &T) {
        let Change { key, data } = row.put(scope);
        self.0.extend(data.map(|data| (key, data)));
    }
}

fn wanted(pack: &Pack, rows: &dyn Rows, issue: &dyn Issue, now: Timestamp) -> Wanted {
    let mut wanted = Wanted::default();
    wanted.put(scopes::public(), &Congress { badge_key: issue.badge_key(), ..pack.congress.clone() });
    let (sessions, items) = live::program(pack, rows);
    for item in &items {
        wanted.put(scopes::public(), item);
    }
    for session in &sessions {
        let held = entities::read::<Attendance>(rows, &scopes::presidium(), &session.id);
        let present = held.map_or(0, |held| held.present);
        wanted.put(scopes::public(), session);
        wanted.put(
            scopes::presidium(),
            &Attendance { session: session.id.clone(), present, convened: pack.congress.convened },
        );
    }
    for script in &pack.scripts {
        wanted.put(scopes::presidium(), script);
    }
    for document in &pack.documents {
        match live::course(document, rows, now) {
            Course::Waits(document) => {
                wanted.put(scopes::secretariat(), &document);
                // The version before it stays what it was until then.
                if let Some(recalled) = entities::read::<RecalledDocument>(rows, &scopes::delegates(), &document.id) {
                    wanted.put(scopes::delegates(), &recalled);
                }
            }
            Course::Released(document) => wanted.put(scopes::delegates(), &document),
            Course::Gone(Some(recalled)) => wanted.put(scopes::delegates(), &recalled),
            Course::Gone(None) => {}
        }
    }
    for recalled in live::recalled_before(pack, rows) {
        wanted.put(scopes::delegates(), &recalled);
    }
    for one in &pack.people {
        want_person(&mut wanted, one, issue);
    }
    wanted
}

fn want_person(wanted: &mut Wanted, one: &PackPerson, issue: &dyn Issue) {
    let person = Person { short_code: issue.short_code(&one.person.id), ..one.person.clone() };
    wanted.put(scopes::registry(), &person);
    wanted.put(scopes::user(&person.id), &me(&person, issue));
    if person.kind != PersonKind::Staff {
        wanted.put(scopes::checkin(), &attendee(&person));
    }
    if one.credentials != nothing_about(&person.id) {
        wanted.put(scopes::credentials(), &one.credentials);
    }
}

fn me(person: &Person, issue: &dyn Issue) -> Me {
    let person = person.clone();
    Me {
        name: person.full_name(),
        badge: if person.kind == PersonKind::Staff { None } else { issue.badge(&person) },
        person: person.id,
        position: person.position,
        organisation: person.organisation,
        delegation: person.delegation,
        group: person.group,
        kind: person.kind,
        roles: person.roles,
        seat: person.seat,
        badge_number: person.badge_number,
        short_code: person.short_code,
    }
}

fn attendee(person: &Person) -> Attendee {
    let person = person.clone();
    let names = [&person.given_name, &person.middle_name, &person.family_name];
    let names: Vec<&str> = names.into_iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    Attendee {
        name: person.full_name(),
        sort_name: names.join(" "),
        id: person.id,
        organisation: person.organisation,
        delegation: person.delegation,
        kind: person.kind,
        seat: person.seat,
        badge_number: person.badge_number,
        short_code: person.short_code,
    }
}

fn nothing_about(person: &PersonId) -> Credentials {
    Credentials {
        person: person.clone(),
        gender: String::new(),
        birth_date: None,
        ethnicity: String::new(),
        religion: String::new(),
        party_joined_on: None,
        education: String::new(),
        qualification: String::new(),
        political_theory: String::new(),
    }
}

/// Keys of every row that imports make. Rows that people make (comments, facts of presence) are not among them.
fn imported(rows: &dyn Rows) -> Vec<Key> {
    let mut places = vec![
        (scopes::public(), Congress::KIND),
        (scopes::public(), Session::KIND),
        (scopes::public(), AgendaItem::KIND),
        (scopes::presidium(), Script::KIND),
        (scopes::presidium(), Attendance::KIND),
        (scopes::delegates(), Document::KIND),
        (scopes::delegates(), RecalledDocument::KIND),
        (scopes::secretariat(), Document::KIND),
        (scopes::registry(), Person::KIND),
        (scopes::credentials(), Credentials::KIND),
        (scopes::checkin(), Attendee::KIND),
    ];
    rows.each(&scopes::registry(), Person::KIND, &mut |id, _| {
        places.push((scopes::user(&PersonId::new(id)), Me::KIND));
    });
    let mut keys = Vec::new();
    for (scope, kind) in places {
        rows.each(&scope, kind, &mut |id, _| {
            keys.push(Key { scope: scope.clone(), kind: kind.to_owned(), id: id.to_owned() });
        });
    }
    keys
}

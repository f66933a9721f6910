//! A small congress with one person of every kind, decided by the real server machine. Every person's name, texts and
//! sensitive data carry a mark, so that a test can see where they end up.

use std::collections::BTreeSet;

use congress::CongressRules;
use congress::calendar::{Date, TimeOfDay};
use congress::commands::{
    Action, CallSpeaker, FinishItem, FinishSpeaking, KeepMark, MoveInQueue, QueueComment, RecallDocument,
    RecordPresence, RedactComment, RemoveFromQueue, RemoveMark, RetractPresence, StartItem, StartSpeaking,
    SubmitComment, WithdrawComment,
};
use congress::entities::{
    AgendaItem, Anchor, Attendance, Attendee, Credentials, Document, DocumentKind, Entity, ItemKind, ItemStatus,
    MarkKind, Me, Person, PersonKind, PresenceHow, Role, Session, SessionKind, Stance, read, read_all,
};
use congress::scopes;
use proptest::prelude::*;
use sync::ids::{ClientId, CommandId, Epoch, PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::{Change, RowMap};
use sync::rules::{Actor, Rules, Verdict};
use sync::server::{Batch, Log, LogEntry, redacted_entry};
use sync::wire::{Command, PROTOCOL, PushRequest, Receipt, Status};

/// Who takes part. Three delegates discuss; `dung` is a delegate and sits in the presidium.
pub const PEOPLE: [(&str, PersonKind, &[Role]); 11] = [
    ("an", PersonKind::Official, &[]),
    ("binh", PersonKind::Official, &[]),
    ("chi", PersonKind::Official, &[]),
    ("dung", PersonKind::Official, &[Role::Presidium]),
    ("em", PersonKind::Staff, &[Role::Secretariat]),
    ("giang", PersonKind::Staff, &[Role::Checkin]),
    ("hai", PersonKind::Staff, &[Role::Organiser]),
    ("khach", PersonKind::Guest, &[]),
    ("lan", PersonKind::Alternate, &[]),
    ("minh", PersonKind::Staff, &[Role::Credentials]),
    ("nam", PersonKind::Staff, &[]),
];

/// Items by their state.
pub const ITEMS: [(&str, ItemStatus); 4] = [
    ("planned", ItemStatus::Planned),
    ("now", ItemStatus::Now),
    ("done", ItemStatus::Done),
    ("dropped", ItemStatus::Dropped),
];

pub const SESSIONS: [&str; 2] = ["morning", "afternoon"];

pub struct Court {
    pub log: Log,
    pub entries: Vec<LogEntry>,
    pub now: Timestamp,
    made: u128,
}

/// Words that stand in everything that is somebody's and nowhere else.
pub fn mark(person: &str) -> String {
    format!("«{person}»")
}

/// What desks type when the camera fails.
pub fn code(person: &str) -> String {
    format!("mã-{person}")
}

/// What the credentials board knows of a person.
pub fn secret(person: &str) -> String {
    format!("kín-{person}")
}

impl Court {
    pub fn new() -> Self {
        let mut court =
            Self { log: Log::new(Epoch::from_u128(1)), entries: Vec::new(), now: Timestamp(1_000), made: 0 };
        court.system(beginning());
        court
    }

    pub fn system(&mut self, changes: Vec<Change>) {
        let command = self.command("system", &Json::of(&()));
        let mut batch = Batch::new(&self.log);
        batch.system(&command, changes, self.now);
        let entries = batch.into_entries();
        self.commit(entries);
    }

    fn commit(&mut self, entries: Vec<LogEntry>) {
        entries.iter().for_each(|entry| self.log.apply(entry));
        self.entries.extend(entries);
        // As the server's writer does.
        let redactions: Vec<LogEntry> = self.entries.iter().filter(|entry| entry.redacts).cloned().collect();
        let redactions: Vec<&LogEntry> = redactions.iter().collect();
        for entry in &mut self.entries {
            if let Some(left) = redacted_entry(&CongressRules, self.log.rows(), &redactions, entry) {
                *entry = left;
            }
        }
        self.now = self.now.plus_ms(1_000);
    }

    /// A command of a device whose clock is wrong by half a minute.
    pub fn command(&mut self, kind: &str, payload: &Json) -> Command {
        self.made += 1;
        let command_id = CommandId::from_u128(self.made);
        let created_at = Timestamp(self.now.0 - 30_000);
        Command { seq: 1, command_id, kind: kind.to_owned(), v: 1, created_at, payload: payload.clone() }
    }

    pub fn act<A: Action>(&mut self, person: &str, action: &A) -> Receipt {
        let command = self.command(A::KIND, &action.payload());
        self.push(person, command)
    }

    pub fn push(&mut self, person: &str, command: Command) -> Receipt {
        let client_id = ClientId(command.command_id.0);
        let request = PushRequest { protocol: PROTOCOL, client_id, person: None, epoch: None, commands: vec![command] };
        let mut batch = Batch::new(&self.log);
        let response = batch.push(&CongressRules, &PersonId::new(person), &request, self.now).unwrap();
        let entries = batch.into_entries();
        self.commit(entries);
        response.receipts[0].clone()
    }

    /// `accepted`, `late`, `parked`, or the code of the refusal.
    pub fn word(receipt: &Receipt) -> String {
        match (receipt.status, &receipt.refusal) {
            (Status::Accepted, None) => "accepted".to_owned(),
            (Status::Late, None) => "late".to_owned(),
            (Status::Parked, None) => "parked".to_owned(),
            (Status::Rejected, Some(refusal)) => refusal.code.clone(),
            other => panic!("a receipt that contradicts itself: {other:?}"),
        }
    }

    pub fn rows(&self) -> &RowMap {
        self.log.rows()
    }

    pub fn read<T: Entity>(&self, scope: &Scope, id: &str) -> Option<T> {
        read(self.rows(), scope, id)
    }

    pub fn all<T: Entity>(&self, scope: &Scope) -> Vec<T> {
        read_all(self.rows(), scope)
    }

    /// What a person's device holds when it is at the head.
    pub fn device(&self, person: &str) -> RowMap {
        let mut held = RowMap::default();
        for scope in CongressRules.scopes(self.rows(), &PersonId::new(person)) {
            for (kind, id, row) in self.rows().rows_of(&scope) {
                let key = sync::row::Key { scope: scope.clone(), kind: kind.to_owned(), id: id.to_owned() };
                held.put(&key, row.clone());
            }
        }
        held
    }

    pub fn decide(&self, person: &str, command: &Command) -> Verdict {
        CongressRules.decide(self.rows(), &actor(person), command, self.now)
    }
}

pub fn actor(person: &str) -> Actor {
    Actor { person: PersonId::new(person) }
}

/// A comment whose words carry its author's mark.
pub fn comment(author: &str, id: &str, floor_minutes: Option<u32>) -> SubmitComment {
    SubmitComment {
        id: id.to_owned(),
        anchor: Anchor::Congress,
        stance: Stance::Partial,
        text: format!("lời của {}", mark(author)),
        proposal: format!("đề nghị của {}", mark(author)),
        floor_minutes,
    }
}

/// A note whose words carry its reader's mark.
pub fn note(reader: &str, id: &str, text: &str, follows: Option<CommandId>) -> KeepMark {
    let anchor = Anchor::Document {
        document: "released".to_owned(),
        version: 1,
        block: Some("b".to_owned()),
        place: String::new(),
        quote: "văn kiện".to_owned(),
    };
    KeepMark { id: id.to_owned(), kind: MarkKind::Note, anchor, text: format!("{text} {}", mark(reader)), follows }
}

fn beginning() -> Vec<Change> {
    let date = Date::new(2025, 6, 26).unwrap();
    let (start, end) = (TimeOfDay(7 * 60 + 30), TimeOfDay(11 * 60 + 30));
    let mut changes = Vec::new();
    for id in SESSIONS {
        let (id, title) = (id.to_owned(), id.to_owned());
        let session = Session { id, title, kind: SessionKind::Official, date, start, end };
        changes.push(session.put(scopes::public()));
        let attendance = Attendance { session: session.id, present: 0, convened: 4 };
        changes.push(attendance.put(scopes::presidium()));
    }
    for (id, status) in ITEMS {
        changes.push(item(id, status, date, start).put(scopes::public()));
    }
    let (released, hidden) = (document("released", "văn kiện"), document("hidden", "chưa phát hành"));
    changes.push(released.put(scopes::delegates()));
    changes.push(hidden.put(scopes::secretariat()));
    for (person, kind, roles) in PEOPLE {
        changes.extend(person_rows(person, kind, roles));
    }
    changes
}

fn item(id: &str, status: ItemStatus, date: Date, start: TimeOfDay) -> AgendaItem {
    AgendaItem {
        id: id.to_owned(),
        session: SESSIONS[0].to_owned(),
        title: id.to_owned(),
        kind: ItemKind::Discussion,
        date,
        start,
        minutes: 30,
        chair: None,
        presenters: Vec::new(),
        documents: Vec::new(),
        note: String::new(),
        status,
        started_at: None,
        ended_at: None,
    }
}

pub fn document(id: &str, title: &str) -> Document {
    Document {
        id: id.to_owned(),
        kind: DocumentKind::DraftResolution,
        title: title.to_owned(),
        version: 1,
        released_at: Timestamp(0),
        position: 1,
        words: 1,
        pages: 1,
        text_sha256: String::new(),
        text_bytes: 0,
        files: Vec::new(),
        changes: None,
        expires_at: None,
    }
}

fn person_rows(id: &str, kind: PersonKind, roles: &[Role]) -> Vec<Change> {
    let roles: BTreeSet<Role> = roles.iter().copied().collect();
    let (person, short_code) = (PersonId::new(id), code(id));
    let register = Person {
        id: person.clone(),
        family_name: "Nguyễn".to_owned(),
        middle_name: String::new(),
        given_name: mark(id),
        honorific: String::new(),
        position: String::new(),
        organisation: format!("Đảng bộ {id}"),
        delegation: String::new(),
        group: String::new(),
        kind,
        basis: None,
        alternate_rank: None,
        roles: roles.clone(),
        seat: String::new(),
        badge_number: String::new(),
        short_code: short_code.clone(),
    };
    let me = Me {
        person: person.clone(),
        name: register.full_name(),
        position: String::new(),
        organisation: register.organisation.clone(),
        delegation: String::new(),
        group: String::new(),
        kind,
        roles,
        seat: String::new(),
        badge_number: String::new(),
        short_code: short_code.clone(),
        badge: None,
    };
    let attendee = Attendee {
        id: person.clone(),
        name: register.full_name(),
        sort_name: mark(id),
        organisation: register.organisation.clone(),
        delegation: String::new(),
        kind,
        seat: String::new(),
        badge_number: String::new(),
        short_code,
    };
    let sensitive = Credentials {
        person: person.clone(),
        gender: String::new(),
        birth_date: None,
        ethnicity: secret(id),
        religion: secret(id),
        party_joined_on: None,
        education: String::new(),
        qualification: String::new(),
        political_theory: String::new(),
    };
    vec![
        register.put(scopes::registry()),
        me.put(scopes::user(&person)),
        attendee.put(scopes::checkin()),
        sensitive.put(scopes::credentials()),
    ]
}

/// One thing that somebody tries, allowed or not.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub person: &'static str,
    pub kind: &'static str,
    pub payload: Json,
}

/// Anything that anybody may try: people who may and people who may not, about few comments, so that they meet.
pub fn attempt() -> impl Strategy<Value = Attempt> {
    let author = prop::sample::select(vec!["an", "binh", "chi", "dung", "khach"]);
    let leader = prop::sample::select(vec!["dung", "em", "dung", "em", "an"]);
    let desk = prop::sample::select(vec!["giang", "giang", "nam", "hai", "an"]);
    let written = prop::sample::select((0..8).map(|at| format!("c{at}")).collect::<Vec<_>>());
    let item = prop::sample::select(ITEMS.map(|(id, _)| id.to_owned()).to_vec());
    let whom = prop::sample::select(PEOPLE.map(|(id, ..)| PersonId::new(id)).to_vec());
    let submit = (author.clone(), written.clone(), prop::option::weighted(0.8, 1..10_u32), item.clone(), any::<bool>());
    let submit = submit.prop_map(|(person, id, minutes, item, anchored)| {
        let anchor = if anchored { Anchor::Item { item } } else { Anchor::Congress };
        make(person, &SubmitComment { anchor, ..comment(person, &id, minutes) })
    });
    let known = prop::option::of((1..60_u128).prop_map(CommandId::from_u128));
    let marks = (author.clone(), written.clone(), known).prop_map(|(person, id, follows)| match follows {
        Some(follows) if id.as_str() < "c2" => make(person, &RemoveMark { follows }),
        follows => make(person, &note(person, &id, "ghi chú", follows)),
    });
    let withdraw = (author, written.clone()).prop_map(|(person, comment)| make(person, &WithdrawComment { comment }));
    let after = prop::option::of(written.clone());
    let moves = (leader.clone(), written.clone(), after)
        .prop_map(|(person, comment, after)| make(person, &MoveInQueue { comment, after }));
    let redact = (leader.clone(), written.clone());
    let redact =
        redact.prop_map(|(person, comment)| make(person, &RedactComment { comment, reason: "riêng tư".into() }));
    let papers = prop::sample::select(vec!["released", "hidden", "none"]);
    let recall = (leader.clone(), papers, 0..3_u32).prop_map(|(person, document, version)| {
        make(person, &RecallDocument { document: document.into(), version, reason: "bản nhầm".into() })
    });
    let floor = (leader.clone(), written, 0..5_u8).prop_map(|(person, comment, what)| match what {
        0 => make(person, &QueueComment { comment }),
        1 => make(person, &RemoveFromQueue { comment }),
        2 => make(person, &CallSpeaker { comment }),
        3 => make(person, &StartSpeaking { comment }),
        _ => make(person, &FinishSpeaking { comment }),
    });
    let program = (prop::sample::select(vec!["em", "hai", "dung"]), item, any::<bool>());
    let program = program.prop_map(|(person, item, starts)| match starts {
        true => make(person, &StartItem { item }),
        false => make(person, &FinishItem { item }),
    });
    let session = prop::sample::select(SESSIONS.map(str::to_owned).to_vec());
    let presence = (desk, whom, session, any::<bool>(), 1..60_u128);
    let presence = presence.prop_map(|(by, person, session, records, fact)| match records {
        true => make(by, &RecordPresence { session, person, how: PresenceHow::Scan }),
        false => make(by, &RetractPresence { session, person, facts: vec![CommandId::from_u128(fact)] }),
    });
    prop_oneof![4 => submit, 2 => marks, 1 => withdraw, 1 => redact, 1 => recall, 2 => moves, 6 => floor, 1 => program, 3 => presence]
}

fn make<A: Action>(person: &'static str, action: &A) -> Attempt {
    Attempt { person, kind: A::KIND, payload: action.payload() }
}

/// Plays attempts one after the other.
pub fn play(court: &mut Court, attempts: &[Attempt]) {
    for Attempt { person, kind, payload } in attempts {
        let command = court.command(kind, payload);
        court.push(person, command);
    }
}

pub fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    prop::collection::vec(attempt(), 1..60)
}

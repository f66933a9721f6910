//! What an import changes, and what it leaves as people made it.

use std::path::Path;

use congress::entities::{
    AgendaItem, Attendance, Attendee, Congress, Credentials, Document, Entity, ItemStatus, Me, Person, RecallCause,
    RecalledDocument, Role, Session, read,
};
use congress::scopes;
use pack::Pack;
use sync::ids::{PersonId, Scope, Timestamp};
use sync::row::{Change, RowMap, Rows};

use crate::common::{Server, apply, at, copy_of_good, good, good_replacing, import, text_of_good};

fn now() -> Timestamp {
    at("05/12/2026", "09:00")
}

fn imported(dir: &Path) -> (Pack, RowMap) {
    let (pack, mut rows) = (crate::common::read(dir), RowMap::default());
    import(&pack, &mut rows, now());
    (pack, rows)
}

fn keys(changes: &[Change]) -> Vec<String> {
    let sign = |change: &Change| if change.data.is_some() { '+' } else { '-' };
    changes.iter().map(|c| format!("{}{} {} {}", sign(c), c.key.scope, c.key.kind, c.key.id)).collect()
}

#[test]
fn each_row_goes_to_its_scope() {
    let changes = import(&crate::common::read(&good()), &mut RowMap::default(), now());
    let expected = "\
        +checkin attendee p1,+checkin attendee p2,+checkin attendee p3,+checkin attendee p4,\
        +credentials credentials p1,+credentials credentials p2,+credentials credentials p3,\
        +delegates document nghi-quyet,+delegates document noi-quy,\
        +presidium attendance sang-10,+presidium attendance sang-11,+presidium script khai-mac,\
        +public congress main,+public item be-mac,+public item giai-lao,+public item khai-mac,\
        +public item thao-luan,+public session sang-10,+public session sang-11,\
        +registry person p1,+registry person p2,+registry person p3,+registry person p4,+registry person s1,\
        +user:p1 me main,+user:p2 me main,+user:p3 me main,+user:p4 me main,+user:s1 me main";
    assert_eq!(keys(&changes).join(","), expected);
    for change in &changes {
        let text = change.data.as_ref().map_or("", |data| data.as_str());
        let is_sensitive = ["1975-09-02", "Kinh", "cao-cap"].iter().any(|word| text.contains(word));
        assert!(!is_sensitive || change.key.scope == scopes::credentials(), "{:?}", change.key);
        assert!(!text.contains("chào cờ.") || change.key.scope == scopes::presidium(), "the script: {:?}", change.key);
    }
}

#[test]
fn rows_carry_what_only_the_server_knows() {
    let (_, rows) = imported(&good());
    let person = PersonId::new("p2");
    let me: Me = read(&rows, &scopes::user(&person), "main").unwrap();
    assert_eq!((me.short_code.as_str(), me.badge.unwrap().token.as_str()), ("0000P2", "DB1.x.p2.0000P2"));
    let staff: Me = read(&rows, &scopes::user(&PersonId::new("s1")), "main").unwrap();
    assert_eq!((staff.badge, staff.short_code.as_str()), (None, "0000S1"));
    let attendee: Attendee = read(&rows, &scopes::checkin(), "p1").unwrap();
    assert_eq!((attendee.sort_name.as_str(), attendee.short_code.as_str()), ("Ân Thị Lê", "0000P1"));
    assert_eq!(read::<Congress>(&rows, &scopes::public(), "main").unwrap().badge_key.len(), 64);
    let attendance: Attendance = read(&rows, &scopes::presidium(), "sang-10").unwrap();
    assert_eq!((attendance.present, attendance.convened), (0, 2));
}

#[test]
fn a_document_waits_with_the_secretariat_until_its_time_and_moves_as_a_whole() {
    let pack = crate::common::read(&good());
    let mut rows = RowMap::default();
    import(&pack, &mut rows, at("01/12/2026", "07:59"));
    assert!(read::<Document>(&rows, &scopes::secretariat(), "nghi-quyet").is_some());
    assert!(read::<Document>(&rows, &scopes::delegates(), "nghi-quyet").is_none());
    let changes = import(&pack, &mut rows, at("01/12/2026", "08:00"));
    assert_eq!(keys(&changes), ["+delegates document nghi-quyet", "-secretariat document nghi-quyet"]);
    let later = good_replacing("documents/01-nghi-quyet.md", "01/12/2026", "09/12/2026");
    let changes = import(&crate::common::read(later.path()), &mut rows, now());
    assert_eq!(keys(&changes), ["-delegates document nghi-quyet", "+secretariat document nghi-quyet"]);
}

#[test]
fn a_document_without_a_time_is_released_once() {
    let (pack, mut rows) = imported(&good());
    assert_eq!(import(&pack, &mut rows, now().plus_ms(60_000)), []);
    assert_eq!(read::<Document>(&rows, &scopes::delegates(), "noi-quy").unwrap().released_at, now());
    let newer = good_replacing("documents/02-noi-quy.md", "version = 2", "version = 3");
    import(&crate::common::read(newer.path()), &mut rows, now().plus_ms(90_000));
    let document: Document = read(&rows, &scopes::delegates(), "noi-quy").unwrap();
    assert_eq!((document.version, document.released_at), (3, now().plus_ms(90_000)));
}

/// The rules of the good pack with an hour after which nobody holds them.
fn expiring(hour: &str) -> Pack {
    let line = format!("expires = \"06/12/2026 {hour}\"\nsecrecy = \"none\"");
    crate::common::read(good_replacing("documents/02-noi-quy.md", "secrecy = \"none\"", &line).path())
}

fn rules(rows: &RowMap) -> (Option<Document>, Option<RecallCause>) {
    let left: Option<RecalledDocument> = read(rows, &scopes::delegates(), "noi-quy");
    (read(rows, &scopes::delegates(), "noi-quy"), left.map(|left| left.cause))
}

#[test]
fn a_document_whose_time_is_over_leaves_and_comes_again_with_a_longer_one() {
    let (pack, mut rows) = (expiring("10:00"), RowMap::default());
    import(&pack, &mut rows, now());
    assert_eq!(rules(&rows).0.unwrap().expires_at, Some(at("06/12/2026", "10:00")));
    let over = at("06/12/2026", "10:00");
    let changes = import(&pack, &mut rows, over);
    assert_eq!(keys(&changes), ["-delegates document noi-quy", "+delegates recalled-document noi-quy"]);
    assert_eq!(rules(&rows), (None, Some(RecallCause::Expired)));
    import(&expiring("11:00"), &mut rows, over);
    assert_eq!((rules(&rows).0.is_some(), rules(&rows).1), (true, None));
    let mut fresh = RowMap::default();
    import(&pack, &mut fresh, over);
    assert_eq!(rules(&fresh), (None, None), "nobody ever held it");
}

#[test]
fn a_document_that_was_taken_back_stays_away_until_a_higher_version() {
    let (pack, mut rows) = imported(&good());
    let held = rules(&rows).0.unwrap();
    let cause = RecallCause::Recalled { office: Role::Secretariat, reason: "Bản nhầm".to_owned() };
    let left = RecalledDocument::of(&held, now(), cause.clone());
    let removed = Change::remove(scopes::delegates(), Document::KIND, "noi-quy");
    apply(&mut rows, &[removed, left.put(scopes::delegates())]);
    assert_eq!(import(&pack, &mut rows, now()), []);
    assert_eq!(import(&expiring("11:00"), &mut rows, now()), [], "a longer time is no other paper");
    let without = copy_of_good();
    std::fs::remove_file(without.path().join("documents/02-noi-quy.md")).unwrap();
    let program = text_of_good("program.toml").replace("\"noi-quy\"", "");
    std::fs::write(without.path().join("program.toml"), program).unwrap();
    import(&crate::common::read(without.path()), &mut rows, now());
    assert_eq!(rules(&rows), (None, Some(cause.clone())), "that it was there stays known");

    let later = "version = 3\nreleased_at = \"06/12/2026 08:00\"";
    let mended = good_replacing("documents/02-noi-quy.md", "version = 2", later);
    import(&crate::common::read(mended.path()), &mut rows, now());
    assert_eq!(rules(&rows), (None, Some(cause)), "until the mended one is released");
    let waiting = read::<Document>(&rows, &scopes::secretariat(), "noi-quy").unwrap();
    assert_eq!(waiting.version, 3);
    import(&crate::common::read(mended.path()), &mut rows, at("06/12/2026", "08:00"));
    assert_eq!((rules(&rows).0.unwrap().version, rules(&rows).1), (3, None));
}

/// What the presidium made of an item.
fn run_item(rows: &mut RowMap, id: &str, status: ItemStatus) {
    let item: AgendaItem = read(rows, &scopes::public(), id).unwrap();
    apply(rows, &[AgendaItem { status, started_at: Some(now()), ..item }.put(scopes::public())]);
}

#[test]
fn the_course_of_the_congress_survives_an_import() {
    let (_, mut rows) = imported(&good());
    run_item(&mut rows, "khai-mac", ItemStatus::Done);
    let attendance = Attendance { session: "sang-10".to_owned(), present: 2, convened: 2 };
    apply(&mut rows, &[attendance.put(scopes::presidium())]);
    let changed = good_replacing("program.toml", "Chào cờ, khai mạc", "Khai mạc");
    let changes = import(&crate::common::read(changed.path()), &mut rows, now());
    assert_eq!(keys(&changes), ["+public item khai-mac"]);
    let item: AgendaItem = read(&rows, &scopes::public(), "khai-mac").unwrap();
    assert_eq!((item.title.as_str(), item.status, item.started_at), ("Khai mạc", ItemStatus::Done, Some(now())));
    assert_eq!(read::<Attendance>(&rows, &scopes::presidium(), "sang-10").unwrap().present, 2);
}

#[test]
fn items_that_have_begun_are_dropped_and_planned_ones_removed() {
    let (_, mut rows) = imported(&good());
    run_item(&mut rows, "khai-mac", ItemStatus::Done);
    run_item(&mut rows, "thao-luan", ItemStatus::Now);
    // Of the first session only the break is left; the second takes over.
    let program = text_of_good("program.toml");
    let rest = &program[program.find("[[session]]\nid = \"sang-11\"").unwrap()..];
    let dir = crate::common::good_with(&[("program.toml", rest.as_bytes())]);
    let changes = import(&crate::common::read(dir.path()), &mut rows, now());
    let expected =
        ["-presidium script khai-mac", "-public item giai-lao", "+public item khai-mac", "+public item thao-luan"];
    assert_eq!(keys(&changes), expected);
    let item: AgendaItem = read(&rows, &scopes::public(), "thao-luan").unwrap();
    assert_eq!((item.status, item.started_at), (ItemStatus::Dropped, Some(now())));
    assert!(read::<Session>(&rows, &scopes::public(), "sang-10").is_some(), "the session of dropped items stays");
    let again = import(&crate::common::read(&good()), &mut rows, now());
    let expected = ["+presidium script khai-mac", "+public item giai-lao"];
    assert_eq!(keys(&again), expected, "what was dropped stays dropped");
}

#[test]
fn a_person_who_is_gone_loses_their_rows_and_keeps_their_comments() {
    let (_, mut rows) = imported(&good());
    let person = PersonId::new("p3");
    apply(&mut rows, &[Change::put(scopes::user(&person), "own-comment", "c1", &"lời")]);
    apply(&mut rows, &[Change::put(scopes::registry(), "counter", "main", &1)]);
    let people = text_of_good("people.csv");
    let row = people.lines().find(|line| line.starts_with("p3")).unwrap();
    let dir = good_replacing("people.csv", row, "");
    let changes = import(&crate::common::read(dir.path()), &mut rows, now());
    let expected = ["-checkin attendee p3", "-credentials credentials p3", "-registry person p3", "-user:p3 me main"];
    assert_eq!(keys(&changes), expected);
    assert!(read::<Person>(&rows, &scopes::registry(), "p3").is_none());
    assert!(rows.get(&scopes::user(&person), "own-comment", "c1").is_some());
    assert!(rows.get(&scopes::registry(), "counter", "main").is_some());
    assert!(read::<Credentials>(&rows, &Scope::new("credentials"), "p3").is_none());
}

#[test]
fn a_changed_text_needs_a_higher_version() {
    let (_, rows) = imported(&good());
    let said = |from: &str, to: &str| {
        let dir = good_replacing("documents/02-noi-quy.md", from, to);
        let problems = pack::check_against(&crate::common::read(dir.path()), &rows);
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let file = "documents/02-noi-quy.md: version:";
    assert_eq!(
        said("15 phút", "20 phút"),
        format!("{file} văn bản đã thay đổi mà vẫn ghi phiên bản 2; hãy ghi số cao hơn")
    );
    assert_eq!(
        said("version = 2", "version = 1"),
        format!("{file} phiên bản 1 thấp hơn phiên bản 2 đang dùng; hãy lấy bản mới nhất hoặc ghi số cao hơn")
    );
    assert_eq!(said("version = 2", "version = 3"), "");
    assert_eq!(said("Nội quy", "Bản nội quy"), "", "the title is no text");
}

#[test]
fn a_pack_of_another_congress_is_refused() {
    let (_, rows) = imported(&good());
    let dir = good_replacing("congress.toml", "xa-lang-tre", "xa-khac");
    let problems = pack::check_against(&crate::common::read(dir.path()), &rows);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].to_string().starts_with("congress.toml: id: dữ liệu này thuộc đại hội “xa-lang-tre”"));
    assert_eq!(pack::plan(&crate::common::read(&good()), &rows, &Server, now()), []);
}

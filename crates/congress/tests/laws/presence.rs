//! Presence: facts of several desks are merged without loss, in whatever order they arrive.

use congress::commands::{Action, RecordPresence, RetractPresence};
use congress::entities::{Attendance, Attendee, OwnPresence, PersonKind, Presence, PresenceHow};
use congress::scopes;
use proptest::prelude::*;
use sync::ids::{CommandId, PersonId, Timestamp};
use sync::wire::{Command, Receipt};

use super::court::{Court, SESSIONS, attempts, play};

fn seen(person: &str) -> RecordPresence {
    RecordPresence { session: SESSIONS[0].to_owned(), person: PersonId::new(person), how: PresenceHow::Scan }
}

fn mistaken(person: &str, fact: &Receipt) -> RetractPresence {
    let facts = vec![fact.command_id];
    RetractPresence { session: SESSIONS[0].to_owned(), person: PersonId::new(person), facts }
}

fn count(court: &Court) -> u32 {
    court.read::<Attendance>(&scopes::presidium(), SESSIONS[0]).unwrap().present
}

fn presence(court: &Court, person: &str) -> Presence {
    court.read(&scopes::checkin(), &Presence::row_id(SESSIONS[0], &PersonId::new(person))).unwrap()
}

fn second_desk(court: &mut Court) {
    let mut staff: congress::entities::Person = court.read(&scopes::registry(), "nam").unwrap();
    staff.roles.insert(congress::entities::Role::Checkin);
    court.system(vec![congress::entities::Entity::put(&staff, scopes::registry())]);
}

/// Facts of two desks about four people, each with the time on the desk's clock.
fn facts() -> impl Strategy<Value = Vec<(&'static str, &'static str, i64)>> {
    let desk = prop::sample::select(vec!["giang", "nam"]);
    let person = prop::sample::select(vec!["an", "binh", "chi", "khach"]);
    prop::collection::vec((desk, person, 0..1_000_i64), 0..12)
}

fn record_all(facts: &[(CommandId, (&str, &str, i64))]) -> Court {
    let mut court = Court::new();
    second_desk(&mut court);
    for (command_id, (desk, person, at)) in facts {
        let (kind, payload) = (RecordPresence::KIND.to_owned(), seen(person).payload());
        let created_at = Timestamp(*at);
        court.push(desk, Command { seq: 1, command_id: *command_id, kind, v: 1, created_at, payload });
    }
    court
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn facts_in_any_order_give_the_same_first_time_and_the_same_count(
        (facts, shuffled) in facts().prop_flat_map(|facts| {
            let facts: Vec<_> = facts.into_iter().enumerate().map(|(at, f)| (CommandId::from_u128(1 << 64 | at as u128), f)).collect();
            (Just(facts.clone()), Just(facts).prop_shuffle())
        })
    ) {
        let (court, other) = (record_all(&facts), record_all(&shuffled));
        prop_assert_eq!(count(&court), count(&other));
        for person in ["an", "binh", "chi", "khach"] {
            let times = facts.iter().filter(|(_, (_, about, _))| *about == person).map(|(_, (.., at))| *at);
            let first = times.clone().min().map(Timestamp);
            let place = scopes::user(&PersonId::new(person));
            for court in [&court, &other] {
                let own = court.read::<OwnPresence>(&place, SESSIONS[0]).map(|own| own.first_at);
                prop_assert_eq!(own, first);
                let held = court.all::<Presence>(&scopes::checkin()).into_iter().find(|held| held.person.as_str() == person);
                prop_assert_eq!(held.map_or(0, |held| held.facts.len()), times.clone().count(), "no fact is lost");
            }
        }
    }

    #[test]
    fn the_count_is_the_number_of_official_delegates_seen(attempts in attempts()) {
        let mut court = Court::new();
        play(&mut court, &attempts);
        let official = |person: &PersonId| {
            court.read::<Attendee>(&scopes::checkin(), person.as_str()).unwrap().kind == PersonKind::Official
        };
        for session in SESSIONS {
            let all = court.all::<Presence>(&scopes::checkin()).into_iter().filter(|one| one.session == session);
            let present = all.filter(|one| one.is_present() && official(&one.person)).count();
            let attendance: Attendance = court.read(&scopes::presidium(), session).unwrap();
            prop_assert_eq!(attendance.present as usize, present);
        }
        for held in court.all::<Presence>(&scopes::checkin()) {
            let own = court.read::<OwnPresence>(&scopes::user(&held.person), &held.session);
            prop_assert_eq!(own.map(|own| own.first_at), held.first_at());
        }
    }
}

#[test]
fn three_delegates_at_two_desks_one_of_them_twice_are_three() {
    let mut court = Court::new();
    second_desk(&mut court);
    for (desk, person) in [("giang", "an"), ("nam", "binh"), ("giang", "chi"), ("nam", "an")] {
        assert_eq!(Court::word(&court.act(desk, &seen(person))), "accepted");
    }
    assert_eq!(count(&court), 3);
    assert_eq!(presence(&court, "an").facts.len(), 2);
}

#[test]
fn guests_are_seen_but_not_counted() {
    let mut court = Court::new();
    court.act("giang", &seen("khach"));
    court.act("giang", &seen("lan"));
    assert_eq!(count(&court), 0);
    assert!(presence(&court, "khach").is_present());
}

#[test]
fn a_mistake_is_taken_back_by_naming_it_and_stays_readable() {
    let mut court = Court::new();
    let first = court.act("giang", &seen("an"));
    let second = court.act("giang", &seen("an"));
    court.act("giang", &mistaken("an", &first));
    assert_eq!(count(&court), 1, "the other fact stands");
    court.act("giang", &mistaken("an", &second));
    assert_eq!(count(&court), 0);
    let held = presence(&court, "an");
    assert_eq!(held.facts.len(), 2);
    assert!(held.facts.iter().all(|fact| fact.retracted == Some(PersonId::new("giang"))));
    assert_eq!(court.read::<OwnPresence>(&scopes::user(&PersonId::new("an")), SESSIONS[0]), None);
    court.act("giang", &seen("an"));
    assert_eq!(count(&court), 1, "seen again");
}

#[test]
fn facts_of_one_who_is_no_desk_any_more_are_kept_and_do_not_count() {
    let mut court = Court::new();
    assert_eq!(Court::word(&court.act("nam", &seen("an"))), "accepted");
    assert!(presence(&court, "an").facts[0].flagged);
    assert_eq!((count(&court), presence(&court, "an").is_present()), (0, false));
    court.act("giang", &seen("an"));
    assert_eq!(count(&court), 1);
}

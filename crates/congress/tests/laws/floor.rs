//! The floor: whatever is tried in whatever order, nobody is lost, nobody stands in it twice, and every author knows
//! their place.

use std::collections::BTreeSet;

use congress::commands::{
    CallSpeaker, FinishSpeaking, MoveInQueue, QueueComment, RemoveFromQueue, StartSpeaking, WithdrawComment,
};
use congress::entities::{CommentAtDesk, FloorQueue, FloorState, OwnComment};
use congress::scopes;
use proptest::prelude::*;
use sync::ids::PersonId;

use super::court::{Attempt, Court, attempts, comment, play};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_queue_never_loses_or_doubles_anyone(attempts in attempts()) {
        each_step(&attempts, |court| {
            let queue = queue(court);
            let comments: Vec<CommentAtDesk> = court.all(&scopes::presidium());
            let queued: BTreeSet<&str> = queue.entries.iter().map(|entry| entry.comment.as_str()).collect();
            prop_assert_eq!(queued.len(), queue.entries.len(), "nobody stands in it twice");
            for comment in &comments {
                let waits = queued.contains(comment.id.as_str());
                prop_assert_eq!(waits, comment.floor == FloorState::Queued, "{}", &comment.id);
                let speaking = queue.speaking.as_ref().filter(|speaking| speaking.entry.comment == comment.id);
                let expected = match speaking {
                    Some(speaking) if speaking.started_at.is_some() => Some(FloorState::Speaking),
                    Some(_) => Some(FloorState::Called),
                    None => None,
                };
                let has_floor = matches!(comment.floor, FloorState::Called | FloorState::Speaking);
                prop_assert_eq!(expected, has_floor.then_some(comment.floor), "{}", &comment.id);
                prop_assert!(comment.withdrawn_at.is_none() || comment.floor == FloorState::None);
            }
            let known = |id: &str| comments.iter().any(|comment| comment.id == id);
            prop_assert!(queued.iter().all(|id| known(id)));
            Ok(())
        })?;
    }

    #[test]
    fn every_author_sees_the_state_and_the_place_that_the_presidium_sees(attempts in attempts()) {
        each_step(&attempts, |court| {
            let queue = queue(court);
            for at_desk in court.all::<CommentAtDesk>(&scopes::presidium()) {
                let own: OwnComment = court.read(&scopes::user(&at_desk.author.id), &at_desk.id).unwrap();
                prop_assert_eq!(own.floor.state, at_desk.floor, "{}", &own.id);
                let place = queue.entries.iter().position(|entry| entry.comment == own.id);
                prop_assert_eq!(own.floor.place.map(|place| place as usize), place.map(|at| at + 1), "{}", &own.id);
                let called = queue.speaking.as_ref().filter(|speaking| speaking.entry.comment == own.id);
                prop_assert_eq!(own.floor.called_at, called.map(|speaking| speaking.called_at));
                prop_assert_eq!(own.withdrawn_at, at_desk.withdrawn_at);
                prop_assert_eq!((&own.text, &own.proposal, own.number), (&at_desk.text, &at_desk.proposal, Some(at_desk.number)));
                prop_assert_eq!((own.late, own.received_at), (at_desk.late, Some(at_desk.received_at)));
            }
            Ok(())
        })?;
    }

    #[test]
    fn first_time_speakers_can_be_told_from_others(attempts in attempts()) {
        each_step(&attempts, |court| {
            let comments: Vec<CommentAtDesk> = court.all(&scopes::presidium());
            for comment in &comments {
                let others = comments.iter().filter(|other| other.author.id == comment.author.id && other.id != comment.id);
                let spoken = others.filter(|other| other.floor == FloorState::Spoken).count();
                prop_assert_eq!(comment.spoken_before as usize, spoken);
            }
            Ok(())
        })?;
    }

    #[test]
    fn comments_are_numbered_without_gaps_and_their_words_only_ever_hidden(attempts in attempts()) {
        let mut words: Vec<(u32, String, String)> = Vec::new();
        each_step(&attempts, |court| {
            let mut now: Vec<_> = court.all::<CommentAtDesk>(&scopes::presidium());
            now.sort_by_key(|comment| comment.number);
            let now: Vec<_> = now.into_iter().map(|comment| (comment.number, comment.id, comment.text)).collect();
            prop_assert!(now.iter().map(|(number, ..)| *number).eq(1..=now.len() as u32));
            for (before, after) in words.iter().zip(&now) {
                prop_assert!(before == after || (before.0, &before.1, "") == (after.0, &after.1, &after.2));
            }
            words = now;
            Ok(())
        })?;
    }
}

/// Looks after every command, and at what it changed: a place is written once a command, or the second would be lost.
fn each_step(
    attempts: &[Attempt],
    mut look: impl FnMut(&Court) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut court = Court::new();
    for attempt in attempts {
        play(&mut court, std::slice::from_ref(attempt));
        let changes = &court.entries.last().unwrap().changes;
        let places: BTreeSet<_> = changes.iter().map(|change| &change.key).collect();
        prop_assert_eq!(places.len(), changes.len(), "{:?} writes a place twice", attempt);
        look(&court)?;
    }
    Ok(())
}

fn queue(court: &Court) -> FloorQueue {
    court.read(&scopes::presidium(), "main").unwrap_or_default()
}

fn own(court: &Court, author: &str, id: &str) -> OwnComment {
    court.read(&scopes::user(&PersonId::new(author)), id).unwrap()
}

#[test]
fn one_request_walks_from_the_phone_to_the_floor() {
    let mut court = Court::new();
    court.act("an", &comment("an", "a", Some(7)));
    court.act("binh", &comment("binh", "b", Some(5)));
    let comment = || "a".to_owned();
    assert_eq!(own(&court, "an", "a").floor.state, FloorState::Requested);
    court.act("em", &QueueComment { comment: comment() });
    court.act("em", &QueueComment { comment: "b".to_owned() });
    let floor = own(&court, "an", "a").floor;
    assert_eq!((floor.state, floor.place, floor.minutes), (FloorState::Queued, Some(1), 7));
    assert_eq!(own(&court, "binh", "b").floor.place, Some(2));
    let called_at = court.now;
    court.act("dung", &CallSpeaker { comment: comment() });
    let floor = own(&court, "an", "a").floor;
    assert_eq!((floor.state, floor.place, floor.called_at), (FloorState::Called, None, Some(called_at)));
    assert_eq!(own(&court, "binh", "b").floor.place, Some(1), "the others move up");
    court.act("dung", &StartSpeaking { comment: comment() });
    court.act("dung", &FinishSpeaking { comment: comment() });
    assert_eq!(own(&court, "an", "a").floor.state, FloorState::Spoken);
    assert_eq!(queue(&court).speaking, None);
}

#[test]
fn a_place_is_moved_and_given_up() {
    let mut court = Court::new();
    for id in ["a", "b", "c"] {
        court.act("an", &comment("an", id, Some(5)));
        court.act("em", &QueueComment { comment: id.to_owned() });
    }
    let order = |court: &Court| queue(court).entries.into_iter().map(|entry| entry.comment).collect::<String>();
    let moved = |after: Option<&str>| MoveInQueue { comment: "c".to_owned(), after: after.map(str::to_owned) };
    court.act("em", &moved(None));
    assert_eq!(order(&court), "cab");
    court.act("em", &moved(Some("a")));
    assert_eq!(order(&court), "acb");
    court.act("em", &moved(Some("c")));
    assert_eq!(order(&court), "acb", "behind itself is where it is");
    court.act("em", &RemoveFromQueue { comment: "c".to_owned() });
    assert_eq!(own(&court, "an", "c").floor.state, FloorState::NotReached, "written, never lost");
    court.act("an", &WithdrawComment { comment: "a".to_owned() });
    assert_eq!(order(&court), "b");
    court.act("em", &QueueComment { comment: "c".to_owned() });
    assert_eq!(order(&court), "bc");
}

//! The client machine against the real server machine: whatever is lost on the way, both end with the same rows.

use proptest::collection::vec;
use proptest::prelude::*;
use sync::client::{Event, Failure, StreamEvent};
use sync::ids::CommandId;
use sync::row::Change;
use sync::rules::Rules;

use super::notebook::{Desk, Notebook, PERSON, Phone, all, desk, set_staff, staff};

#[derive(Clone, Debug)]
enum Move {
    Write(&'static str, String),
    Answer,
    Fail {
        served: bool,
        failure: Failure,
    },
    Wait(u64),
    Restart,
    Nudge,
    /// Somebody else's change; the stream tells of it if there is one.
    News(u8),
    CloseStream,
    Staff(bool),
    /// The newest so many log entries are lost.
    RestoreServer(u64),
    CacheFailed,
}

fn a_move() -> impl Strategy<Value = Move> {
    let kind = prop_oneof![6 => Just("note"), 1 => Just("late"), 1 => Just("no"), 1 => Just("new"), 1 => Just("clear")];
    let failure = prop_oneof![4 => Just(Failure::Unreachable), 1 => Just(Failure::Busy { retry_ms: 2_000 }), 1 => Just(Failure::Revoked)];
    prop_oneof![
        4 => (kind, "[a-c]").prop_map(|(kind, text)| Move::Write(kind, text)),
        8 => Just(Move::Answer),
        3 => (any::<bool>(), failure).prop_map(|(served, failure)| Move::Fail { served, failure }),
        3 => (0..40_000_u64).prop_map(Move::Wait),
        1 => Just(Move::Restart),
        1 => Just(Move::Nudge),
        3 => any::<u8>().prop_map(Move::News),
        1 => Just(Move::CloseStream),
        1 => any::<bool>().prop_map(Move::Staff),
        1 => (0..6_u64).prop_map(Move::RestoreServer),
        1 => Just(Move::CacheFailed),
    ]
}

/// Phone and desk, and what the phone has been promised.
struct Story {
    phone: Phone,
    desk: Desk,
    saved: Vec<CommandId>,
}

impl Story {
    fn new() -> Self {
        Self { phone: Phone::new(1), desk: desk(), saved: Vec::new() }
    }

    fn play(&mut self, step: &Move) {
        let Self { phone, desk, saved } = self;
        match step {
            Move::Write(kind, text) => saved.push(phone.write(kind, text)),
            Move::Answer => _ = phone.answer(desk),
            Move::Fail { served, failure } => phone.fail(desk, *served, *failure),
            Move::Wait(ms) => phone.wait(*ms),
            Move::Restart => phone.restart(),
            Move::Nudge => phone.tell(Event::Nudge),
            Move::News(id) => {
                let from = desk.log.gsn();
                desk.system(vec![
                    Change::put(all(), "line", id.to_string(), &from),
                    Change::put(staff(), "plan", "p", &from),
                ]);
                if phone.streaming {
                    phone.hear(desk.live(PERSON, phone.client.ledger().client_id, from));
                }
            }
            Move::CloseStream => phone.stream(StreamEvent::Closed),
            Move::Staff(yes) => set_staff(desk, *yes),
            Move::RestoreServer(lost) => {
                let to = desk.log.gsn().saturating_sub(*lost).max(1);
                desk.restore(to);
            }
            Move::CacheFailed => phone.tell(Event::CacheFailed),
        }
    }

    /// The network is well again and the app is shown.
    fn calm_down(&mut self) {
        self.phone.tell(Event::Nudge);
        for _ in 0..6 {
            self.phone.settle(&mut self.desk);
            self.phone.wait(20_000);
        }
    }
}

/// What is said of the contact is what happened: before the first answer nothing is known.
#[test]
fn contact_is_lost_by_a_failure_and_a_next_try_is_named_only_until_it_begins() {
    let mut story = Story::new();
    let said = |story: &Story| {
        let status = story.phone.client.status();
        (status.reachable, status.lost, status.retry_at.is_some())
    };
    assert_eq!(said(&story), (false, false, false));
    story.phone.tell(Event::Wake);
    assert_eq!(said(&story), (false, false, false), "asked for the first time");
    story.play(&Move::Fail { served: false, failure: Failure::Busy { retry_ms: 2_000 } });
    assert_eq!(said(&story), (false, false, false), "the server answered that it cannot now");
    story.play(&Move::Nudge);
    story.play(&Move::Fail { served: true, failure: Failure::Unreachable });
    assert_eq!(said(&story), (false, true, true));
    story.play(&Move::Nudge);
    assert_eq!(said(&story), (false, true, false), "the next try is on its way");
    story.play(&Move::Answer);
    assert_eq!(said(&story), (true, false, false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn base_and_acknowledged_commands_become_the_servers_rows(moves in vec(a_move(), 0..60)) {
        let mut story = Story::new();
        for step in &moves {
            story.play(step);
            for command in &story.saved {
                prop_assert!(story.phone.client.entries().any(|entry| entry.command_id == *command), "never forgotten");
            }
        }
        story.calm_down();
        let Story { phone, desk, saved } = &story;
        prop_assert!(phone.client.entries().all(|entry| !entry.is_waiting()), "everything is acknowledged");
        for command in saved {
            prop_assert_eq!(desk.holds(*command), 1, "each takes effect once");
        }
        prop_assert!(phone.client.view().above.is_empty(), "nothing is foretold any more");
        let scopes = Notebook.scopes(desk.log.rows(), &sync::ids::PersonId::new(PERSON));
        prop_assert!(phone.client.base().rows.scopes().all(|scope| scopes.contains(scope)), "no other scope");
        for scope in scopes.iter().filter(|scope| desk.log.rows().count(scope) > 0) {
            let server = desk.log.rows().rows_of(scope).filter(|(_, _, row)| row.data.is_some());
            let device = phone.client.base().rows.rows_of(scope).filter(|(_, _, row)| row.data.is_some());
            prop_assert!(server.eq(device), "equal rows in {}", scope);
            prop_assert_eq!(phone.cache.rows.checksum(scope), desk.log.rows().checksum(scope), "and in the cache");
        }
        prop_assert_eq!(phone.ledger.entries.len(), saved.len());
        prop_assert_eq!(phone.client.status().waiting, 0);
    }

    #[test]
    fn nothing_waits_without_a_time_to_try_again(moves in vec(a_move(), 0..60)) {
        let mut story = Story::new();
        for step in &moves {
            story.play(step);
            let client = &story.phone.client;
            let revoked = client.status().standing == sync::client::Standing::Revoked;
            prop_assert!(revoked || client.wake_at().is_some());
        }
    }

    #[test]
    fn what_was_written_is_shown_at_once_and_stays_shown(moves in vec(a_move(), 0..60)) {
        let mut story = Story::new();
        let mut shown: Vec<String> = Vec::new();
        for step in &moves {
            if let Move::Write("clear" | "no" | "new", _) | Move::RestoreServer(_) | Move::Fail { failure: Failure::Revoked, .. } = step {
                continue;
            }
            story.play(step);
            if let Move::Write(_, text) = step {
                shown.push(format!("\"{text}\""));
                shown.sort();
                shown.dedup();
            }
            prop_assert_eq!(&story.phone.shown(), &shown);
        }
    }
}

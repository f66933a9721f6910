//! What a decision costs: a full hall writes thousands of comments, and each is decided as fast as the first.

use std::cell::Cell;

use congress::CongressRules;
use congress::commands::{Action, RecordPresence};
use congress::entities::PresenceHow;
use sync::ids::{PersonId, Scope};
use sync::row::{Row, RowMap, Rows};
use sync::rules::Rules;
use sync::wire::Command;

use super::court::{Court, SESSIONS, actor, comment};

/// Rows that count how many of them are looked at.
struct Counted<'a> {
    rows: &'a RowMap,
    looked_at: Cell<usize>,
}

impl Rows for Counted<'_> {
    fn get(&self, scope: &Scope, kind: &str, id: &str) -> Option<&Row> {
        self.looked_at.update(|count| count + 1);
        self.rows.get(scope, kind, id)
    }

    fn each<'a>(&'a self, scope: &Scope, kind: &str, visit: &mut dyn FnMut(&'a str, &'a Row)) {
        self.rows.each(scope, kind, &mut |id, row| {
            self.looked_at.update(|count| count + 1);
            visit(id, row);
        });
    }
}

fn looked_at(court: &Court, person: &str, command: &Command) -> usize {
    let rows = Counted { rows: court.rows(), looked_at: Cell::new(0) };
    CongressRules.decide(&rows, &actor(person), command, court.now);
    rows.looked_at.get()
}

#[test]
fn what_a_delegate_or_a_desk_hands_in_costs_the_same_however_much_others_wrote() {
    let mut court = Court::new();
    let (session, person) = (SESSIONS[0].to_owned(), PersonId::new("an"));
    let text = court.command("comment.submit", &comment("an", "new", Some(5)).payload());
    let scan = RecordPresence { session, person, how: PresenceHow::Scan }.payload();
    let scan = court.command(RecordPresence::KIND, &scan);
    let effort = |court: &Court| (looked_at(court, "an", &text), looked_at(court, "giang", &scan));
    let before = effort(&court);
    for number in 0..200 {
        court.act("binh", &comment("binh", &format!("b{number}"), None));
    }
    assert_eq!(effort(&court), before);
}

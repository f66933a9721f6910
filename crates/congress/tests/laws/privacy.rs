//! Privacy by construction: what is somebody's stands in no row that goes to anybody else.

use std::collections::BTreeSet;

use congress::CongressRules;
use congress::scopes;
use proptest::prelude::*;
use sync::ids::{PersonId, Scope};
use sync::rules::Rules;

use super::court::{Court, PEOPLE, actor, attempts, code, mark, play, secret};

/// Every word of a scope, tombstones not.
fn words(court: &Court, scope: &Scope) -> String {
    let rows = court.rows().rows_of(scope).filter_map(|(_, _, row)| row.data.as_ref());
    rows.map(|data| data.as_str()).collect::<Vec<_>>().join("\n")
}

/// A person's id as a whole value.
fn quoted(person: &str) -> String {
    format!("\"{person}\"")
}

fn kinds<'c>(court: &'c Court, scope: &Scope) -> BTreeSet<&'c str> {
    court.rows().kinds_of(scope).map(String::as_str).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_internal_word_reaches_another_scope(attempts in attempts()) {
        let mut court = Court::new();
        play(&mut court, &attempts);
        let public = words(&court, &scopes::public()) + &words(&court, &scopes::delegates()) + &words(&court, &scopes::secretariat());
        let (floor, desks) = (words(&court, &scopes::presidium()), words(&court, &scopes::checkin()));
        for (person, ..) in PEOPLE {
            // The programme names nobody here, and no comment, name or code of anybody stands in it.
            prop_assert!(!public.contains(&mark(person)) && !public.contains(&code(person)));
            prop_assert!(!public.contains("lời của") && !public.contains("ghi chú"));
            // The presidium sees comments and authors, but neither codes nor what the credentials board knows.
            prop_assert!(!floor.contains(&secret(person)) && !floor.contains(&code(person)) && !floor.contains("ghi chú"));
            // Desks see names and codes, but no comment.
            prop_assert!(!desks.contains(&secret(person)));
            let own = words(&court, &scopes::user(&PersonId::new(person)));
            for (other, ..) in PEOPLE.iter().filter(|(other, ..)| *other != person) {
                prop_assert!(!own.contains(&mark(other)), "{} of {} reaches {}", own, other, person);
                prop_assert!(!own.contains(&quoted(other)), "{} of {} reaches {}", own, other, person);
                prop_assert!(!own.contains(&code(other)));
            }
            prop_assert!(!own.contains(&secret(person)), "nobody's sensitive data leave the credentials");
        }
        prop_assert!(!desks.contains("lời của") && !desks.contains("đề nghị của"));
    }

    #[test]
    fn each_scope_holds_only_the_kinds_that_it_is_for(attempts in attempts()) {
        let mut court = Court::new();
        play(&mut court, &attempts);
        let allowed = |scope: &Scope| -> &[&str] {
            match scope.as_str() {
                "public" => &["congress", "session", "item"],
                "delegates" => &["document", "recalled-document"],
                "secretariat" => &["document"],
                "presidium" => &["comment", "floor", "script", "attendance"],
                "checkin" => &["attendee", "presence"],
                "credentials" => &["credentials"],
                "registry" => &["person", "counter", "redaction"],
                _ => &["me", "own-comment", "own-presence", "mark"],
            }
        };
        for scope in court.rows().scopes() {
            prop_assert!(kinds(&court, scope).iter().all(|kind| allowed(scope).contains(kind)), "{}", scope);
        }
    }

    /// What is foretold stays in the scopes that the device holds.
    #[test]
    fn nothing_is_foretold_outside_of_the_scopes_held(attempts in attempts(), before in 0..60_usize) {
        let mut court = Court::new();
        play(&mut court, &attempts[..before.min(attempts.len() - 1)]);
        for attempt in &attempts {
            let command = court.command(attempt.kind, &attempt.payload);
            let device = court.device(attempt.person);
            let held = CongressRules.scopes(court.rows(), &PersonId::new(attempt.person));
            let foretold = CongressRules.predict(&device, &actor(attempt.person), &command);
            prop_assert!(foretold.iter().all(|change| held.contains(&change.key.scope)));
        }
    }
}

/// Who receives what, person by person.
#[test]
fn scopes_are_given_by_kind_and_role() {
    let court = Court::new();
    let table = [
        ("an", "delegates public"),
        ("dung", "delegates presidium public"),
        ("em", "delegates presidium public secretariat"),
        ("giang", "checkin public"),
        ("hai", "delegates public"),
        ("khach", "public"),
        ("lan", "delegates public"),
        ("minh", "delegates public"),
        ("nam", "public"),
    ];
    for (person, expected) in table {
        let scopes = CongressRules.scopes(court.rows(), &PersonId::new(person));
        let own = scopes::user(&PersonId::new(person));
        assert!(scopes.contains(&own));
        let others: Vec<&str> = scopes.iter().filter(|scope| **scope != own).map(Scope::as_str).collect();
        assert_eq!(others.join(" "), expected, "{person}");
    }
    let stranger = PersonId::new("ai-đó");
    assert_eq!(CongressRules.scopes(court.rows(), &stranger), BTreeSet::from([scopes::user(&stranger)]));
}

#[test]
fn no_role_receives_the_register_or_the_credentials() {
    let court = Court::new();
    for (person, ..) in PEOPLE {
        let scopes = CongressRules.scopes(court.rows(), &PersonId::new(person));
        assert!(!scopes.contains(&scopes::registry()) && !scopes.contains(&scopes::credentials()), "{person}");
    }
}

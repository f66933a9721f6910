//! The wire: what is written is read again, and what this build does not know passes through it unharmed.

use std::fmt::Debug;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::json::Json;
use sync::wire::{Command, Live, PullRequest, PullResponse, PushRequest, Update, WireRow};

use super::strategies;

fn returns<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
    // Through a reader, as a body or a database hands it over: no borrowing from the text.
    assert_eq!(&serde_json::from_reader::<_, T>(text.as_bytes()).unwrap(), value, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn json_keeps_its_bytes(json in strategies::json()) {
        prop_assert_eq!(&Json::parse(json.as_str()).unwrap(), &json);
        prop_assert_eq!(serde_json::to_string(&json).unwrap(), json.as_str());
        returns(&json);
    }

    #[test]
    fn pushes_survive_a_round_trip(request in strategies::push_request(), response in strategies::push_response()) {
        returns(&request);
        returns(&response);
    }

    #[test]
    fn pulls_survive_a_round_trip(request in strategies::pull_request(), response in strategies::pull_response()) {
        returns(&request);
        returns(&response);
    }

    #[test]
    fn immutable_parts_survive_a_round_trip(snapshot in strategies::snapshot(), chunk in strategies::chunk()) {
        returns(&snapshot);
        returns(&chunk);
    }

    /// Rows are raw JSON inside an enum inside an enum: the place where a buffering deserialiser would lose them.
    #[test]
    fn live_messages_survive_a_round_trip(live in strategies::live()) {
        returns(&live);
    }

    #[test]
    fn log_entries_survive_a_round_trip(entry in strategies::full_entry()) {
        returns(&entry);
    }

    /// A row of a newer build, held and handed on by this one, is the same row.
    #[test]
    fn unknown_fields_of_rows_and_payloads_survive(json in strategies::json(), command in strategies::command()) {
        let row = format!(r#"{{"kind":"k","id":"i","rev":3,"data":{},"colour":[1]}}"#, json.as_str());
        let row: WireRow = serde_json::from_str(&row).unwrap();
        prop_assert_eq!(row.data.as_ref(), Some(&json));
        let again: WireRow = serde_json::from_str(&serde_json::to_string(&row).unwrap()).unwrap();
        prop_assert_eq!(again.data.as_ref(), Some(&json));
        let command = Command { payload: json.clone(), ..command };
        let again: Command = serde_json::from_str(&serde_json::to_string(&command).unwrap()).unwrap();
        prop_assert_eq!(again.payload.as_str(), json.as_str());
    }
}

/// One text of each message as PROTOCOL.md shows it. A change here breaks devices in the field.
#[test]
fn messages_of_the_first_release_are_still_read() {
    let pull = r#"{"protocol":1,"client_id":"00000000-0000-4000-8000-000000000001","cursors":{"public":7}}"#;
    let pull: PullRequest = serde_json::from_str(pull).unwrap();
    assert_eq!((pull.epoch, pull.wait_ms), (None, 0));
    let push = r#"{"protocol":1,"client_id":"00000000-0000-4000-8000-000000000001","commands":[
        {"seq":1,"command_id":"01890000-0000-7000-8000-000000000001","kind":"a.b","v":1,"created_at":5,"payload":{"x":1}}]}"#;
    let push: PushRequest = serde_json::from_str(push).unwrap();
    assert_eq!(push.commands[0].payload.as_str(), r#"{"x":1}"#);
    let change = r#"{"change":{"from":6,"response":{"epoch":"00000000-0000-4000-8000-000000000002","gsn":7,"last_seq":1,
        "server_time":9,"news":true,"scopes":[{"scope":"public","update":{"tail":{"from":6,"to":7,
        "rows":[{"kind":"k","id":"i","rev":7,"data":{"new": [1.0]}},{"kind":"k","id":"j","rev":7}],
        "checksum":"00000000000000ff"}}},{"scope":"s","update":{"snapshot":{"gsn":4,"rows":9}}},
        {"scope":"t","update":{"chunk":{"index":0}}}]}}}"#;
    let Live::Change { from, response: PullResponse { scopes, .. } } = serde_json::from_str(change).unwrap() else {
        panic!("not a change");
    };
    assert_eq!((from, scopes.len()), (6, 3));
    let Update::Tail { rows, checksum, .. } = &scopes[0].update else { panic!("not a tail") };
    assert_eq!(rows[0].data.as_ref().map(Json::as_str), Some(r#"{"new": [1.0]}"#));
    assert_eq!((rows[1].data.is_none(), checksum.0), (true, 255));
    let moved = r#"{"moved":{"epoch":"00000000-0000-4000-8000-000000000002","gsn":7}}"#;
    assert!(matches!(serde_json::from_str(moved).unwrap(), Live::Moved { gsn: 7, .. }));
}

/// `null` that stands there is a value; only a row without data is a tombstone. Else device and server would add up
/// different checksums for ever.
#[test]
fn a_row_that_says_null_is_no_tombstone() {
    let null: WireRow = serde_json::from_str(r#"{"kind":"k","id":"i","rev":1,"data":null}"#).unwrap();
    let none: WireRow = serde_json::from_str(r#"{"kind":"k","id":"i","rev":1}"#).unwrap();
    assert_eq!(null.data, Some(Json::of(&())));
    assert_eq!(none.data, None);
}

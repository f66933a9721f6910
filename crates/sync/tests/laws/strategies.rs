//! Random rows, changes and wire values. Few places, so that they meet; odd texts, so that nothing depends on ASCII.

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use sync::ids::{ClientId, CommandId, Epoch, Gsn, PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::{Change, Checksum, Key, Row};
use sync::rules::Refusal;
use sync::server::LogEntry;
use sync::wire::{
    Chunk, Command, Live, PROTOCOL, PullRequest, PullResponse, PushOutcome, PushRequest, PushResponse, Receipt,
    ScopeUpdate, Snapshot, Status, Update, WireRow,
};

pub fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![Just("public"), Just("staff"), Just("user:ủy-viên")].prop_map(Scope::new)
}

pub fn key() -> impl Strategy<Value = Key> {
    let kind = prop_oneof![Just("note"), Just("item")];
    let id = prop_oneof![Just("a"), Just("b"), Just("c~đ"), Just("d")];
    (scope(), kind, id).prop_map(|(scope, kind, id)| Key { scope, kind: kind.to_owned(), id: id.to_owned() })
}

/// One JSON value with fields that no build knows, in an order and spelling that no serialiser of ours writes.
pub fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("1.50e+3".to_owned()),
        Just("18446744073709551616".to_owned()),
        Just(r#""\u0111\"é""#.to_owned()),
        Just("\"đồng chí\"".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
    ];
    let value = leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(" , "))),
            vec(("[a-z]{1,3}", inner), 0..3).prop_map(|fields| {
                let fields: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
                format!("{{{}}}", fields.join(","))
            }),
        ]
    });
    value.prop_map(|text| Json::parse(&text).unwrap())
}

/// The content of a row, or none: short, so that thousands of rows are made quickly.
pub fn data() -> impl Strategy<Value = Option<Json>> {
    let value = |text: &str| Json::parse(text).ok();
    proptest::sample::select(vec![None, value("null"), value("{}"), value(r#"{"a" : "đ"}"#), value("[1.0]")])
}

pub fn put() -> impl Strategy<Value = (Key, Row)> {
    (key(), 1..20_u64, data()).prop_map(|(key, rev, data)| (key, Row { rev, data }))
}

/// Puts as one log makes them: a place has one content at one revision.
pub fn consistent_puts() -> impl Strategy<Value = Vec<(Key, Row)>> {
    vec(put(), 0..30).prop_map(|mut puts| {
        puts.sort_by(|a, b| (&a.0, a.1.rev).cmp(&(&b.0, b.1.rev)));
        puts.dedup_by(|a, b| a.0 == b.0 && a.1.rev == b.1.rev);
        puts
    })
}

pub fn change() -> impl Strategy<Value = Change> {
    (key(), data()).prop_map(|(key, data)| Change { key, data })
}

/// A log of the system's own commands, each with several changes in different places.
pub fn entries(count: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<LogEntry>> {
    vec(btree_map(key(), data(), 0..6), count).prop_map(|all| {
        let numbered = all.into_iter().zip(1..);
        let entry = |(changes, gsn): (std::collections::BTreeMap<Key, Option<Json>>, Gsn)| {
            let changes = changes.into_iter().map(|(key, data)| Change { key, data });
            log_entry(gsn, changes.collect())
        };
        numbered.map(entry).collect()
    })
}

pub fn log_entry(gsn: Gsn, changes: Vec<Change>) -> LogEntry {
    let command_id = CommandId::from_u128(u128::from(gsn));
    let kind = "system".to_owned();
    let at = Timestamp(gsn.cast_signed());
    LogEntry {
        gsn,
        person: None,
        client: None,
        command: Command { seq: 0, command_id, kind, v: 1, created_at: at, payload: Json::of(&gsn) },
        receipt: Receipt { command_id, gsn, at, status: Status::Accepted, refusal: None },
        repeat: false,
        redacts: false,
        changes,
    }
}

pub fn command() -> impl Strategy<Value = Command> {
    (any::<u64>(), any::<u128>(), "[a-z.]{1,12}", any::<u32>(), any::<i64>(), json()).prop_map(
        |(seq, id, kind, v, at, payload)| Command {
            seq,
            command_id: CommandId::from_u128(id),
            kind,
            v,
            created_at: Timestamp(at),
            payload,
        },
    )
}

pub fn refusal() -> impl Strategy<Value = Refusal> {
    ("[a-z-]{1,9}", ".{0,4}").prop_map(|(code, detail)| Refusal { code, detail })
}

pub fn receipt() -> impl Strategy<Value = Receipt> {
    let status = prop_oneof![Just(Status::Accepted), Just(Status::Late), Just(Status::Rejected), Just(Status::Parked)];
    (any::<u128>(), any::<u64>(), any::<i64>(), status, of(refusal())).prop_map(|(id, gsn, at, status, refusal)| {
        Receipt { command_id: CommandId::from_u128(id), gsn, at: Timestamp(at), status, refusal }
    })
}

pub fn epoch() -> impl Strategy<Value = Epoch> {
    any::<u128>().prop_map(Epoch::from_u128)
}

fn person() -> impl Strategy<Value = PersonId> {
    ".{1,5}".prop_map(PersonId::new)
}

fn client_id() -> impl Strategy<Value = ClientId> {
    any::<u128>().prop_map(ClientId::from_u128)
}

pub fn push_request() -> impl Strategy<Value = PushRequest> {
    (client_id(), of(person()), of(epoch()), vec(command(), 0..3)).prop_map(|(client_id, person, epoch, commands)| {
        PushRequest { protocol: PROTOCOL, client_id, person, epoch, commands }
    })
}

pub fn push_response() -> impl Strategy<Value = PushResponse> {
    let outcome = prop_oneof![Just(PushOutcome::Done), Just(PushOutcome::Gap), Just(PushOutcome::Forked)];
    (epoch(), any::<u64>(), outcome, vec(receipt(), 0..3))
        .prop_map(|(epoch, last_seq, outcome, receipts)| PushResponse { epoch, last_seq, outcome, receipts })
}

pub fn wire_row() -> impl Strategy<Value = WireRow> {
    (key(), any::<u64>(), data()).prop_map(|(key, rev, data)| WireRow { kind: key.kind, id: key.id, rev, data })
}

pub fn pull_request() -> impl Strategy<Value = PullRequest> {
    let cursors = btree_map(scope(), any::<u64>(), 0..3);
    let parked = vec(any::<u128>().prop_map(CommandId::from_u128), 0..2);
    (client_id(), of(person()), of(epoch()), cursors, any::<u64>(), parked).prop_map(
        |(client_id, person, epoch, cursors, wait_ms, parked)| PullRequest {
            protocol: PROTOCOL,
            client_id,
            person,
            epoch,
            cursors,
            wait_ms,
            parked,
        },
    )
}

fn update() -> impl Strategy<Value = Update> {
    prop_oneof![
        (any::<u64>(), any::<u64>(), vec(wire_row(), 0..3), any::<u64>())
            .prop_map(|(from, to, rows, sum)| Update::Tail { from, to, rows, checksum: Checksum(sum) }),
        any::<u64>().prop_map(|index| Update::Chunk { index }),
        (any::<u64>(), any::<u64>()).prop_map(|(gsn, rows)| Update::Snapshot { gsn, rows }),
    ]
}

pub fn pull_response() -> impl Strategy<Value = PullResponse> {
    let scopes = vec((scope(), update()).prop_map(|(scope, update)| ScopeUpdate { scope, update }), 0..3);
    let frame = (proptest::option::of(client_id()), proptest::option::of(any::<u64>()));
    (epoch(), any::<u64>(), any::<u64>(), any::<i64>(), scopes, vec(receipt(), 0..2), frame).prop_map(
        |(epoch, gsn, last_seq, at, scopes, verdicts, (client_id, seal))| PullResponse {
            epoch,
            gsn,
            client_id,
            last_seq,
            server_time: Timestamp(at),
            scopes,
            verdicts,
            seal: seal.map(Checksum),
        },
    )
}

pub fn snapshot() -> impl Strategy<Value = Snapshot> {
    (epoch(), scope(), any::<u64>(), any::<u64>(), vec(wire_row(), 0..3))
        .prop_map(|(epoch, scope, gsn, sum, rows)| Snapshot { epoch, scope, gsn, checksum: Checksum(sum), rows })
}

pub fn chunk() -> impl Strategy<Value = Chunk> {
    (epoch(), scope(), any::<u64>(), any::<u64>(), vec(wire_row(), 0..3))
        .prop_map(|(epoch, scope, from, to, rows)| Chunk { epoch, scope, from, to, rows })
}

pub fn live() -> impl Strategy<Value = Live> {
    prop_oneof![
        (epoch(), any::<u64>()).prop_map(|(epoch, gsn)| Live::Moved { epoch, gsn }),
        Just(Live::Beat),
        (any::<u64>(), pull_response()).prop_map(|(from, response)| Live::Change { from, response }),
    ]
}

pub fn full_entry() -> impl Strategy<Value = LogEntry> {
    (any::<u64>(), of(person()), of(client_id()), command(), receipt(), any::<bool>(), vec(change(), 0..3)).prop_map(
        |(gsn, person, client, command, receipt, repeat, changes)| LogEntry {
            gsn,
            person,
            client,
            command,
            receipt,
            repeat,
            redacts: false,
            changes,
        },
    )
}

//! The story that every store tells in the same way. A store's own tests run it with a function that opens one more
//! handle on the same data, as another process would.

use std::sync::Arc;

use sync::ids::{ClientId, CommandId, Epoch, Gsn, PersonId, Scope, Seq, Timestamp};
use sync::json::Json;
use sync::row::Change;
use sync::server::LogEntry;
use sync::wire::{Command, Receipt, Status};

use super::{
    CongressRecord, Device, Enrolled, NewDevice, NewEnrolment, Report, Reported, Result, Revoked, Seen, StorageKeeping,
    Store, StoreError, StoredBlob,
};

pub const CONGRESS: &str = "dai-hoi";
const AT: Timestamp = Timestamp(1_000);

/// Runs all of it on an empty store.
pub async fn tell(open: impl AsyncFn() -> Result<Arc<dyn Store>>) -> Result<()> {
    congresses_are_made_once(&*open().await?).await?;
    entries_come_back_as_they_were(&open).await?;
    an_entry_is_rewritten_in_its_place(&open).await?;
    what_is_not_committed_never_was(&*open().await?).await?;
    a_command_is_stored_once(&*open().await?).await?;
    writers_wait_for_each_other(&open).await?;
    blobs_are_kept_once(&*open().await?).await?;
    a_code_lets_in_its_number_of_devices(&*open().await?).await?;
    the_last_report_of_a_device_is_kept(&*open().await?).await?;
    revoking_is_final_and_is_noticed(&*open().await?).await?;
    congresses_do_not_mix(&*open().await?).await
}

async fn congresses_are_made_once(store: &dyn Store) -> Result<()> {
    let first = store.create_congress(&record(CONGRESS, 1)).await?;
    let second = store.create_congress(&record(CONGRESS, 2)).await?;
    assert_eq!((first.epoch, first.badge_secret), (second.epoch, second.badge_secret));
    assert_eq!(first.epoch, record(CONGRESS, 1).epoch);
    store.renew_epoch(CONGRESS, Epoch::from_u128(9)).await?;
    assert_eq!(store.pulse(CONGRESS).await?.epoch, Epoch::from_u128(9));
    assert!(matches!(store.renew_epoch("nowhere", first.epoch).await, Err(StoreError::NoCongress(_))));
    assert_eq!(store.pulse(CONGRESS).await?.head, 0);
    assert!(matches!(store.pulse("nowhere").await, Err(StoreError::NoCongress(_))));
    assert!(matches!(store.lock("nowhere").await, Err(StoreError::NoCongress(_))));
    Ok(())
}

async fn entries_come_back_as_they_were(open: &impl AsyncFn() -> Result<Arc<dyn Store>>) -> Result<()> {
    let (store, other) = (open().await?, open().await?);
    let mut written = vec![entry(1, Some(("p1", 7, 1))), entry(2, None), entry(3, Some(("p1", 7, 2)))];
    // What a strange device sends must not stop the log, not even a zero byte.
    written[2].command.kind = "a\0b".to_owned();
    let mut locked = store.lock(CONGRESS).await?;
    assert_eq!(locked.head(), 0);
    locked.append(&written).await?;
    assert_eq!(locked.head(), 3);
    assert_eq!(other.pulse(CONGRESS).await?.head, 0, "nobody sees what is not committed");
    locked.commit().await?;
    assert_eq!(other.pulse(CONGRESS).await?.head, 3);
    assert_eq!(other.entries_after(CONGRESS, 0, 100).await?, written);
    assert_eq!(other.entries_after(CONGRESS, 1, 1).await?, written[1..2]);
    assert_eq!(other.entries_after(CONGRESS, 3, 100).await?, []);
    assert_eq!(other.lock(CONGRESS).await?.entries_after(1, 100).await?, written[1..]);
    Ok(())
}

/// Only a redaction does this. Everything but the entry itself stays as it was.
async fn an_entry_is_rewritten_in_its_place(open: &impl AsyncFn() -> Result<Arc<dyn Store>>) -> Result<()> {
    let (store, other) = (open().await?, open().await?);
    let before = store.entries_after(CONGRESS, 0, 100).await?;
    let mut left = before[0].clone();
    left.command.payload = Json::of("không còn");
    let mut locked = store.lock(CONGRESS).await?;
    locked.rewrite(std::slice::from_ref(&left)).await?;
    drop(locked);
    assert_eq!(store.entries_after(CONGRESS, 0, 100).await?, before, "not committed");
    let mut locked = store.lock(CONGRESS).await?;
    locked.rewrite(std::slice::from_ref(&left)).await?;
    assert_eq!(locked.entries_after(0, 1).await?, [left.clone()]);
    locked.commit().await?;
    assert_eq!(other.entries_after(CONGRESS, 0, 100).await?, [&[left], &before[1..]].concat());
    Ok(())
}

async fn what_is_not_committed_never_was(store: &dyn Store) -> Result<()> {
    let mut locked = store.lock(CONGRESS).await?;
    locked.append(&[entry(4, None)]).await?;
    locked.put_blobs(&[blob("lost")]).await?;
    drop(locked);
    assert_eq!(store.pulse(CONGRESS).await?.head, 3);
    assert_eq!(store.lock(CONGRESS).await?.head(), 3);
    assert_eq!(store.entries_after(CONGRESS, 3, 100).await?, []);
    assert_eq!(store.blob(CONGRESS, "lost").await?, None);
    Ok(())
}

async fn a_command_is_stored_once(store: &dyn Store) -> Result<()> {
    let mut known = entry(4, Some(("p1", 8, 1)));
    known.command.command_id = entry(1, None).command.command_id;
    assert!(append(store, &known).await.is_err(), "a known command is never decided again");
    known.repeat = true;
    append(store, &known).await?;
    assert!(append(store, &entry(5, Some(("p1", 8, 1)))).await.is_err(), "a number of a client is taken once");
    assert!(append(store, &entry(4, None)).await.is_err(), "a place in the log is taken once");
    assert_eq!(store.pulse(CONGRESS).await?.head, 4);
    Ok(())
}

/// Every writer takes the number after the head that it saw under the lock, and none is taken twice. Whoever follows
/// the log meanwhile never sees a number before all smaller ones: commits come in the order of their numbers.
async fn writers_wait_for_each_other(open: &impl AsyncFn() -> Result<Arc<dyn Store>>) -> Result<()> {
    const PROCESSES: usize = 4;
    const WRITERS: usize = 32;
    const EACH: usize = 4;
    let tail = open().await?;
    let before = tail.pulse(CONGRESS).await?.head;
    let head = before + (WRITERS * EACH) as Gsn;
    let reader = tokio::spawn(async move {
        assert_eq!(follow(&*tail, before, head).await?, None, "a number was skipped");
        Ok::<(), StoreError>(())
    });
    let mut processes = Vec::new();
    for _ in 0..PROCESSES {
        processes.push(open().await?);
    }
    let mut tasks = vec![reader];
    for writer in 0..WRITERS {
        let store = Arc::clone(&processes[writer % PROCESSES]);
        tasks.push(tokio::spawn(async move {
            for _ in 0..EACH {
                let mut locked = store.lock(CONGRESS).await?;
                let next = locked.head() + 1;
                locked.append(&[entry(next, None)]).await?;
                locked.commit().await?;
            }
            Ok(())
        }));
    }
    for task in tasks {
        let done = task.await;
        assert!(matches!(done, Ok(Ok(()))), "{done:?}");
    }
    assert_eq!(open().await?.pulse(CONGRESS).await?.head, head);
    Ok(())
}

/// Follows the log from one gsn to another, as a replica does. Returns the first number that was skipped.
pub async fn follow(store: &dyn Store, from: Gsn, to: Gsn) -> Result<Option<Gsn>> {
    let mut seen = from;
    while seen < to {
        let head = store.pulse(CONGRESS).await?.head;
        for entry in store.entries_after(CONGRESS, seen, 1_000).await? {
            if entry.gsn != seen + 1 {
                return Ok(Some(seen + 1));
            }
            seen = entry.gsn;
        }
        assert!(seen >= head, "the head was told before its entries");
    }
    Ok(None)
}

async fn blobs_are_kept_once(store: &dyn Store) -> Result<()> {
    for _ in 0..2 {
        let mut locked = store.lock(CONGRESS).await?;
        locked.put_blobs(&[blob("a"), blob("b")]).await?;
        locked.commit().await?;
    }
    assert_eq!(store.blob(CONGRESS, "a").await?, Some(blob("a")));
    assert_eq!(store.blob(CONGRESS, "c").await?, None);
    Ok(())
}

async fn a_code_lets_in_its_number_of_devices(store: &dyn Store) -> Result<()> {
    let (person, done) = (PersonId::new("p1"), done("p1"));
    store.add_enrolment(&enrolment(CONGRESS, "code", "p1", 2)).await?;
    assert_eq!(store.codes_of_people(CONGRESS).await?.get(&person), Some(&1));
    assert_eq!(store.enrol_device("other", &device("d1", "t0")).await?, Enrolled::Unknown);
    assert_eq!(store.enrol_device("code", &device("d1", "t1")).await?, done);
    assert_eq!(store.enrol_device("code", &device("d1", "t2")).await?, done);
    assert!(store.device_by_token(CONGRESS, "t1").await?.is_none(), "a new token replaces the old one");
    let found = store.device_by_token(CONGRESS, "t2").await?;
    assert!(found.is_some_and(|device| device.device_id == "d1" && device.person == person));
    assert_eq!(store.enrol_device("code", &device("d2", "t3")).await?, done);
    assert_eq!(store.enrol_device("code", &device("d3", "t4")).await?, Enrolled::UsedUp);
    assert_eq!(store.enrol_device("code", &device("d2", "t5")).await?, done, "a lost answer burns no place");
    let seen_by =
        async |device_id| Ok::<_, StoreError>(store.enrolment("code", device_id).await?.map(|e| e.has_place()));
    assert_eq!((seen_by("d2").await?, seen_by("d3").await?), (Some(true), Some(false)));
    let sent_away =
        async |device_id| Ok::<_, StoreError>(store.enrolment("code", device_id).await?.map(|e| e.sent_away));
    let seen = Seen { congress: CONGRESS.into(), person: person.clone(), device_id: "d2".into(), at: Timestamp(5_000) };
    store.touch_devices(&[seen]).await?;
    let devices = store.devices(CONGRESS, Some(&person)).await?;
    let times: Vec<_> = devices.iter().map(|device| (device.device_id.as_str(), device.last_seen_at.0)).collect();
    assert_eq!(times, [("d1", 1_000), ("d2", 5_000)]);
    assert_eq!(sent_away("d1").await?, Some(false));
    assert!(store.revoke_device(CONGRESS, &person, "d1", AT).await?);
    assert_eq!((sent_away("d1").await?, sent_away("d2").await?), (Some(true), Some(false)));
    assert_eq!(store.enrol_device("code", &device("d3", "t6")).await?, done, "a device that left gives its place back");
    Ok(())
}

async fn the_last_report_of_a_device_is_kept(store: &dyn Store) -> Result<()> {
    let report = |at, waiting, oldest_at: Option<i64>| Report {
        at: Timestamp(at),
        waiting,
        oldest_at: oldest_at.map(Timestamp),
        build: format!("app-{at}"),
        storage: if waiting == 0 { StorageKeeping::Kept } else { StorageKeeping::NearlyFull },
        held: (waiting == 0).then(|| "0123456789ab".repeat(2)),
    };
    let of = |device_id: &str, report: &Report| Reported {
        congress: CONGRESS.into(),
        person: PersonId::new("p1"),
        device_id: device_id.into(),
        report: report.clone(),
    };
    let held = async || {
        let all = store.devices_with_reports(CONGRESS).await?;
        let of_device = |(device, report): (Device, _)| (device.device_id, report);
        Ok::<_, StoreError>(all.into_iter().map(of_device).collect::<Vec<_>>())
    };
    assert_eq!(held().await?, [("d2".into(), None), ("d3".into(), None)], "d1 was revoked, the others said nothing");
    let (first, later) = (report(2_000, 3, Some(1_500)), report(3_000, 0, None));
    // One device that is not there keeps no other from being heard.
    store.keep_reports(&[of("d2", &first), of("nobody's", &first), of("d3", &later)]).await?;
    assert_eq!(held().await?, [("d2".into(), Some(first.clone())), ("d3".into(), Some(later.clone()))]);
    store.keep_reports(&[of("d2", &later), of("d3", &first)]).await?;
    assert_eq!(held().await?, [("d2".into(), Some(later.clone())), ("d3".into(), Some(later))]);
    assert_eq!(store.devices_with_reports("nowhere").await?, []);
    Ok(())
}

async fn revoking_is_final_and_is_noticed(store: &dyn Store) -> Result<()> {
    let person = PersonId::new("p1");
    let before = store.pulse(CONGRESS).await?.access_rev;
    assert!(!store.revoke_device(CONGRESS, &person, "d1", AT).await?, "revoked already");
    assert!(!store.revoke_device(CONGRESS, &PersonId::new("p2"), "d2", AT).await?, "another person's");
    assert_eq!(store.revoke_person(CONGRESS, &person, AT).await?, Revoked { codes: 1, devices: 2 });
    assert!(store.pulse(CONGRESS).await?.access_rev > before);
    assert!(store.device_by_token(CONGRESS, "t5").await?.is_none());
    assert_eq!(store.devices(CONGRESS, None).await?, []);
    assert_eq!(store.enrol_device("code", &device("d2", "t7")).await?, Enrolled::Revoked);
    assert!(store.enrolment("code", "d2").await?.is_some_and(|enrolment| enrolment.revoked));
    assert!(store.codes_of_people(CONGRESS).await?.is_empty());
    Ok(())
}

async fn congresses_do_not_mix(store: &dyn Store) -> Result<()> {
    store.create_congress(&record("other", 3)).await?;
    assert_eq!(store.pulse("other").await?.head, 0);
    assert_eq!(store.entries_after("other", 0, 100).await?, []);
    assert_eq!(store.blob("other", "a").await?, None);
    let mut locked = store.lock("other").await?;
    // The same command and the same client number may stand in two congresses.
    locked.append(&[entry(1, Some(("p1", 7, 1)))]).await?;
    locked.commit().await?;
    store.add_enrolment(&enrolment("other", "code-2", "p1", 1)).await?;
    store.enrol_device("code-2", &device("d1", "t8")).await?;
    assert!(store.device_by_token(CONGRESS, "t8").await?.is_none());
    assert!(store.device_by_token("other", "t8").await?.is_some());
    let ids: Vec<String> = store.congresses().await?.into_iter().map(|record| record.id).collect();
    assert_eq!(ids, [CONGRESS, "other"]);
    Ok(())
}

async fn append(store: &dyn Store, entry: &LogEntry) -> Result<()> {
    let mut locked = store.lock(CONGRESS).await?;
    locked.append(std::slice::from_ref(entry)).await?;
    locked.commit().await
}

pub fn record(id: &str, bits: u128) -> CongressRecord {
    let secret = [u8::try_from(bits).unwrap_or(0); 32];
    CongressRecord { id: id.into(), epoch: Epoch::from_u128(bits), head: 0, badge_secret: secret, created_at: AT }
}

pub fn entry(gsn: Gsn, by: Option<(&str, u128, Seq)>) -> LogEntry {
    let command_id = CommandId::from_u128(u128::from(gsn));
    let payload = Json::of(&serde_json::json!({ "text": "Ý kiến", "later": [1, 2] }));
    LogEntry {
        gsn,
        person: by.map(|(person, ..)| PersonId::new(person)),
        client: by.map(|(_, client, _)| ClientId::from_u128(client)),
        command: Command {
            seq: by.map_or(0, |(.., seq)| seq),
            command_id,
            kind: "a.b".into(),
            v: 1,
            created_at: AT,
            payload: payload.clone(),
        },
        receipt: Receipt { command_id, gsn, at: AT, status: Status::Accepted, refusal: None },
        repeat: false,
        redacts: false,
        changes: vec![Change::put(Scope::new("public"), "a", "1", &payload)],
    }
}

fn blob(sha256: &str) -> StoredBlob {
    StoredBlob { sha256: sha256.into(), media_type: "application/pdf".into(), bytes: vec![0, 255, 1] }
}

fn enrolment(congress: &str, code_hash: &str, person: &str, devices_max: u32) -> NewEnrolment {
    NewEnrolment {
        congress: congress.into(),
        code_hash: code_hash.into(),
        person: PersonId::new(person),
        devices_max,
        created_at: AT,
    }
}

fn device(device_id: &str, token_hash: &str) -> NewDevice {
    NewDevice { device_id: device_id.into(), token_hash: token_hash.into(), label: "Máy".into(), at: AT }
}

fn done(person: &str) -> Enrolled {
    Enrolled::Done { congress: CONGRESS.into(), person: PersonId::new(person) }
}

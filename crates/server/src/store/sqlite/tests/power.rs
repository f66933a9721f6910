//! Power cuts, as far as a program can make them: a process writes to the store under `strace`, which sees every write
//! and every sync in order, and from that the disk is rebuilt as it was at any moment, without what was not synced yet,
//! or with some of it. Names of files are taken as safe; only their bytes are cut. `synchronous = FULL` must lose no
//! acknowledged entry, and `NORMAL` must lose some, or this test sees nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::Row;
use sqlx::sqlite::SqliteSynchronous;
use sync::ids::Gsn;
use sync::json::Json;

use crate::store::conformance::{CONGRESS, entry, record};
use crate::store::sqlite::SqliteStore;
use crate::store::{LogStore, Store};

const FILE: &str = "congress.sqlite";
const FOLDER: &str = "POWER_FOLDER";
const SYNCHRONOUS: &str = "POWER_SYNCHRONOUS";
/// Enough of them, and large enough, for the write-ahead log to be folded into the file on the way.
const ENTRIES: Gsn = 40;
const ENTRY_BYTES: usize = 120_000;
const ACKNOWLEDGED: &str = "acknowledged ";

/// The process that writes; a test like any other when nobody asks it to.
#[tokio::test]
async fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let synchronous: SqliteSynchronous = std::env::var(SYNCHRONOUS).unwrap().parse().unwrap();
    let store = SqliteStore::open_with(Path::new(&folder).join(FILE), synchronous).await.unwrap();
    for gsn in 1..=ENTRIES {
        let mut written = entry(gsn, None);
        written.command.payload = Json::of(&"ý".repeat(ENTRY_BYTES / 2));
        let mut locked = store.lock(CONGRESS).await.unwrap();
        locked.append(&[written]).await.unwrap();
        locked.commit().await.unwrap();
        println!("{ACKNOWLEDGED}{gsn}");
    }
    // Dies as it is: a gentle end would sync.
    std::process::exit(0);
}

#[tokio::test]
async fn a_power_cut_loses_nothing_with_full_and_something_with_normal() {
    let full = lost_by_cuts("FULL").await;
    assert_eq!(full.lost, 0, "of {} cuts", full.cuts);
    assert!(full.cuts > 100 && full.folded, "the write-ahead log was folded on the way");
    let normal = lost_by_cuts("NORMAL").await;
    assert!(normal.lost > 0, "this test sees nothing");
    println!("FULL: 0 of {} cuts lost anything; NORMAL: {} of {}", full.cuts, normal.lost, normal.cuts);
}

struct Cuts {
    cuts: usize,
    /// Cuts after which an acknowledged entry was missing.
    lost: usize,
    /// Whether the file itself was written, and not only the write-ahead log.
    folded: bool,
}

impl Cuts {
    async fn make(&mut self, disk: &Disk, keep: fn(usize) -> bool, acknowledged: Gsn) {
        self.cuts += 1;
        self.lost += usize::from(head_after_cut(disk, keep).await < acknowledged);
    }
}

async fn lost_by_cuts(synchronous: &str) -> Cuts {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    let store = SqliteStore::open(&file).await.unwrap();
    store.create_congress(&record(CONGRESS, 1)).await.unwrap();
    store.close().await;
    let mut disk = Disk::default();
    disk.files.insert(file.clone(), Bytes { safe: fs::read(&file).unwrap(), waiting: Vec::new() });

    let calls = trace(folder.path(), synchronous);
    let (mut acknowledged, mut cuts) = (0, Cuts { cuts: 0, lost: 0, folded: false });
    for call in calls {
        match call {
            // What was promised is looked for at once, and once more when the most is on its way to the disk.
            Call::Acknowledge(gsn) => {
                acknowledged = gsn;
                cuts.make(&disk, |_| false, acknowledged).await;
            }
            Call::Sync(path) => {
                cuts.make(&disk, |_| false, acknowledged).await;
                cuts.make(&disk, |at| at % 2 == 0, acknowledged).await;
                disk.files.entry(path).or_default().sync();
            }
            Call::Write { path, at, bytes } => {
                cuts.folded |= path == file;
                disk.files.entry(path).or_default().waiting.push(Waiting::Write { at, bytes });
            }
            Call::Truncate { path, length } => {
                disk.files.entry(path).or_default().waiting.push(Waiting::Truncate(length));
            }
        }
    }
    assert_eq!(acknowledged, ENTRIES);
    cuts
}

/// What the store says after the power is back. The file must be whole, whatever was lost.
async fn head_after_cut(disk: &Disk, keep: fn(usize) -> bool) -> Gsn {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in &disk.files {
        fs::write(folder.path().join(path.file_name().unwrap()), bytes.after_cut(keep)).unwrap();
    }
    // No cut follows this one: what the reader itself writes need not be synced.
    let store = SqliteStore::open_with(folder.path().join(FILE), SqliteSynchronous::Off).await.unwrap();
    let check = sqlx::query("PRAGMA quick_check").fetch_one(&store.readers).await.unwrap();
    assert_eq!(check.get::<String, _>(0), "ok");
    let head = store.pulse(CONGRESS).await.unwrap().head;
    let row = sqlx::query("SELECT COUNT(*) AS entries FROM log").fetch_one(&store.readers).await.unwrap();
    assert_eq!(Gsn::try_from(row.get::<i64, _>(0)).unwrap(), head);
    store.close().await;
    head
}

#[derive(Default)]
struct Disk {
    files: BTreeMap<PathBuf, Bytes>,
}

#[derive(Default)]
struct Bytes {
    safe: Vec<u8>,
    /// Written and not synced: any of it may reach the disk before the power goes, or none.
    waiting: Vec<Waiting>,
}

#[derive(Clone)]
enum Waiting {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
}

impl Bytes {
    fn sync(&mut self) {
        self.safe = self.after_cut(|_| true);
        self.waiting.clear();
    }

    fn after_cut(&self, keep: fn(usize) -> bool) -> Vec<u8> {
        let mut file = self.safe.clone();
        for (_, waiting) in self.waiting.iter().enumerate().filter(|(at, _)| keep(*at)) {
            match waiting {
                Waiting::Truncate(length) => file.resize(*length, 0),
                Waiting::Write { at, bytes } => {
                    file.resize(file.len().max(at + bytes.len()), 0);
                    file[*at..at + bytes.len()].copy_from_slice(bytes);
                }
            }
        }
        file
    }
}

enum Call {
    Acknowledge(Gsn),
    Write { path: PathBuf, at: usize, bytes: Vec<u8> },
    Truncate { path: PathBuf, length: usize },
    Sync(PathBuf),
}

/// Runs the writer and returns what it did to files in its folder, in order.
fn trace(folder: &Path, synchronous: &str) -> Vec<Call> {
    let log = folder.join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-xx", "-s", "70000", "-e"]);
    strace.arg("trace=openat,close,pwrite64,ftruncate,fsync,fdatasync,write").arg("-o").arg(&log);
    strace.arg(std::env::current_exe().unwrap()).args([
        "--exact",
        "store::sqlite::tests::power::writer",
        "--nocapture",
    ]);
    let done = strace.env(FOLDER, folder).env(SYNCHRONOUS, synchronous).output();
    let done =
        done.unwrap_or_else(|error| panic!("the tests watch writes with strace: apt-get install strace: {error}"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut reader = TraceReader { folder, open: BTreeMap::new(), begun: BTreeMap::new() };
    fs::read_to_string(log).unwrap().lines().filter_map(|line| reader.read(line)).collect()
}

struct TraceReader<'f> {
    folder: &'f Path,
    /// Files of the folder, by descriptor.
    open: BTreeMap<usize, PathBuf>,
    /// Calls that another thread's call interrupted, by thread.
    begun: BTreeMap<String, String>,
}

impl TraceReader<'_> {
    /// `1234  pwrite64(5, "\x00…", 4096, 0) = 4096`, or the two halves of it around others.
    fn read(&mut self, line: &str) -> Option<Call> {
        let (thread, line) = line.split_once(' ')?;
        let line = line.trim_start();
        if let Some(begin) = line.strip_suffix(" <unfinished ...>") {
            self.begun.insert(thread.to_owned(), begin.to_owned());
            // Told when it begins: whatever is synced later was not safe yet.
            return acknowledged(begin);
        }
        if let Some(rest) = line.strip_prefix("<... ") {
            let (_, rest) = rest.split_once(" resumed>")?;
            let whole = self.begun.remove(thread)? + rest;
            return if acknowledged(&whole).is_some() { None } else { self.call(&whole) };
        }
        self.call(line)
    }

    fn call(&mut self, line: &str) -> Option<Call> {
        let (name, rest) = line.split_once('(')?;
        let (arguments, result) = rest.rsplit_once(") = ").or_else(|| rest.rsplit_once(')'))?;
        let words: Vec<&str> = arguments.split(", ").collect();
        let result = result.trim_start_matches([' ', '=']);
        let of_ours = || self.open.get(&words[0].trim().parse().ok()?).cloned();
        match name {
            "openat" => {
                let path = PathBuf::from(String::from_utf8(bytes(words[1])).ok()?);
                let descriptor = result.split_whitespace().next()?.parse().ok()?;
                let is_ours =
                    path.parent() == Some(self.folder) && path.extension().is_some_and(|kind| kind != "sqlite-shm");
                if is_ours {
                    self.open.insert(descriptor, path);
                } else {
                    self.open.remove(&descriptor);
                }
                None
            }
            "close" => {
                self.open.remove(&words[0].parse().ok()?);
                None
            }
            "pwrite64" => {
                let (path, at) = (of_ours()?, words[3].trim().parse().unwrap());
                Some(Call::Write { path, at, bytes: bytes(words[1]) })
            }
            "ftruncate" => Some(Call::Truncate { path: of_ours()?, length: words[1].trim().parse().unwrap() }),
            "fsync" | "fdatasync" => Some(Call::Sync(of_ours()?)),
            _ => acknowledged(line),
        }
    }
}

fn acknowledged(line: &str) -> Option<Call> {
    let text = String::from_utf8(bytes(line.strip_prefix("write(1, ")?.split(", ").next()?)).ok()?;
    text.lines().find_map(|line| line.split_once(ACKNOWLEDGED)?.1.parse().ok()).map(Call::Acknowledge)
}

/// `"\x00\xff"` as bytes.
fn bytes(quoted: &str) -> Vec<u8> {
    let digits = quoted.trim().trim_end_matches('.').trim_matches('"').split("\\x").skip(1);
    digits.map(|digits| u8::from_str_radix(digits, 16).unwrap()).collect()
}

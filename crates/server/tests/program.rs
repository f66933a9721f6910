//! The program itself: its commands, its listener over real TCP, its gentle end, and its death under load.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_congress-server");
const API: &str = "/api/v1/congresses/xa-ben-da";

fn run(words: &[&str], data: &Path) -> Output {
    Command::new(PROGRAM).args(words).arg("--data").arg(data).output().unwrap()
}

fn pack() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pack").display().to_string()
}

/// A folder with the small congress.
fn imported() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let done = run(&["import", &pack()], dir.path());
    assert!(done.status.success(), "{done:?}");
    dir
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn links(data: &Path, words: &[&str]) -> Vec<Value> {
    let done = run(&[&["enrol", "--json"], words].concat(), data);
    assert!(done.status.success(), "{done:?}");
    serde_json::from_slice(&done.stdout).unwrap()
}

struct Running {
    child: Child,
    port: u16,
}

impl Running {
    fn start(data: &Path) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", "0", "--data"]).arg(data).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "the server ended before it listened");
            if line.contains("listening") {
                let digits: String = line.trim_end().chars().rev().take_while(char::is_ascii_digit).collect();
                break digits.chars().rev().collect::<String>().parse().unwrap();
            }
        };
        // The pipe must not fill up.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, port }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// (head, body) of an answer; an error when the server is gone.
    fn ask(&self, request: &str, cookie: &str, body: &str) -> std::io::Result<(String, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        write!(
            stream,
            "{request} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-delegate-app: 1\r\ncookie: {cookie}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
        Ok((head.to_owned(), body.to_owned()))
    }

    fn enrol(&self, link: &Value) -> String {
        let code = link["link"].as_str().unwrap().split_once("/e#").unwrap().1;
        let body = json!({ "code": code, "device_id": "8c1b8a3e-6a0e-4f5e-9a53-1d4c4a0b7a01", "label": "Máy" });
        let (head, _) = self.ask("POST /api/v1/enrolments", "", &body.to_string()).unwrap();
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    fn kill(mut self, signal: &str) -> bool {
        Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().success()
    }
}

#[test]
fn importing_says_what_it_did_and_an_unchanged_pack_does_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("new");
    let checked = run(&["import", &pack(), "--check"], &data);
    assert!(checked.status.success() && text(&checked.stdout).contains("person: 9 put, 0 removed"), "{checked:?}");
    assert!(!data.exists(), "a check leaves nothing behind");
    let first = run(&["import", &pack()], &data);
    assert!(text(&first.stdout).ends_with("xa-ben-da: imported, log at 1\n"), "{first:?}");
    let again = run(&["import", &pack()], &data);
    assert!(again.status.success() && text(&again.stdout).ends_with("xa-ben-da: unchanged\n"), "{again:?}");
    let mut files: Vec<_> = std::fs::read_dir(&data).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["congress.sqlite"], "the file alone is the whole congress");
}

#[test]
fn every_problem_of_a_pack_is_a_line_on_stderr() {
    let dir = tempfile::tempdir().unwrap();
    let empty = dir.path().join("pack");
    std::fs::create_dir(&empty).unwrap();
    let done = run(&["import", &empty.display().to_string()], dir.path());
    assert_eq!(done.status.code(), Some(1));
    let problems = text(&done.stderr);
    assert!(problems.lines().count() > 1 && problems.contains("people.csv"), "{problems}");
    assert!(done.stdout.is_empty() && !dir.path().join("congress.sqlite").exists());
}

#[test]
fn links_are_for_whom_they_were_asked() {
    let dir = imported();
    let asked =
        links(dir.path(), &["--person", "p4", "--role", "delegate", "--role", "presidium", "--role", "checkin"]);
    let people: Vec<_> = asked.iter().map(|link| link["person"].as_str().unwrap()).collect();
    assert_eq!(people, ["p4", "p3", "p1", "s1"]);
    assert_eq!(asked[0]["name"], "Vũ Thị Biểu");
    assert_eq!(asked[2]["role"], "presidium");
    let link = asked[0]["link"].as_str().unwrap();
    assert!(link.starts_with("http://localhost:8080/e#") && link.len() == 24 + 26, "{link}");
    // Both delegates have a code now: the first by id again.
    assert_eq!(links(dir.path(), &["--role", "delegate"])[0]["person"], "p3");
    let nobody = run(&["enrol", "--person", "nobody"], dir.path());
    assert!(!nobody.status.success() && text(&nobody.stderr).contains("there is no person nobody"), "{nobody:?}");
}

#[test]
fn a_running_server_learns_of_a_revocation_and_ends_gently_with_streams_open() {
    let dir = imported();
    let server = Running::start(dir.path());
    let (lost, stays) = (links(dir.path(), &["--person", "p3"]), links(dir.path(), &["--person", "p4"]));
    let (lost, stays) = (server.enrol(&lost[0]), server.enrol(&stays[0]));
    let open = |cookie: &str| {
        let mut stream = server.connect();
        let path = format!("{API}/sync/stream?client_id=8c1b8a3e-6a0e-4f5e-9a53-1d4c4a0b7a02");
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut lines = BufReader::new(stream);
        let mut line = String::new();
        while !line.starts_with("data: ") {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0);
        }
        lines
    };
    let (mut ends, mut open) = (open(&lost), open(&stays));
    assert!(run(&["revoke", "--person", "p3"], dir.path()).status.success());
    ends.read_to_string(&mut String::new()).unwrap();
    let (head, body) = server.ask(&format!("GET {API}/devices"), &lost, "").unwrap();
    assert!(head.starts_with("HTTP/1.1 401") && body.contains("device-revoked"), "{head} {body}");
    let (head, _) = server.ask(&format!("GET {API}/devices"), &stays, "").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(server.kill("-TERM"), "a gentle end is a success");
    open.read_to_string(&mut String::new()).unwrap();
}

/// Killed in the middle of its work, it holds every command that it ever said it holds.
#[test]
fn no_acknowledged_command_is_lost_by_a_kill() {
    let dir = imported();
    let link = links(dir.path(), &["--person", "p3", "--devices", "1"]).remove(0);
    let first = Running::start(dir.path());
    let cookie = first.enrol(&link);
    let push = |server: &Running, seq: u64| {
        let body = json!({
            "protocol": 1,
            "client_id": "8c1b8a3e-6a0e-4f5e-9a53-1d4c4a0b7a02",
            "commands": [{
                "seq": seq,
                "command_id": format!("01939b3e-0000-7000-8000-{seq:012}"),
                "kind": "kept.for.ever",
                "v": 1,
                "created_at": 5,
                "payload": { "seq": seq },
            }],
        });
        let (_, body) = server.ask(&format!("POST {API}/sync/push"), &cookie, &body.to_string())?;
        serde_json::from_str::<Value>(&body).map_err(std::io::Error::other)
    };
    let mut acknowledged = Vec::new();
    let mut server = first;
    for round in 1..=3 {
        // The kill runs beside the pushes that follow it, and hits one of them anywhere.
        let mut killer = None;
        while let Ok(answer) = push(&server, acknowledged.len() as u64 + 1) {
            acknowledged.push(answer["receipts"][0].clone());
            if acknowledged.len() == 20 * round {
                killer = Some(Command::new("kill").args(["-KILL", &server.child.id().to_string()]).spawn().unwrap());
            }
        }
        killer.unwrap().wait().unwrap();
        server.child.wait().unwrap();
        server = Running::start(dir.path());
    }
    assert!(acknowledged.len() >= 60);
    for (at, receipt) in acknowledged.iter().enumerate() {
        assert_eq!(push(&server, at as u64 + 1).unwrap()["receipts"][0], *receipt, "the same word on command {at}");
    }
    assert!(server.kill("-TERM"));
}

//! The program itself: its commands on either database, its listener over real TCP, and its gentle end.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/process.rs"]
mod process;
#[path = "support/program.rs"]
mod program;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Command;

use process::{PROGRAM, Running, database, folder, links, run};
use program::{API, connect, import, pack};
use tempfile::TempDir;

/// A folder with the small congress.
fn imported() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    import(&folder(dir.path()));
    dir
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Asks a server to end; returns whether it did so gently.
fn ends_gently(mut server: Running) -> bool {
    Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    server.child.wait().unwrap().success()
}

#[test]
fn importing_says_what_it_did_and_an_unchanged_pack_does_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("new");
    let checked = run(&["import", &pack(), "--check"], &folder(&data));
    assert!(checked.status.success() && text(&checked.stdout).contains("person: 9 put, 0 removed"), "{checked:?}");
    assert!(!data.exists(), "a check leaves nothing behind");
    let first = run(&["import", &pack()], &folder(&data));
    assert!(text(&first.stdout).ends_with("xa-ben-da: imported, log at 1\n"), "{first:?}");
    let again = run(&["import", &pack()], &folder(&data));
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
    let done = run(&["import", &empty.display().to_string()], &folder(dir.path()));
    assert_eq!(done.status.code(), Some(1));
    let problems = text(&done.stderr);
    assert!(problems.lines().count() > 1 && problems.contains("people.csv"), "{problems}");
    assert!(done.stdout.is_empty() && !dir.path().join("congress.sqlite").exists());
}

#[test]
fn links_are_for_whom_they_were_asked() {
    let dir = imported();
    let asked = links(
        &folder(dir.path()),
        &["--person", "p4", "--role", "delegate", "--role", "presidium", "--role", "checkin"],
    );
    let people: Vec<_> = asked.iter().map(|link| link["person"].as_str().unwrap()).collect();
    assert_eq!(people, ["p4", "p3", "p1", "s1"]);
    assert_eq!(asked[0]["name"], "Vũ Thị Biểu");
    assert_eq!(asked[2]["role"], "presidium");
    let link = asked[0]["link"].as_str().unwrap();
    assert!(link.starts_with("http://localhost:8080/e#") && link.len() == 24 + 26, "{link}");
    // Both delegates have a code now: the first by id again.
    assert_eq!(links(&folder(dir.path()), &["--role", "delegate"])[0]["person"], "p3");
    let nobody = run(&["enrol", "--person", "nobody"], &folder(dir.path()));
    assert!(!nobody.status.success() && text(&nobody.stderr).contains("there is no person nobody"), "{nobody:?}");
}

#[test]
fn a_running_server_learns_of_a_revocation_and_ends_gently_with_streams_open() {
    let dir = imported();
    let server = Running::start(&folder(dir.path()));
    let (lost, stays) =
        (links(&folder(dir.path()), &["--person", "p3"]), links(&folder(dir.path()), &["--person", "p4"]));
    let (lost, stays) = (server.enrol(&lost[0]), server.enrol(&stays[0]));
    let open = |cookie: &str| {
        let mut stream = connect(server.port).unwrap();
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
    assert!(run(&["revoke", "--person", "p3"], &folder(dir.path())).status.success());
    ends.read_to_string(&mut String::new()).unwrap();
    let (head, body) = server.ask(&format!("GET {API}/devices"), &lost, "").unwrap();
    assert!(head.starts_with("HTTP/1.1 401") && body.contains("device-revoked"), "{head} {body}");
    let (head, _) = server.ask(&format!("GET {API}/devices"), &stays, "").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(ends_gently(server), "a gentle end is a success");
    open.read_to_string(&mut String::new()).unwrap();
}

#[test]
fn every_command_works_on_postgres() {
    let place = database(&postgres::new_database());
    let checked = run(&["import", &pack(), "--check"], &place);
    assert!(checked.status.success() && text(&checked.stdout).contains("person: 9 put, 0 removed"), "{checked:?}");
    let early = run(&["enrol", "--person", "p3"], &place);
    assert!(
        !early.status.success() && text(&early.stderr).contains("does not exist: import a pack first"),
        "{early:?}"
    );
    import(&place);
    let again = run(&["import", &pack()], &place);
    assert!(again.status.success() && text(&again.stdout).ends_with("xa-ben-da: unchanged\n"), "{again:?}");
    let server = Running::start(&place);
    let cookie = server.enrol(&links(&place, &["--person", "p3"])[0]);
    let (head, _) = server.ask(&format!("GET {API}/devices"), &cookie, "").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let revoked = run(&["revoke", "--person", "p3"], &place);
    assert_eq!(text(&revoked.stdout), "1 codes and 1 devices revoked\n");
    let (head, _) = server.ask(&format!("GET {API}/devices"), &cookie, "").unwrap();
    assert!(head.starts_with("HTTP/1.1 401"), "{head}");
    assert!(ends_gently(server), "a gentle end is a success");
    assert!(run(&["restored"], &place).status.success());
}

#[test]
fn a_congress_is_backed_up_restored_and_moved_by_three_commands() {
    let dir = imported();
    let (place, file) = (folder(dir.path()), dir.path().join("backup.sqlite").display().to_string());
    let done = run(&["backup", &file], &place);
    assert_eq!(text(&done.stdout), format!("xa-ben-da: log at 1, is in {file}\n"), "{done:?}");
    let twice = run(&["backup", &file], &place);
    assert!(!twice.status.success() && text(&twice.stderr).contains("nothing is overwritten"), "{twice:?}");
    let held = run(&["restore", &file], &place);
    assert!(!held.status.success() && text(&held.stderr).contains("holds xa-ben-da already"), "{held:?}");
    let fresh = dir.path().join("fresh");
    let done = run(&["restore", &file], &folder(&fresh));
    assert!(text(&done.stdout).starts_with("xa-ben-da: log at 1, is in "), "{done:?}");
    let url = postgres::new_database();
    let from = format!("sqlite:{}", fresh.join("congress.sqlite").display());
    let moved = Command::new(PROGRAM).args(["migrate", &from, &url]).output().unwrap();
    assert!(moved.status.success() && text(&moved.stdout).starts_with("xa-ben-da: log at 1"), "{moved:?}");
    assert!(!text(&moved.stdout).contains("congress@"), "an address is told without its user");
    assert_eq!(links(&database(&url), &["--person", "p3"]).len(), 1);
}

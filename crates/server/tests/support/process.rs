//! The program itself for tests: its commands, and a server that is a process of its own. Knows no congress.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_congress-server");

/// Where a program finds its congress: the flag and its value.
pub type Place = [String; 2];

pub fn folder(path: &Path) -> Place {
    ["--data".to_owned(), path.display().to_string()]
}

pub fn database(url: &str) -> Place {
    ["--database".to_owned(), url.to_owned()]
}

pub fn run(words: &[&str], place: &Place) -> Output {
    Command::new(PROGRAM).args(words).args(place).output().unwrap()
}

pub fn links(place: &Place, words: &[&str]) -> Vec<Value> {
    let done = run(&[&["enrol", "--json"], words].concat(), place);
    assert!(done.status.success(), "{done:?}");
    serde_json::from_slice(&done.stdout).unwrap()
}

pub struct Running {
    pub child: Child,
    pub port: u16,
}

impl Running {
    pub fn start(place: &Place) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", "0"]).args(place).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let port = loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "the server ended before it listened: {said}");
            if line.contains("listening") {
                let digits: String = line.trim_end().chars().rev().take_while(char::is_ascii_digit).collect();
                break digits.chars().rev().collect::<String>().parse().unwrap();
            }
            said += &line;
        };
        // The pipe must not fill up.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, port }
    }
}

/// A failed test leaves no server behind.
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The program itself for tests: its commands, and a server that is a process of its own, asked over real TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

pub const API: &str = "/api/v1/congresses/xa-ben-da";
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

pub fn pack() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pack").display().to_string()
}

/// Imports the small congress.
pub fn import(place: &Place) {
    let done = run(&["import", &pack()], place);
    assert!(done.status.success(), "{done:?}");
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

    /// (head, body) of an answer; an error when the server is gone.
    pub fn ask(&self, request: &str, cookie: &str, body: &str) -> std::io::Result<(String, String)> {
        let mut stream = connect(self.port)?;
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

    /// The cookie of a new device.
    pub fn enrol(&self, link: &Value) -> String {
        let code = link["link"].as_str().unwrap().split_once("/e#").unwrap().1;
        let device_id = uuid::Uuid::from_u128(server::clock::random_u128().unwrap());
        let body = json!({ "code": code, "device_id": device_id, "label": "Máy" });
        let (head, _) = self.ask("POST /api/v1/enrolments", "", &body.to_string()).unwrap();
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

/// A failed test leaves no server behind.
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn connect(port: u16) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

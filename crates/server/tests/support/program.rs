//! The small congress of the tests in the program, asked over real TCP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::process::{Place, Running, run};

pub const API: &str = "/api/v1/congresses/xa-ben-da";

pub fn pack() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pack").display().to_string()
}

/// Imports the small congress.
pub fn import(place: &Place) {
    let done = run(&["import", &pack()], place);
    assert!(done.status.success(), "{done:?}");
}

impl Running {
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

pub fn connect(port: u16) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

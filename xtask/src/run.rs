//! `cargo xtask run`: from a fresh clone to a congress that one can open. It leaves `target/`, `dist/` and the data
//! folder behind, and ends the server when it ends itself.

use crate::{args::Args, build, shell, shell::Steps, tools};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

const PORT: u16 = 8080;
const READY_WITHIN: Duration = Duration::from_secs(30);
const STOP_WITHIN: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);

/// Who gets a link, in the order of the table: the words beside it, and how the server is asked for such a person.
const GUESTS: [(&str, [&str; 2]); 6] = [
    ("delegate", ["--person", "p100"]),
    ("delegate", ["--person", "p101"]),
    ("presidium, chairs", ["--role", "presidium"]),
    ("secretariat", ["--role", "secretariat"]),
    ("desk, checks in", ["--role", "checkin"]),
    ("organiser", ["--role", "organiser"]),
];
/// In place of a person whom another pack does not have.
const ANY_DELEGATE: [&str; 2] = ["--role", "delegate"];

struct Options {
    port: u16,
    data: PathBuf,
    pack: PathBuf,
    reset: bool,
    /// Open to other machines in the same network, not only to this one.
    host: bool,
}

pub fn command(mut args: Args) -> Result<()> {
    let options = Options {
        port: args.value("--port")?.unwrap_or(PORT),
        data: shell::root().join(args.value::<PathBuf>("--data")?.unwrap_or_else(|| "data".into())),
        pack: shell::root().join(args.value::<PathBuf>("--pack")?.unwrap_or_else(|| "demo".into())),
        reset: args.flag("--reset"),
        host: args.flag("--host"),
    };
    args.finish()?;
    let address = if options.host { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
    if TcpListener::bind((address, options.port)).is_err() {
        bail!("port {} is taken: choose another with --port", options.port);
    }

    let mut steps = Steps::new(6);
    steps.step("looking for the tools", || tools::web_tools().map(drop))?;
    steps.step("building the app", build::app)?;
    steps.step("building the server", build::server)?;
    steps.step("preparing the congress", || prepare(&options))?;
    let stop = when_asked_to_stop()?;
    let mut server = steps.step("starting the server", || start(&options, &stop))?;
    let links = steps.step("making enrolment links", || enrolment_links(&options));
    println!();
    println!("ready: http://localhost:{}", options.port);
    match links {
        Ok(table) => println!("\n{table}"),
        Err(error) => println!("\nno enrolment links: {error:#}"),
    }
    println!("Ctrl-C stops the server.");
    supervise(&mut server, &stop)
}

/// Imports the pack into an empty data folder. `--reset` forgets what was there, and only in a folder of ours.
fn prepare(options: &Options) -> Result<()> {
    let there = has_database(&options.data);
    if options.reset && there {
        fs::remove_dir_all(&options.data)?;
    } else if there {
        println!("      {} has a congress already (--reset starts anew)", options.data.display());
        return Ok(());
    }
    fs::create_dir_all(&options.data)?;
    shell::run(server_command(&["import"]).arg(&options.pack).arg("--data").arg(&options.data))
}

fn has_database(data: &Path) -> bool {
    let entries = fs::read_dir(data).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        path.extension().is_some_and(|kind| ["db", "sqlite", "sqlite3"].iter().any(|database| kind == *database))
    })
}

fn server_command(words: &[&str]) -> Command {
    let mut command = shell::command(build::server_program());
    command.args(words);
    command
}

/// A message arrives at Ctrl-C, at SIGTERM and when the terminal goes away.
fn when_asked_to_stop() -> Result<Receiver<()>> {
    let (asked, stop) = mpsc::channel();
    ctrlc::set_handler(move || asked.send(()).unwrap_or(())).context("cannot listen for Ctrl-C")?;
    Ok(stop)
}

fn start(options: &Options, stop: &Receiver<()>) -> Result<Child> {
    let mut command = server_command(&["serve"]);
    command.arg("--data").arg(&options.data).arg("--dist").arg(build::dist_dir());
    command.args(["--port", &options.port.to_string()]);
    if options.host {
        command.args(["--host", "0.0.0.0"]);
    }
    let mut server = command.spawn().context("could not start the server")?;
    let began = shell::now();
    while !answers_ready(options.port) {
        if let Some(status) = server.try_wait()? {
            bail!("the server stopped at once ({status})");
        }
        if stop.try_recv().is_ok() || began.elapsed() > READY_WITHIN {
            end(&mut server)?;
            bail!("the server was not ready within {} s", READY_WITHIN.as_secs());
        }
        std::thread::sleep(POLL);
    }
    Ok(server)
}

fn answers_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

/// Waits until the server ends or we are asked to; in the second case the server gets time to finish its work.
fn supervise(server: &mut Child, stop: &Receiver<()>) -> Result<()> {
    loop {
        if let Some(status) = server.try_wait()? {
            bail!("the server ended by itself ({status})");
        }
        if stop.recv_timeout(POLL).is_ok() {
            return end(server);
        }
    }
}

fn end(server: &mut Child) -> Result<()> {
    let _ = shell::command("kill").args(["-TERM", &server.id().to_string()]).status();
    let began = shell::now();
    while server.try_wait()?.is_none() {
        if began.elapsed() > STOP_WITHIN {
            server.kill()?;
        }
        std::thread::sleep(POLL);
    }
    Ok(())
}

fn enrolment_links(options: &Options) -> Result<String> {
    let ask = |guests: Vec<[&str; 2]>| -> Result<Vec<(String, String)>> {
        let mut command = server_command(&["enrol", "--json"]);
        command.arg("--data").arg(&options.data).args(guests.concat());
        parse_links(&shell::output(&mut command)?)
    };
    let named = GUESTS.iter().map(|(_, who)| *who).collect();
    let anyone = GUESTS.iter().map(|(_, who)| if who[0] == "--person" { ANY_DELEGATE } else { *who }).collect();
    let links = ask(named).or_else(|_| ask(anyone))?;
    let rows: Vec<_> = GUESTS.iter().zip(links).map(|((words, _), (name, link))| (*words, name, link)).collect();
    Ok(table_of(&rows, &origins(options)))
}

/// The name and the link of each person.
fn parse_links(json: &str) -> Result<Vec<(String, String)>> {
    let people: Vec<Value> = serde_json::from_str(json).context("enrol --json printed something else")?;
    let text = |person: &Value, field: &str| {
        person.get(field).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("a link without {field}"))
    };
    people.iter().map(|person| Ok((text(person, "name")?, text(person, "link")?))).collect()
}

/// `http://localhost:8080`, and with `--host` also the address that phones in the same network use.
fn origins(options: &Options) -> Vec<String> {
    let mut origins = vec![format!("http://localhost:{}", options.port)];
    if options.host {
        // Connecting a datagram socket sends nothing; it only tells which of our addresses would be used.
        let mine = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
            socket.connect("192.0.2.1:9")?;
            socket.local_addr()
        });
        origins.extend(mine.map(|address| format!("http://{}:{}", address.ip(), options.port)));
    }
    origins
}

fn table_of(rows: &[(&str, String, String)], origins: &[String]) -> String {
    let width = |pick: fn(&(&str, String, String)) -> usize| rows.iter().map(pick).max().unwrap_or(0);
    let (roles, names) = (width(|row| row.0.chars().count()), width(|row| row.1.chars().count()));
    let mut table = String::new();
    for (role, name, link) in rows {
        let path = link.find("/e#").map_or(link.as_str(), |at| &link[at..]);
        for origin in origins {
            table.push_str(&format!("{role:<roles$}  {name:<names$}  {origin}{path}\n"));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_person_has_a_line_with_a_link_of_this_server() {
        let json = r#"[{"person":"p100","name":"Đặng Thị Ánh","role":"delegate","link":"https://x/e#abc"}]"#;
        let links = parse_links(json).unwrap();
        let rows = links.into_iter().map(|(name, link)| ("delegate", name, link)).collect::<Vec<_>>();
        let table = table_of(&rows, &["http://localhost:8080".to_owned()]);
        assert_eq!(table, "delegate  Đặng Thị Ánh  http://localhost:8080/e#abc\n");
        assert!(parse_links("nothing").is_err());
    }

    #[test]
    fn only_a_folder_with_a_database_counts_as_a_congress() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!has_database(dir.path()));
        fs::write(dir.path().join("congress.db"), "").unwrap();
        assert!(has_database(dir.path()));
    }
}

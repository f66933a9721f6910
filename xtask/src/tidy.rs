//! `cargo xtask tidy`: formatting, lints, and the invariants of docs/ARCHITECTURE.md as small functions over the text of
//! the files. Each fault is printed as `file:line: what, why`. A new invariant is one line in the table below, with a
//! test that plants its fault.

mod files;
mod locks;
mod manifests;
mod purity;
mod rust_text;

use crate::{args::Args, shell};
use anyhow::{Result, bail};
use std::{fmt, fs, path::Path};

/// The text files that git knows or would take.
pub struct Tree {
    pub files: Vec<File>,
}

pub struct File {
    /// Relative to the top, with `/`.
    pub path: String,
    pub text: String,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    pub what: String,
}

type Invariant = fn(&Tree) -> Vec<Fault>;

const INVARIANTS: [(&str, Invariant); 14] = [
    ("the pure crates stay pure", purity::pure_crates),
    ("browser APIs only in src/platform", purity::browser_apis),
    ("databases only in the stores", purity::databases),
    ("HTTP only at the server's edge", purity::http),
    ("one function deletes from the ledger", purity::ledger),
    ("no unwrap or expect outside tests", purity::unwraps),
    ("no test switched off, nothing left to do", files::unfinished),
    ("each Rust file says what it is for", files::opening),
    ("files can be read in one sitting", files::length),
    ("no host of a registry", files::registries),
    ("the protocol and its document agree", locks::protocol),
    ("migrations are only ever added", locks::migrations),
    ("crates know only the floor below", manifests::direction),
    ("each dependency has its reason", manifests::reasons),
];

pub fn command(mut args: Args) -> Result<()> {
    let fix = args.flag("--fix");
    args.finish()?;
    if fix {
        shell::run(shell::cargo().args(["fmt", "--all"]))?;
        locks::fix(&shell::root(), &Tree::of_checkout()?)?;
    }
    check()
}

/// All checks; every one runs, and the error counts those that failed.
pub fn check() -> Result<()> {
    const LINTS: [(&str, &[&str]); 3] = [
        ("formatting", &["fmt", "--all", "--check"]),
        ("lints, host", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
        (
            "lints, app",
            &[
                "clippy",
                "-p",
                "delegate-app",
                "--lib",
                "--bins",
                "--tests",
                "--target",
                "wasm32-unknown-unknown",
                "--quiet",
                "--",
                "-D",
                "warnings",
            ],
        ),
    ];
    let tree = Tree::of_checkout()?;
    let mut failed = 0;
    for (name, invariant) in INVARIANTS {
        let faults = invariant(&tree);
        for fault in &faults {
            println!("{fault}");
        }
        println!("{} {name}", if faults.is_empty() { "ok    " } else { "FAILED" });
        failed += usize::from(!faults.is_empty());
    }
    for (name, arguments) in LINTS {
        let start = shell::now();
        let passed = shell::run(shell::cargo().args(arguments)).is_ok();
        println!("{} {name} ({})", if passed { "ok    " } else { "FAILED" }, shell::seconds_since(start));
        failed += usize::from(!passed);
    }
    if failed > 0 {
        bail!("{failed} of {} checks failed", INVARIANTS.len() + LINTS.len());
    }
    Ok(())
}

impl Tree {
    fn of_checkout() -> Result<Self> {
        let root = shell::root();
        let names = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z"];
        let list = shell::output(shell::command("git").args(names))?;
        let mut files = Vec::new();
        for name in list.split('\0').filter(|name| !name.is_empty()) {
            // Pictures are no text, and a file deleted but not yet committed is no file.
            if let Ok(text) = fs::read_to_string(root.join(name)) {
                files.push(File { path: name.to_owned(), text });
            }
        }
        Ok(Self { files })
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(file).collect() }
    }

    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Files whose path begins with one of these and has this extension.
    pub fn under<'a>(&'a self, prefixes: &'a [&str], extension: &'a str) -> impl Iterator<Item = &'a File> {
        let has = move |file: &&File| {
            let kind = Path::new(&file.path).extension();
            prefixes.iter().any(|prefix| file.path.starts_with(prefix)) && kind.is_some_and(|kind| kind == extension)
        };
        self.files.iter().filter(has)
    }
}

impl File {
    pub fn fault(&self, line: usize, what: impl Into<String>) -> Fault {
        Fault { path: self.path.clone(), line, what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines at which an invariant finds faults, as `path:line`.
    pub fn places(invariant: Invariant, files: &[(&str, &str)]) -> Vec<String> {
        invariant(&Tree::of(files)).iter().map(|fault| format!("{}:{}", fault.path, fault.line)).collect()
    }
}

//! Which words may stand in which rooms: the pure crates, the door to the browser, the stores, the HTTP edge, the
//! ledger. Looks at code only, never at comments or strings.

use super::{Fault, Tree, rust_text};
use std::collections::BTreeSet;

const PURE: [&str; 2] = ["crates/sync/src/", "crates/congress/src/"];
const OURS: [&str; 3] = ["src/", "crates/", "xtask/src/"];

/// No I/O, clock, random number, runtime, hash order or platform in the crates that every side shares.
pub fn pure_crates(tree: &Tree) -> Vec<Fault> {
    const WORDS: [(&str, &str); 12] = [
        ("SystemTime::now", "the time is an argument"),
        ("Instant::now", "the time is an argument"),
        ("rand", "randomness is an argument"),
        ("getrandom", "randomness is an argument"),
        ("now_v7", "ids are made by the caller"),
        ("new_v4", "ids are made by the caller"),
        ("tokio", "no runtime here"),
        ("std::fs", "no I/O here"),
        ("std::net", "no I/O here"),
        ("HashMap", "a BTreeMap has the same order everywhere"),
        ("HashSet", "a BTreeSet has the same order everywhere"),
        ("cfg(target", "the same code on every platform"),
    ];
    let here = |path: &str| PURE.iter().any(|prefix| path.starts_with(prefix));
    forbid(tree, here, &WORDS)
}

pub fn browser_apis(tree: &Tree) -> Vec<Fault> {
    const WORDS: [(&str, &str); 7] = [
        ("web_sys", "only src/platform talks to the browser"),
        ("js_sys", "only src/platform talks to the browser"),
        ("gloo", "only src/platform talks to the browser"),
        ("gloo_storage", "only src/platform talks to the browser"),
        ("gloo_net", "only src/platform talks to the browser"),
        ("gloo_timers", "only src/platform talks to the browser"),
        ("gloo_utils", "only src/platform talks to the browser"),
    ];
    forbid(tree, |path| !path.starts_with("src/platform"), &WORDS)
}

pub fn databases(tree: &Tree) -> Vec<Fault> {
    const WORDS: [(&str, &str); 1] = [("sqlx", "only the stores (and the notifier) know the database")];
    let rooms = ["crates/server/src/store", "crates/server/src/notifier"];
    forbid(tree, |path| !rooms.iter().any(|room| path.starts_with(room)), &WORDS)
}

pub fn http(tree: &Tree) -> Vec<Fault> {
    const WORDS: [(&str, &str); 1] = [("axum", "only the edge of the server knows HTTP")];
    const EDGE: [&str; 8] = ["router", "handlers", "http", "assets", "error.rs", "auth.rs", "main.rs", "lib.rs"];
    let edge = |path: &str| {
        path.strip_prefix("crates/server/src/").is_some_and(|name| EDGE.iter().any(|room| name.starts_with(room)))
    };
    forbid(tree, |path| !edge(path), &WORDS)
}

/// Everything that leaves the ledger goes through `ledger_delete`, which only one function, `forget_settled`, calls.
/// Whole databases are deleted only by the cache.
pub fn ledger(tree: &Tree) -> Vec<Fault> {
    const LEDGER: &str = "src/platform/ledger";
    const DELETES: [&str; 4] = [".delete(", ".delete_prefix(", ".clear(", "ledger_delete("];
    let mut faults = Vec::new();
    let mut callers = BTreeSet::new();
    for file in tree.under(&OURS, "rs") {
        let mut function = String::new();
        for line in rust_text::lines_of(&file.text).iter().filter(|line| !line.test) {
            if let Some(name) = defined_function(&line.code) {
                function = name.to_owned();
            }
            let in_ledger = file.path.starts_with(LEDGER);
            let calls = |word: &str| calls(&line.code, word);
            if calls("ledger_delete(") {
                callers.insert(file.path.as_str());
                if function != "forget_settled" {
                    faults.push(file.fault(line.number, "only forget_settled takes anything out of the ledger"));
                }
            } else if in_ledger && function != "ledger_delete" && DELETES.iter().any(|word| calls(word)) {
                faults.push(
                    file.fault(line.number, "the ledger deletes through ledger_delete, so that it can be checked"),
                );
            }
            let cache = file.path.starts_with("src/platform/cache") || function == "delete_database";
            if calls("delete_database(") && !cache {
                faults.push(file.fault(line.number, "only the cache may be deleted as a whole"));
            }
        }
    }
    if callers.len() > 1 {
        let second = callers.iter().skip(1).filter_map(|path| tree.get(path));
        faults.extend(second.map(|file| file.fault(1, "a second forget_settled: the ledger has one door")));
    }
    let ledger = tree.under(&[LEDGER], "rs").find(|file| file.path == "src/platform/ledger.rs");
    if let Some(file) = ledger.filter(|file| !file.text.contains("fn ledger_delete(")) {
        faults.push(file.fault(1, "has no ledger_delete: this check sees nothing"));
    }
    faults
}

fn calls(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| !code[..at].trim_end().ends_with("fn"))
}

pub fn unwraps(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.under(&OURS, "rs").filter(|file| is_shipped(&file.path)) {
        for line in rust_text::lines_of(&file.text).iter().filter(|line| !line.test) {
            for word in [".unwrap()", ".expect("] {
                if line.code.contains(word) {
                    faults.push(
                        file.fault(line.number, format!("{word} can end the app or the server: return the error")),
                    );
                }
            }
        }
    }
    faults
}

/// Faults for each of these words as a whole word, in the code (tests included) of the files that `here` picks.
fn forbid(tree: &Tree, here: impl Fn(&str) -> bool, words: &[(&str, &str)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.under(&["src/", "crates/"], "rs").filter(|file| is_shipped(&file.path) && here(&file.path)) {
        for line in rust_text::lines_of(&file.text) {
            for (word, why) in words.iter().filter(|(word, _)| has_word(&line.code, word)) {
                faults.push(file.fault(line.number, format!("{word}: {why}")));
            }
        }
    }
    faults
}

/// Not an integration test of a crate.
fn is_shipped(path: &str) -> bool {
    let in_src = path.starts_with("src/") || path.contains("/src/");
    in_src && !path.ends_with("/tests.rs") && !path.contains("/tests/")
}

fn has_word(code: &str, word: &str) -> bool {
    let part_of_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| {
        let after = code[at + word.len()..].chars().next();
        !part_of_name(code[..at].chars().next_back()) && !part_of_name(after)
    })
}

fn defined_function(code: &str) -> Option<&str> {
    let at = code.find("fn ").filter(|at| *at == 0 || code[..*at].ends_with([' ', '\t']))?;
    let name = code[at + 3..].split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::places, *};

    #[test]
    fn impure_words_are_found_in_pure_crates_only() {
        for code in ["use std::time::SystemTime;\nlet t = SystemTime::now();", "//! x\nuse std::collections::HashMap;"]
        {
            assert_eq!(places(pure_crates, &[("crates/sync/src/a.rs", code)]), ["crates/sync/src/a.rs:2"]);
            assert_eq!(places(pure_crates, &[("crates/server/src/a.rs", code)]), [""; 0]);
        }
        let fine = "// HashMap\nlet operand = \"rand\"; // tokio";
        assert_eq!(places(pure_crates, &[("crates/congress/src/a.rs", fine)]), [""; 0]);
    }

    #[test]
    fn the_browser_has_one_door() {
        let code = "fn a() {}\nuse web_sys::Window;";
        assert_eq!(places(browser_apis, &[("src/screens/agenda.rs", code)]), ["src/screens/agenda.rs:2"]);
        assert_eq!(places(browser_apis, &[("src/platform.rs", code), ("src/platform/http.rs", code)]), [""; 0]);
    }

    #[test]
    fn the_database_and_http_have_their_rooms() {
        let (sql, web) = ("use sqlx::Row;", "use axum::Router;");
        assert_eq!(
            places(databases, &[("crates/server/src/handlers/a.rs", sql)]),
            ["crates/server/src/handlers/a.rs:1"]
        );
        assert_eq!(places(databases, &[("crates/server/src/store/sqlite.rs", sql)]), [""; 0]);
        assert_eq!(places(http, &[("crates/server/src/store.rs", web)]), ["crates/server/src/store.rs:1"]);
        assert_eq!(places(http, &[("crates/server/src/router.rs", web)]), [""; 0]);
    }

    #[test]
    fn a_second_way_to_delete_from_the_ledger_is_found() {
        let name = "src/platform/ledger.rs";
        let door = "fn ledger_delete(tx: &T) {\n    tx.delete(key)\n}\n";
        let right = "fn forget_settled() {\n    ledger_delete(tx);\n    ledger_delete(tx);\n}\n";
        let fine = format!("{door}{right}");
        assert_eq!(places(ledger, &[(name, &fine)]), [""; 0]);
        for wrong in
            ["ledger_delete(tx);", "tx.delete(key);", "tx.delete_prefix(key);", "store.clear();", "delete_database(n);"]
        {
            let text = format!("{fine}fn log_out() {{\n    {wrong}\n}}\n");
            assert_eq!(places(ledger, &[(name, &text)]), [format!("{name}:9")], "{wrong}");
        }
        assert_eq!(places(ledger, &[(name, &fine), ("src/sync.rs", right)]), ["src/sync.rs:1"]);
        assert_eq!(places(ledger, &[(name, "fn forget_settled() {}")]), [format!("{name}:1")]);
        let wrapper = "fn delete_database() {\n    factory().delete_database(n);\n}";
        assert_eq!(places(ledger, &[("src/platform/indexed_db.rs", wrapper)]), [""; 0]);
        let database = "fn a() {\n    delete_database(n);\n}";
        assert_eq!(places(ledger, &[("src/screens/more.rs", database)]), ["src/screens/more.rs:2"]);
        assert_eq!(places(ledger, &[("src/platform/cache.rs", database)]), [""; 0]);
    }

    #[test]
    fn an_unwrap_is_found_outside_tests() {
        let code = "a.unwrap();\n#[cfg(test)]\nmod tests { fn a() { b.unwrap() } }\nc.expect(\"d\");";
        let name = "crates/server/src/a.rs";
        assert_eq!(places(unwraps, &[(name, code)]), [format!("{name}:1"), format!("{name}:4")]);
        assert_eq!(places(unwraps, &[("crates/server/tests/a.rs", code)]), [""; 0]);
    }
}

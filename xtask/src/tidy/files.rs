//! What holds for every file, whatever it is about: an opening sentence, a readable length, nothing unfinished, no test
//! switched off, no host of a package registry.

use super::{Fault, File, Tree, rust_text};

const LINES_MAX: usize = 600;
/// Generated, or data.
const NOT_WRITTEN_BY_HAND: [&str; 3] = ["demo/", "docs/", "tests/e2e/package-lock.json"];

pub fn opening(tree: &Tree) -> Vec<Fault> {
    let silent = tree.under(&[""], "rs").filter(|file| !file.text.starts_with("//!"));
    silent.map(|file| file.fault(1, "begins with `//!`: what the file is for, and what it does not do")).collect()
}

pub fn length(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for extension in ["rs", "css", "js", "mjs", "ts"] {
        for file in tree.under(&[""], extension).filter(|file| is_ours(file)) {
            let lines = file.text.lines().count();
            if lines > LINES_MAX {
                faults.push(file.fault(LINES_MAX, format!("{lines} lines; past {LINES_MAX} a file is two rooms")));
            }
        }
    }
    faults
}

pub fn unfinished(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for extension in ["rs", "css", "js", "mjs", "ts", "html", "toml"] {
        for file in tree.under(&[""], extension).filter(|file| is_ours(file)) {
            faults.extend(notes_without_issue(file));
        }
    }
    for file in tree.under(&[""], "rs") {
        faults.extend(unfinished_rust(file));
    }
    for file in tree.under(&[""], "ts") {
        for (at, line) in file.text.lines().enumerate() {
            if [".skip(", ".fixme(", ".only("].iter().any(|word| line.contains(word)) {
                faults.push(file.fault(at + 1, "a test switched off tells nobody anything"));
            }
        }
    }
    faults
}

/// A note to oneself must name the issue where it will be done.
fn notes_without_issue(file: &File) -> Vec<Fault> {
    const WORDS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let mut faults = Vec::new();
    for (at, line) in file.text.lines().enumerate() {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        let named = line.split('#').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if words.any(|word| WORDS.contains(&word)) && !named {
            faults.push(file.fault(at + 1, "a note for later names its issue, as in #12"));
        }
    }
    faults
}

fn unfinished_rust(file: &File) -> Vec<Fault> {
    let lines = rust_text::lines_of(&file.text);
    let mut faults = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.code.contains("todo!(") || line.code.contains("dbg!(") || line.code.contains("unimplemented!(") {
            faults.push(file.fault(line.number, "unfinished: not for main"));
        }
        // The long simulation and the full hall are commands, `cargo xtask sim` and `load`: their settings come from
        // outside.
        let command = lines.iter().skip(at).take(4).any(|line| line.code.contains("fn hall_from_environment("));
        if line.code.contains("#[ignore") && !command {
            faults.push(file.fault(line.number, "a test switched off tells nobody anything"));
        }
    }
    faults
}

/// Mirrors differ from machine to machine; names of packages are enough.
pub fn registries(tree: &Tree) -> Vec<Fault> {
    const HOSTS: [&str; 9] = [
        concat!("registry.npm", "js.org"),
        concat!("registry.npm", "mirror.com"),
        concat!("registry.yarn", "pkg.com"),
        concat!("index.crates", ".io"),
        concat!("static.crates", ".io"),
        concat!("deb.debian", ".org"),
        concat!("security.debian", ".org"),
        concat!("files.python", "hosted.org"),
        concat!("\"resolved\": \"", "http"),
    ];
    let mut faults = Vec::new();
    for file in &tree.files {
        for (at, line) in file.text.lines().enumerate() {
            let lock = file.path == "Cargo.lock" && line.starts_with("source = ");
            let other_source = lock && !line.contains("https://github.com/rust-lang/crates.io-index");
            if other_source || HOSTS.iter().any(|host| line.contains(host)) {
                faults.push(file.fault(at + 1, "names a host of a registry: others reach it elsewhere"));
            }
        }
    }
    faults
}

fn is_ours(file: &File) -> bool {
    NOT_WRITTEN_BY_HAND.iter().all(|prefix| !file.path.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::{super::tests::places, *};

    #[test]
    fn a_file_that_does_not_say_what_it_is_for_is_found() {
        assert_eq!(places(opening, &[("src/a.rs", "use b;"), ("src/c.rs", "//! Why.")]), ["src/a.rs:1"]);
    }

    #[test]
    fn a_long_file_is_found() {
        let long = "a\n".repeat(LINES_MAX + 1);
        assert_eq!(places(length, &[("style/base.css", &long), ("demo/people.js", &long)]), ["style/base.css:600"]);
        assert_eq!(places(length, &[("style/base.css", &"a\n".repeat(LINES_MAX))]), [""; 0]);
    }

    #[test]
    fn a_note_needs_its_issue() {
        let (word, other) = (concat!("TO", "DO"), concat!("XX", "X"));
        let text = format!("//! x\n// {word}: later\n// {word} #12: later\n// {other}\n// METHODOLOGY");
        assert_eq!(places(unfinished, &[("src/a.rs", &text)]), ["src/a.rs:2", "src/a.rs:4"]);
    }

    #[test]
    fn a_test_switched_off_is_found() {
        let off = format!("#[test]\n#[{}]\nfn a() {{}}\n", concat!("ign", "ore"));
        let sim = format!("#[test]\n#[{} = \"x\"]\nfn hall_from_environment() {{}}\n", concat!("ign", "ore"));
        assert_eq!(places(unfinished, &[("tests/a.rs", &off), ("tests/hall.rs", &sim)]), ["tests/a.rs:2"]);
        let spec = format!("test{}('a', b)", concat!(".sk", "ip("));
        assert_eq!(places(unfinished, &[("tests/e2e/a.spec.ts", &spec)]), ["tests/e2e/a.spec.ts:1"]);
        let macros = "fn a() {\n    todo!()\n}";
        assert_eq!(places(unfinished, &[("src/a.rs", macros)]), ["src/a.rs:2"]);
    }

    #[test]
    fn a_host_of_a_registry_is_found() {
        let lock = format!("{{\n  \"resolved\": \"{}://x/a.tgz\"\n}}", "http");
        assert_eq!(places(registries, &[("tests/e2e/package-lock.json", &lock)]), ["tests/e2e/package-lock.json:2"]);
        let cargo =
            "source = \"sparse+https://mirror/\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"";
        assert_eq!(places(registries, &[("Cargo.lock", cargo)]), ["Cargo.lock:1"]);
    }
}

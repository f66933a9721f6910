//! Who may depend on whom, read from the Cargo.toml files; and the reason of each dependency, which stands in
//! docs/STYLE.md.

use super::{Fault, File, Tree};
use std::collections::BTreeSet;
use toml::Table;

const STYLE: &str = "docs/STYLE.md";
/// Package, its manifest, and the packages of this workspace that it may know.
const FLOORS: [(&str, &str, &[&str]); 6] = [
    ("sync", "crates/sync/Cargo.toml", &[]),
    ("congress", "crates/congress/Cargo.toml", &["sync"]),
    ("pack", "crates/pack/Cargo.toml", &["sync", "congress"]),
    ("server", "crates/server/Cargo.toml", &["sync", "congress", "pack"]),
    ("delegate-app", "Cargo.toml", &["sync", "congress"]),
    ("xtask", "xtask/Cargo.toml", &[]),
];
/// The simulation of a hall runs on the host, in the root package, and needs the real server.
const HALL: &str = "server";

pub fn direction(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (package, path, below) in FLOORS {
        let Some(file) = tree.get(path) else { continue };
        for (section, name) in dependencies(file) {
            let ours = FLOORS.iter().any(|(package, ..)| *package == name);
            let hall = package == "delegate-app" && name == HALL && section == HOST_TESTS;
            if ours && !hall && !below.contains(&name.as_str()) {
                faults.push(file.fault(line_of(file, &name), format!("{package} may not know {name} ({section})")));
            }
        }
    }
    let unknown = tree
        .files
        .iter()
        .filter(|file| file.path.ends_with("Cargo.toml") && FLOORS.iter().all(|(_, path, _)| *path != file.path));
    faults.extend(unknown.map(|file| file.fault(1, "a crate without a floor: add it to FLOORS of tidy/manifests.rs")));
    faults
}

pub fn reasons(tree: &Tree) -> Vec<Fault> {
    let style = tree.get(STYLE).map_or("", |file| file.text.as_str());
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (package, path, _) in FLOORS {
        let Some(file) = tree.get(path) else { continue };
        for (_, name) in dependencies(file) {
            let ours = FLOORS.iter().any(|(package, ..)| *package == name);
            if !ours && seen.insert(name.clone()) && !style.contains(&format!("`{name}`")) {
                faults.push(file.fault(line_of(file, &name), format!("{package} uses `{name}`: say why in {STYLE}")));
            }
        }
    }
    faults
}

const HOST_TESTS: &str = "cfg(not(target_arch = \"wasm32\")) dev-dependencies";

/// (section, package) of every dependency, with and without a target.
fn dependencies(file: &File) -> Vec<(String, String)> {
    let Ok(manifest) = file.text.parse::<Table>() else { return vec![] };
    let mut found = section_dependencies("", &manifest);
    for (target, table) in manifest.get("target").and_then(|value| value.as_table()).into_iter().flatten() {
        if let Some(table) = table.as_table() {
            found.extend(section_dependencies(&format!("{target} "), table));
        }
    }
    found
}

fn section_dependencies(prefix: &str, table: &Table) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (key, value) in table.get(section).and_then(|value| value.as_table()).into_iter().flatten() {
            let renamed = value.get("package").and_then(|package| package.as_str());
            found.push((format!("{prefix}{section}"), renamed.unwrap_or(key).to_owned()));
        }
    }
    found
}

fn line_of(file: &File, name: &str) -> usize {
    let names = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    file.text.lines().position(names).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::places, *};

    #[test]
    fn an_arrow_that_points_up_is_found() {
        let up = "[dependencies]\ncongress = { workspace = true }\n";
        assert_eq!(places(direction, &[("crates/sync/Cargo.toml", up)]), ["crates/sync/Cargo.toml:2"]);
        assert_eq!(places(direction, &[("crates/server/Cargo.toml", up)]), [""; 0]);
        let renamed = "[dependencies]\nrules = { package = \"congress\", path = \"../congress\" }\n";
        assert_eq!(places(direction, &[("crates/sync/Cargo.toml", renamed)]), ["crates/sync/Cargo.toml:1"]);
    }

    #[test]
    fn the_app_knows_the_server_only_in_tests_on_the_host() {
        let app = |section: &str| format!("[{section}]\nserver = {{ workspace = true }}\n");
        let host = "target.'cfg(not(target_arch = \"wasm32\"))'";
        let at = |section: &str| places(direction, &[("Cargo.toml", &app(section))]);
        assert_eq!(at(&format!("{host}.dev-dependencies")), [""; 0]);
        assert_eq!(at("dependencies"), ["Cargo.toml:2"]);
        assert_eq!(at("dev-dependencies"), ["Cargo.toml:2"]);
        assert_eq!(at(&format!("{host}.dependencies")), ["Cargo.toml:2"]);
    }

    #[test]
    fn a_crate_without_a_floor_is_found() {
        assert_eq!(places(direction, &[("crates/new/Cargo.toml", "[package]\n")]), ["crates/new/Cargo.toml:1"]);
    }

    #[test]
    fn a_dependency_without_a_reason_is_found() {
        let manifest = "[dependencies]\nserde = \"1\"\nrand = \"1\"\n";
        let files = [("crates/server/Cargo.toml", manifest), (STYLE, "- `serde`: JSON.\n")];
        assert_eq!(places(reasons, &files), ["crates/server/Cargo.toml:3"]);
    }
}

//! Builds the two things that are shipped: the app (into `dist/`) and the server. The app is skipped when nothing that
//! goes into it has changed since `dist/` was written; the server is left to cargo, which knows.

use crate::{dist, shell, split, tools};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Everything that can change a byte of the app.
const APP_INPUTS: [&str; 14] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/congress",
    "crates/sync",
    "index.html",
    "public",
    "src",
    "style",
    "xtask/src/build.rs",
    "xtask/src/compress.rs",
    "xtask/src/dist.rs",
    "xtask/src/names.rs",
    "xtask/src/split.rs",
];
/// Leptos then renders erased views instead of a copy of the renderer for each: an eighth less to download.
const ERASE_COMPONENTS: [&str; 2] = ["--cfg", "erase_components"];
const STAMP: &str = ".stamp";

/// Where trunk writes; `dist/` also keeps the assets of earlier builds and is written from here.
pub fn fresh_app_dir() -> PathBuf {
    shell::target_dir().join("pwa")
}

pub fn dist_dir() -> PathBuf {
    shell::root().join("dist")
}

pub fn server_program() -> PathBuf {
    shell::target_dir().join("release/congress-server")
}

/// Brings `dist/` up to date; says so and does nothing where it is.
pub fn app() -> Result<()> {
    let stamp = dist_dir().join(STAMP);
    let mut inputs = hash_of(&shell::root(), &APP_INPUTS)?;
    if !tools::has_node() {
        inputs.push_str(" without wasm-opt");
    }
    if fs::read_to_string(&stamp).is_ok_and(|built| built == inputs) {
        println!("      nothing changed since the last build");
        return Ok(());
    }
    let tools = tools::web_tools()?;
    // Trunk is told to be offline (it must never download a tool), and hands that on to cargo.
    shell::run(shell::cargo().args(["fetch", "--quiet"]))?;
    trunk(&tools, &fresh_app_dir())?;
    split::take_apart(&tools, &fresh_app_dir())?;
    let template = fs::read_to_string(shell::root().join("public/sw.js")).context("reading public/sw.js")?;
    dist::publish(&fresh_app_dir(), &dist_dir(), &template)?;
    fs::write(stamp, inputs)?;
    Ok(())
}

fn trunk(tools: &tools::WebTools, out: &Path) -> Result<()> {
    shell::run(
        shell::command(tools.trunk.join("trunk"))
            .args(["build", "--release", "--config", "Trunk.toml", "--dist"])
            .arg(out)
            .env("PATH", shell::path_with(&[tools.trunk.clone(), tools.wasm_bindgen.clone()])?)
            // Cargo's own variables would reach the build scripts below and rebuild everything.
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("NO_COLOR")
            .env("RUST_BACKTRACE", "0")
            .env("CARGO_ENCODED_RUSTFLAGS", rust_flags()?.join("\x1f")),
    )
}

fn rust_flags() -> Result<Vec<String>> {
    let mut flags: Vec<String> = ERASE_COMPONENTS.iter().chain(&split::RUST_FLAGS).map(ToString::to_string).collect();
    // Where this machine keeps its crates is nobody's business, and every panic would carry it.
    let sources = shell::cargo_home()?.join("registry/src");
    // A machine that has its crates elsewhere builds all the same.
    for registry in fs::read_dir(sources).into_iter().flatten() {
        flags.push(format!("--remap-path-prefix={}/=", registry?.path().display()));
    }
    Ok(flags)
}

pub fn server() -> Result<()> {
    shell::run(shell::cargo().args(["build", "--release", "-p", "server"]).args(shell::quiet_in_logs()))?;
    if !server_program().exists() {
        bail!("the package `server` built no {}", server_program().display());
    }
    Ok(())
}

/// SHA-256 over names and contents, in the order of the names.
fn hash_of(root: &Path, inputs: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for input in inputs {
        for path in dist::files_under(&root.join(input))? {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            let bytes = fs::read(&path)?;
            hash.update(format!("{name}\0{}\0", bytes.len()));
            hash.update(bytes);
        }
    }
    Ok(dist::hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_of_an_input_changes_the_hash() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("src")).unwrap();
        fs::write(dir.path().join("src/a.rs"), "1").unwrap();
        let hash = || hash_of(dir.path(), &["src", "missing"]).unwrap();
        let first = hash();
        assert_eq!(first, hash());
        fs::write(dir.path().join("src/a.rs"), "2").unwrap();
        let second = hash();
        assert_ne!(first, second);
        fs::rename(dir.path().join("src/a.rs"), dir.path().join("src/b.rs")).unwrap();
        assert_ne!(second, hash());
    }
}

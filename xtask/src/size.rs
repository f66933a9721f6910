//! `cargo xtask size`: what a delegate's phone downloads before the first screen, and what it keeps to open offline.
//! Sizes are the brotli forms, as the server sends them.

use crate::{args::Args, build, compress, dist};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path};

/// Budgets of perf.md, in kB of 1,024 bytes.
const FIRST_SCREEN_KB: f64 = 230.0;
const FIRST_SCREEN_LIMIT_KB: f64 = 300.0;
const FIRST_SCREEN_FILES: usize = 8;
const PRECACHE_KB: f64 = 350.0;
const PRECACHE_FILES: usize = 12;

struct Part {
    url: String,
    kilobytes: f64,
    first_screen: bool,
}

pub fn command(args: Args) -> Result<()> {
    args.finish()?;
    println!("[1/1] building the app…");
    build::app()?;
    let parts = parts_of(&build::fresh_app_dir(), &build::dist_dir())?;
    for part in &parts {
        let mark = if part.first_screen { "first screen" } else { "" };
        println!("{:>9.1} kB  {:<48} {mark}", part.kilobytes, part.url);
    }
    let first: Vec<_> = parts.iter().filter(|part| part.first_screen).collect();
    let first_kb: f64 = first.iter().map(|part| part.kilobytes).sum();
    let all_kb: f64 = parts.iter().map(|part| part.kilobytes).sum();
    println!();
    println!("{:<34} {:>10} {:>10}", "figure", "value", "budget");
    line("first screen, brotli kB", first_kb, FIRST_SCREEN_KB, 1);
    line("first screen, files", first.len() as f64, FIRST_SCREEN_FILES as f64, 0);
    line("precache, brotli kB", all_kb, PRECACHE_KB, 1);
    line("precache, files", parts.len() as f64, PRECACHE_FILES as f64, 0);
    if first_kb > FIRST_SCREEN_LIMIT_KB {
        bail!("the first screen is past its hard limit of {FIRST_SCREEN_LIMIT_KB} kB");
    }
    Ok(())
}

fn line(figure: &str, value: f64, budget: f64, digits: usize) {
    let verdict = if value > budget { "over" } else { "ok" };
    println!("{figure:<34} {value:>10.digits$} {budget:>10.digits$}  {verdict}");
}

fn parts_of(fresh: &Path, dist: &Path) -> Result<Vec<Part>> {
    let page = fs::read_to_string(fresh.join("index.html")).context("there is no build in target/pwa")?;
    // Beside the page as it opens an invitation: the parts that it asks ahead for otherwise have no folder in their names.
    let mut imports = String::new();
    for path in dist::files_under(fresh)?.iter().filter(|path| path.extension().is_some_and(|kind| kind == "js")) {
        if page.contains(&file_name(path)) && !path.ends_with("sw.js") {
            // What a module imports is needed with it; what it fetches is not.
            let text = fs::read_to_string(path)?;
            imports.extend(text.lines().filter(|line| line.starts_with("import")));
        }
    }
    let mut parts = Vec::new();
    for (url, _) in dist::precache(fresh)? {
        let name = if url == "/" { "index.html" } else { url.trim_start_matches('/') };
        let path = dist.join(name);
        let code = path.extension().is_some_and(|kind| ["js", "css", "wasm"].iter().any(|code| kind == *code));
        let is_needed = || page.contains(&url) || imports.contains(&file_name(&path));
        let first_screen = url == "/" || (code && is_needed());
        parts.push(Part { url, kilobytes: compress::transfer_bytes(&path)? as f64 / 1024.0, first_screen });
    }
    Ok(parts)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_screen_is_the_page_and_the_code_that_it_names() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("index.html", "<script type=module>import init from '/app-1.js'; init('/app-1_bg.wasm')</script>"),
            ("app-1.js", "import { x } from './snippets/inline0.js'"),
            ("app-1_bg.wasm", "wasm"),
            ("inline0.js", "export const x = 1\nconst y = fetch('later.wasm')"),
            ("later.wasm", "later"),
            ("icon.svg", "<svg/>"),
            ("sw.js", "worker"),
            (".staff-files", ""),
        ] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let parts = parts_of(dir.path(), dir.path()).unwrap();
        let first: Vec<_> = parts.iter().filter(|part| part.first_screen).map(|part| part.url.as_str()).collect();
        assert_eq!(first, ["/app-1.js", "/app-1_bg.wasm", "/", "/inline0.js"]);
        assert_eq!(parts.len(), 6);
    }
}

//! Takes the app that trunk built apart: what the first screen needs, and the screens that src/later.rs names, each
//! in a file of its own. All files of a build lie in one folder named by their content, so that a browser may keep
//! them for ever and two builds never mix.

use crate::{
    dist, names, shell,
    tools::{Shrinkers, WebTools},
};
use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Lets the splitter see what calls what.
pub const RUST_FLAGS: [&str; 3] = ["--cfg", "split", "-Clink-arg=--emit-relocs"];
const APP: &str = "delegate-app";
/// What the splitter writes beside the parts, to fetch them.
const GLUE: &str = "__wasm_split.js";
/// What WebAssembly may use (wasm-opt must be told).
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];
/// Written beside the build, not shipped: the files that only staff need, one a line.
const STAFF_LIST: &str = ".staff-files";
const STAFF_PART: &str = "staff";
/// What everybody needs who is enrolled.
const SCREENS_PART: &str = "screens";
/// Gives the glue a part that the page asked for ahead, once, or asks for it now.
const TAKE_PART: &str = r#"
const take = (name, url) => {
  const ask = () => WebAssembly.compileStreaming(fetch(url)), ahead = window.parts?.[name];
  if (!ahead) return ask();
  delete window.parts[name];
  return ahead.catch(ask);
};
"#;

/// The files of the parts, by their names.
struct Parts {
    screens: BTreeSet<String>,
    /// Those that only staff need.
    staff: BTreeSet<String>,
}

/// Replaces the one program in `fresh` by its parts.
pub fn take_apart(tools: &WebTools, fresh: &Path) -> Result<()> {
    let program = shell::target_dir().join("wasm32-unknown-unknown/wasm-release").join(format!("{APP}.wasm"));
    let work = shell::target_dir().join("split");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let parts = work.join("parts");
    let names = split(&program, &work, &parts)?;
    take_what_came_ahead(&parts.join(GLUE))?;
    bind(tools, &work.join(format!("{APP}.wasm")), &parts)?;
    if let Some(Shrinkers { wasm_opt, esbuild }) = &tools.smaller {
        names::shorten(&parts.join(format!("{APP}_bg.wasm")), &parts.join(format!("{APP}.js")))?;
        bundle(esbuild, &parts)?;
        shrink_styles(esbuild, &work, &fresh.join("index.html"))?;
        for path in dist::files_under(&parts)? {
            if path.extension().is_some_and(|kind| kind == "wasm") {
                optimise(wasm_opt, &path)?;
            }
        }
    }
    install(&parts, &names, fresh)
}

/// The parts into `parts`, the first one beside them for wasm-bindgen.
fn split(program: &Path, work: &Path, parts: &Path) -> Result<Parts> {
    let input = fs::read(program).with_context(|| format!("reading {}", program.display()))?;
    let (main, glue) = (work.join(format!("{APP}.wasm")), format!("./{APP}.js"));
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = parts;
    options.main_out_path = &main;
    options.main_module = &glue;
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("splitting the app: {error:#}"))?;
    let needed_by = |part: &str| -> BTreeSet<String> {
        split.prefetch_map.get(part).into_iter().flatten().map(|file| format!("{file}.wasm")).collect()
    };
    let screens = needed_by(SCREENS_PART);
    let staff: BTreeSet<String> = needed_by(STAFF_PART).difference(&screens).cloned().collect();
    if screens.is_empty() || staff.is_empty() {
        bail!("the later screens were not split off: {:?}", split.prefetch_map);
    }
    Ok(Parts { screens, staff })
}

/// Has the glue take what the page asked for while it was being read ([`ask_ahead`]).
fn take_what_came_ahead(glue: &Path) -> Result<()> {
    let script = fs::read_to_string(glue).with_context(|| format!("reading {}", glue.display()))?;
    Ok(fs::write(glue, taking(&script)?)?)
}

fn taking(script: &str) -> Result<String> {
    let (fetch, instantiate) = ("fetch(new URL(\"./", "WebAssembly.instantiateStreaming(src, imports)");
    let mut parts = script.split(fetch);
    let mut taking = format!("{TAKE_PART}{}", parts.next().unwrap_or_default());
    for part in parts {
        let Some((name, rest)) = part.split_once('"') else { bail!("a part has no name") };
        taking.push_str(&format!("take(\"{name}\", new URL(\"./{name}\"{}", rest));
    }
    let count = taking.matches(instantiate).count();
    if count == 0 || count != taking.matches("take(\"").count() {
        bail!("the glue of the splitter is not as it was:\n{script}");
    }
    Ok(taking.replace(instantiate, "WebAssembly.instantiate(await src, imports)"))
}

fn bind(tools: &WebTools, main: &Path, parts: &Path) -> Result<()> {
    shell::run(
        shell::command(tools.wasm_bindgen.join("wasm-bindgen"))
            .args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", APP, "--out-dir"])
            .arg(parts)
            .arg(main),
    )
}

/// One script, without what is for readers only.
fn bundle(esbuild: &Path, parts: &Path) -> Result<()> {
    let (script, bundled) = (parts.join(format!("{APP}.js")), parts.join("bundled.js"));
    shell::run(
        shell::command(esbuild)
            .args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=error"])
            .arg(&script)
            .arg(format!("--outfile={}", bundled.display())),
    )?;
    fs::rename(&bundled, &script)?;
    Ok(fs::remove_file(parts.join(GLUE))?)
}

/// The styles of the page without what is for readers only. Its scripts stay as they were written and read: the
/// lifeboat has to float when everything else is broken.
fn shrink_styles(esbuild: &Path, work: &Path, page: &Path) -> Result<()> {
    const TAG: (&str, &str) = ("<style>", "</style>");
    let html = fs::read_to_string(page)?;
    let mut rest = html.as_str();
    let mut styles = String::new();
    while let Some((_, after)) = rest.split_once(TAG.0) {
        let Some((style, after)) = after.split_once(TAG.1) else { bail!("a style of the page has no end") };
        styles.push_str(style);
        rest = after;
    }
    let Some(start) = html.find(TAG.0) else { bail!("the page has no {}", TAG.0) };
    let style = work.join("style.css");
    fs::write(&style, styles)?;
    shell::run(
        shell::command(esbuild)
            .args(["--minify", "--target=esnext", "--log-level=error", "--allow-overwrite"])
            .arg(&style)
            .arg(format!("--outfile={}", style.display())),
    )?;
    let end = html.rfind(TAG.1).map_or(html.len(), |at| at + TAG.1.len());
    let shrunk = fs::read_to_string(&style)?;
    Ok(fs::write(page, format!("{}{}{}{}{}", &html[..start], TAG.0, shrunk.trim_end(), TAG.1, &html[end..]))?)
}

fn optimise(wasm_opt: &Path, path: &Path) -> Result<()> {
    shell::run(shell::command(wasm_opt).args(FEATURES).arg("-Oz").arg(path).arg("-o").arg(path))
}

/// Moves the parts into their folder and points the page at it.
fn install(parts: &Path, names: &Parts, fresh: &Path) -> Result<()> {
    let files = dist::files_under(parts)?;
    let mut hash = Sha256::new();
    for path in &files {
        hash.update(path.strip_prefix(parts)?.to_string_lossy().as_bytes());
        hash.update(Sha256::digest(fs::read(path)?));
    }
    let folder = format!("app-{}", &dist::hex(&hash.finalize())[..16]);
    for path in &files {
        let to = fresh.join(&folder).join(path.strip_prefix(parts)?);
        fs::create_dir_all(to.parent().unwrap_or(fresh))?;
        fs::copy(path, to)?;
    }
    for whole in [format!("{APP}.js"), format!("{APP}_bg.wasm")] {
        fs::remove_file(fresh.join(whole))?;
    }
    let page = fresh.join("index.html");
    let html = point_at(&folder, parts.join(GLUE).exists(), &fs::read_to_string(&page)?)?;
    fs::write(&page, ask_ahead(&folder, &names.screens, &html)?)?;
    let list: Vec<String> = names.staff.iter().map(|file| format!("/{folder}/{file}")).collect();
    Ok(fs::write(fresh.join(STAFF_LIST), list.join("\n"))?)
}

/// The page with the parts in place of the program: compiled once, by the script in its head, and with what the first
/// part imports asked for at once.
fn point_at(folder: &str, has_glue: bool, html: &str) -> Result<String> {
    let (whole, in_folder) = (format!("/{APP}"), format!("/{folder}/{APP}"));
    let (again, compiled) = (format!("module_or_path: '{whole}_bg.wasm'"), "module_or_path: window.program");
    let first_module = format!("<link rel=\"modulepreload\" href=\"{whole}.js\" crossorigin=\"anonymous\">");
    for needed in [&first_module, &again, &format!("fetch(\"{whole}_bg.wasm\")")] {
        if !html.contains(needed) {
            bail!("the page does not hold {needed}");
        }
    }
    // What trunk asks for at the end of the head has been asked for at its beginning.
    let html: String =
        html.lines().flat_map(|line| [if line.ends_with("</head>") { "</head>" } else { line }, "\n"]).collect();
    let mut all_modules = first_module.clone();
    if has_glue {
        all_modules =
            format!("{first_module}\n  {}", first_module.replace(&format!("{whole}.js"), &format!("/{folder}/{GLUE}")));
    }
    Ok(html.replace(&again, compiled).replacen(&first_module, &all_modules, 1).replace(&whole, &in_folder))
}

/// The page with a request, right behind that for the first part, for what an account needs; an invitation is read
/// without it, and has the line for itself.
fn ask_ahead(folder: &str, screens: &BTreeSet<String>, html: &str) -> Result<String> {
    let first = format!("window.program = WebAssembly.compileStreaming(fetch(\"/{folder}/{APP}_bg.wasm\"));");
    if !html.contains(&first) {
        bail!("the page does not hold {first}");
    }
    let names: Vec<String> = screens.iter().map(|name| format!("\"{name}\"")).collect();
    let ask = format!(
        "{first}
    if (location.pathname !== \"/e\") {{
      window.parts = {{}};
      [{}].forEach(function (name) {{
        (parts[name] = WebAssembly.compileStreaming(fetch(\"/{folder}/\" + name))).catch(function () {{ }});
      }});
    }}",
        names.join(", ")
    );
    Ok(html.replacen(&first, &ask, 1))
}

/// Addresses of the files that only staff need.
pub fn staff_files(fresh: &Path) -> Result<BTreeSet<String>> {
    let path: PathBuf = fresh.join(STAFF_LIST);
    let list = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    Ok(list.lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<head>
<script>window.program = WebAssembly.compileStreaming(fetch("/delegate-app_bg.wasm"));</script>
<link rel="modulepreload" href="/delegate-app.js" crossorigin="anonymous">
<link rel="modulepreload" href="/delegate-app.js"><link rel="preload" href="/delegate-app_bg.wasm"></head>
<script type="module">import init from '/delegate-app.js'; init({ module_or_path: '/delegate-app_bg.wasm' })</script>
"#;

    fn names() -> Parts {
        let named = |name: &str| BTreeSet::from([name.to_owned()]);
        Parts { screens: named("split_screens.wasm"), staff: named("split_staff.wasm") }
    }

    fn folder_in(page: &str) -> String {
        page.split('/').find(|part| part.starts_with("app-")).unwrap().to_owned()
    }

    fn built() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let (parts, fresh) = (dir.path().join("parts"), dir.path().join("fresh"));
        for folder in [&parts, &fresh] {
            fs::create_dir(folder).unwrap();
        }
        for (name, text) in [
            ("delegate-app.js", "first"),
            (GLUE, "glue"),
            ("delegate-app_bg.wasm", "first"),
            ("split_screens.wasm", "screens"),
            ("split_staff.wasm", "staff"),
        ] {
            fs::write(parts.join(name), text).unwrap();
        }
        for name in ["delegate-app.js", "delegate-app_bg.wasm"] {
            fs::write(fresh.join(name), "whole").unwrap();
        }
        fs::write(fresh.join("index.html"), PAGE).unwrap();
        (dir, parts, fresh)
    }

    #[test]
    fn the_page_names_the_folder_of_the_parts_and_nothing_else_is_left() {
        let (_dir, parts, fresh) = built();
        install(&parts, &names(), &fresh).unwrap();
        let page = fs::read_to_string(fresh.join("index.html")).unwrap();
        let folder = folder_in(&page);
        let expected = r#"<head>
<script>window.program = WebAssembly.compileStreaming(fetch("/FOLDER/delegate-app_bg.wasm"));
    if (location.pathname !== "/e") {
      window.parts = {};
      ["split_screens.wasm"].forEach(function (name) {
        (parts[name] = WebAssembly.compileStreaming(fetch("/FOLDER/" + name))).catch(function () { });
      });
    }</script>
<link rel="modulepreload" href="/FOLDER/delegate-app.js" crossorigin="anonymous">
  <link rel="modulepreload" href="/FOLDER/__wasm_split.js" crossorigin="anonymous">
</head>
<script type="module">import init from '/FOLDER/delegate-app.js'; init({ module_or_path: window.program })</script>
"#;
        assert_eq!(page, expected.replace("FOLDER", &folder));
        let names: Vec<_> = dist::files_under(&fresh).unwrap();
        assert_eq!(names.len(), 6, "{names:?}");
        assert_eq!(staff_files(&fresh).unwrap(), [format!("/{folder}/split_staff.wasm")].into());
    }

    #[test]
    fn the_glue_takes_what_came_ahead() {
        let part = "() => {\n    const src = fetch(new URL(\"./chunk_3.wasm\", import.meta.url));\n    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));\n}";
        let expected = "() => {\n    const src = take(\"chunk_3.wasm\", new URL(\"./chunk_3.wasm\", import.meta.url));\n    return async (imports) => (WebAssembly.instantiate(await src, imports));\n}";
        assert_eq!(taking(part).unwrap(), format!("{TAKE_PART}{expected}"));
        assert!(taking("another glue").is_err());
    }

    #[test]
    fn a_bundled_script_asks_for_no_other() {
        let (_dir, parts, fresh) = built();
        fs::remove_file(parts.join(GLUE)).unwrap();
        install(&parts, &names(), &fresh).unwrap();
        assert!(!fs::read_to_string(fresh.join("index.html")).unwrap().contains(GLUE));
    }

    #[test]
    fn another_part_is_another_folder() {
        let folder_of = |text: &str| {
            let (_dir, parts, fresh) = built();
            fs::write(parts.join("split_staff.wasm"), text).unwrap();
            install(&parts, &names(), &fresh).unwrap();
            fs::read_to_string(fresh.join("index.html")).unwrap()
        };
        assert_eq!(folder_of("one"), folder_of("one"));
        assert_ne!(folder_of("one"), folder_of("two"));
    }

    #[test]
    fn a_page_without_the_app_is_refused() {
        let (_dir, parts, fresh) = built();
        fs::write(fresh.join("index.html"), "nothing").unwrap();
        assert!(install(&parts, &names(), &fresh).is_err());
    }
}

//! Turns what trunk wrote into what the server serves: the service worker with its list of files, and brotli and gzip
//! beside each file. Old hashed files stay for 90 days, for tabs that still run the build before; nothing else does.

use crate::{compress, split};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// How long a tab that was never closed may still ask for the files of its own build (design.md 6).
const KEEP_OLD_ASSETS: Duration = Duration::from_secs(90 * 24 * 60 * 60);
const HASH_DIGITS_MIN: usize = 8;
const SERVICE_WORKER: &str = "sw.js";
const PRECACHE_PLACE: &str = "/*PRECACHE*/[]";
const STAFF_PLACE: &str = "/*STAFF*/[]";
const VERSION_PLACE: &str = "/*VERSION*/\"dev\"";

/// One file of the shell: where it is fetched and the SHA-256 of its bytes.
pub type Entry = (String, String);

/// Writes the build in `fresh` into `dist` and drops what is too old.
pub fn publish(fresh: &Path, dist: &Path, worker_template: &str) -> Result<()> {
    let of_staff = split::staff_files(fresh)?;
    let (staff, shell): (Vec<_>, Vec<_>) = shipped(fresh)?.into_iter().partition(|(url, _)| of_staff.contains(url));
    let worker = service_worker(worker_template, &shell, &staff)?;
    fs::create_dir_all(dist)?;
    let mut current = BTreeSet::new();
    for source in files_under(fresh)? {
        let name = source.strip_prefix(fresh)?.to_owned();
        if name != Path::new(SERVICE_WORKER) {
            place(dist, &name, &fs::read(&source)?)?;
            current.insert(name);
        }
    }
    place(dist, Path::new(SERVICE_WORKER), worker.as_bytes())?;
    current.insert(SERVICE_WORKER.into());
    sweep(dist, &current, SystemTime::now())
}

/// The files that a delegate's phone needs to open with no network.
pub fn precache(fresh: &Path) -> Result<Vec<Entry>> {
    let of_staff = split::staff_files(fresh)?;
    Ok(shipped(fresh)?.into_iter().filter(|(url, _)| !of_staff.contains(url)).collect())
}

/// Everything that is shipped but the service worker. The page itself is fetched as `/`.
fn shipped(fresh: &Path) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for path in files_under(fresh)? {
        let name = path.strip_prefix(fresh)?.to_string_lossy().into_owned();
        if name == SERVICE_WORKER {
            continue;
        }
        let url = if name == "index.html" { "/".to_owned() } else { format!("/{name}") };
        entries.push((url, hex(&Sha256::digest(fs::read(&path)?))));
    }
    Ok(entries)
}

/// The template with its list and a version that changes whenever the list or the template does.
fn service_worker(template: &str, shell: &[Entry], staff: &[Entry]) -> Result<String> {
    for place in [PRECACHE_PLACE, STAFF_PLACE, VERSION_PLACE] {
        if template.matches(place).count() != 1 {
            bail!("public/sw.js must hold {place} exactly once");
        }
    }
    let (list, staff) = (serde_json::to_string(shell)?, serde_json::to_string(staff)?);
    let version = hex(&Sha256::digest(format!("{template}{list}{staff}")));
    let version = version.get(..16).context("a hash is longer than 16 digits")?;
    Ok(template
        .replace(PRECACHE_PLACE, &list)
        .replace(STAFF_PLACE, &staff)
        .replace(VERSION_PLACE, &format!("\"{version}\"")))
}

/// Writes one file and its compressed forms, unless all of it is there already.
fn place(dist: &Path, name: &Path, bytes: &[u8]) -> Result<()> {
    let path = dist.join(name);
    let unchanged = fs::read(&path).is_ok_and(|old| old == bytes);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    if unchanged {
        fs::File::options().write(true).open(&path)?.set_modified(SystemTime::now())?;
    } else {
        fs::write(&path, bytes)?;
    }
    compress::beside(&path, bytes, unchanged)
}

/// Removes what this build no longer has: at once, or after 90 days where a hash in the name makes it immutable.
fn sweep(dist: &Path, current: &BTreeSet<PathBuf>, now: SystemTime) -> Result<()> {
    for path in files_under(dist)? {
        let name = path.strip_prefix(dist)?;
        if current.contains(&compress::original_of(name)) {
            continue;
        }
        let age = now.duration_since(fs::metadata(&path)?.modified()?).unwrap_or_default();
        if !is_hashed(name) || age > KEEP_OLD_ASSETS {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Whether a name carries trunk's hash, in the file or in its folder. Trunk writes no leading zeros.
fn is_hashed(name: &Path) -> bool {
    let text = name.to_string_lossy();
    text.split(|c: char| !c.is_ascii_hexdigit()).any(|run| run.len() >= HASH_DIGITS_MIN)
}

/// All files below `path` (or `path` itself), sorted; an absent path has none. Hidden files are not ours to ship.
pub fn files_under(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path)?.collect::<std::io::Result<_>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            if !entry.file_name().to_string_lossy().starts_with('.') {
                files.extend(files_under(&entry.path())?);
            }
        }
    }
    Ok(files)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "const FILES = /*PRECACHE*/[], MORE = /*STAFF*/[], VERSION = /*VERSION*/\"dev\";";

    fn write(dir: &Path, name: &str, text: &str) {
        fs::create_dir_all(dir.join(name).parent().unwrap()).unwrap();
        fs::write(dir.join(name), text).unwrap();
    }

    fn names(dir: &Path) -> Vec<String> {
        let files = files_under(dir).unwrap();
        files.iter().map(|path| path.strip_prefix(dir).unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn the_worker_lists_every_file_with_its_hash() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "index.html", "abc");
        write(dir.path(), "icons/one.svg", "");
        write(dir.path(), ".staff-files", "");
        let worker = service_worker(TEMPLATE, &precache(dir.path()).unwrap(), &[]).unwrap();
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(worker.contains(&format!("[\"/\",\"{abc}\"]")), "{worker}");
        assert!(worker.contains("\"/icons/one.svg\""), "{worker}");
        assert!(!worker.contains("\"dev\""), "{worker}");
        write(dir.path(), "index.html", "abd");
        assert_ne!(worker, service_worker(TEMPLATE, &precache(dir.path()).unwrap(), &[]).unwrap());
    }

    #[test]
    fn what_only_staff_need_stands_in_a_list_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let fresh = dir.path().join("fresh");
        for name in ["index.html", "app-1/first.wasm", "app-1/staff.wasm"] {
            write(&fresh, name, name);
        }
        write(&fresh, ".staff-files", "/app-1/staff.wasm");
        assert_eq!(precache(&fresh).unwrap().len(), 2);
        publish(&fresh, &dir.path().join("dist"), TEMPLATE).unwrap();
        let worker = fs::read_to_string(dir.path().join("dist/sw.js")).unwrap();
        let (shell, staff) = worker.split_once("MORE").unwrap();
        assert!(shell.contains("first.wasm") && !shell.contains("staff") && staff.contains("staff.wasm"), "{worker}");
    }

    #[test]
    fn a_template_without_its_places_is_refused() {
        assert!(service_worker("const FILES = [];", &[], &[]).is_err());
    }

    #[test]
    fn the_files_of_the_build_before_stay_90_days_and_only_those_with_a_hash() {
        let dir = tempfile::tempdir().unwrap();
        let (fresh, dist) = (dir.path().join("fresh"), dir.path().join("dist"));
        write(&fresh, "index.html", "one");
        write(&fresh, "app-123456789abcdef.js", &"let a = 1;".repeat(500));
        write(&fresh, "old.txt", "gone in the next build");
        write(&fresh, ".staff-files", "");
        publish(&fresh, &dist, TEMPLATE).unwrap();
        fs::remove_dir_all(&fresh).unwrap();
        write(&fresh, "index.html", "two");
        write(&fresh, ".staff-files", "");
        publish(&fresh, &dist, TEMPLATE).unwrap();
        let kept = ["app-123456789abcdef.js", "app-123456789abcdef.js.br", "app-123456789abcdef.js.gz"];
        assert_eq!(names(&dist), [&kept[..], &["index.html", "sw.js"]].concat());

        let later = SystemTime::now() + KEEP_OLD_ASSETS + Duration::from_secs(60);
        sweep(&dist, &["index.html".into(), "sw.js".into()].into(), later).unwrap();
        assert_eq!(names(&dist), ["index.html", "sw.js"]);
    }

    #[test]
    fn a_changed_file_gets_new_compressed_forms() {
        let dir = tempfile::tempdir().unwrap();
        let page = |word: &str| word.repeat(1000).into_bytes();
        place(dir.path(), Path::new("index.html"), &page("one")).unwrap();
        let before = fs::read(dir.path().join("index.html.br")).unwrap();
        place(dir.path(), Path::new("index.html"), &page("two")).unwrap();
        assert_ne!(before, fs::read(dir.path().join("index.html.br")).unwrap());
        place(dir.path(), Path::new("index.html"), b"short").unwrap();
        assert_eq!(names(dir.path()), ["index.html"]);
    }
}

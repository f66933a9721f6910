//! Installs what the other commands need and the machine lacks: trunk, wasm-bindgen, wasm-opt, nextest, the wasm
//! target, browsers, PostgreSQL. Each cargo tool lands in a cache of its own version by one rename, so that a broken
//! install is never taken for a whole one, and a lock file keeps two of us from building the same thing.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

/// A program from the Rust registry. `wasm-bindgen` must equal the version of the crate in Cargo.toml exactly.
struct CargoTool {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    program: &'static str,
    flags: &'static [&'static str],
}

const TRUNK: CargoTool = CargoTool {
    name: "trunk",
    package: "trunk",
    version: "0.21.14",
    program: "trunk",
    flags: &["--no-default-features"], // no updater and no TLS: our trunk never downloads
};
const WASM_BINDGEN: CargoTool = CargoTool {
    name: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    program: "wasm-bindgen-test-runner",
    flags: &[],
};
const NEXTEST: CargoTool = CargoTool {
    name: "cargo-nextest",
    package: "cargo-nextest",
    version: "0.9.143",
    program: "cargo-nextest",
    flags: &[],
};
/// Firefox by WebDriver. Debian has no package of it.
const GECKODRIVER: CargoTool =
    CargoTool { name: "geckodriver", package: "geckodriver", version: "0.37.1", program: "geckodriver", flags: &[] };

/// A program from npm's registry.
struct NpmTool {
    package: &'static str,
    version: &'static str,
    program: &'static str,
}

/// Debian's is too old for this compiler.
const WASM_OPT: NpmTool = NpmTool { package: "binaryen", version: "132", program: "wasm-opt" };
const ESBUILD: NpmTool = NpmTool { package: "esbuild", version: "0.28.2", program: "esbuild" };

/// Folders of the programs that build the app.
pub struct WebTools {
    pub trunk: PathBuf,
    pub wasm_bindgen: PathBuf,
    /// `None` where there is no Node.
    pub smaller: Option<Shrinkers>,
}

/// The programs themselves that make a build smaller.
pub struct Shrinkers {
    pub wasm_opt: PathBuf,
    pub esbuild: PathBuf,
}

pub fn web_tools() -> Result<WebTools> {
    wasm_target()?;
    Ok(WebTools { trunk: cargo_tool(&TRUNK)?, wasm_bindgen: cargo_tool(&WASM_BINDGEN)?, smaller: shrinkers()? })
}

/// The program that runs WebAssembly tests in a browser.
pub fn wasm_test_runner() -> Result<PathBuf> {
    wasm_target()?;
    Ok(cargo_tool(&WASM_BINDGEN)?.join(WASM_BINDGEN.program))
}

/// Folders to put on `PATH` so that `cargo nextest` works; none if it is there already.
pub fn nextest() -> Result<Vec<PathBuf>> {
    if shell::answers("cargo-nextest", &["--version"]) { Ok(vec![]) } else { Ok(vec![cargo_tool(&NEXTEST)?]) }
}

/// Debian's Chromium, its driver, and the same without a desktop around it, at the paths that our configurations name.
pub fn chromium() -> Result<()> {
    const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "chromium-headless-shell"];
    let programs = ["/usr/bin/chromium", "/usr/bin/chromedriver", "/usr/bin/chromium-headless-shell"];
    if programs.iter().all(|program| Path::new(program).exists()) { Ok(()) } else { apt_install(&PACKAGES) }
}

/// Sees every write and every sync of a program, for the tests of power cuts.
pub fn strace() -> Result<()> {
    if shell::answers("strace", &["--version"]) { Ok(()) } else { apt_install(&["strace"]) }
}

/// Debian's PostgreSQL, as programs: the tests run clusters of their own.
pub fn postgres() -> Result<()> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    if versions.map(|version| version.path().join("bin/initdb")).any(|program| program.exists()) {
        return Ok(());
    }
    // Read by the package while it is installed: it is to start no service on a machine that never had one.
    const SETTING: &str = "/etc/postgresql-common/createcluster.d/delegate-app.conf";
    const WRITE: &str = "mkdir -p \"${1%/*}\" && echo 'create_main_cluster = false' > \"$1\"";
    shell::run(
        as_root()?.context("please run: sudo apt-get install postgresql")?.args(["sh", "-c", WRITE, "sh", SETTING]),
    )?;
    apt_install(&["postgresql"])
}

/// Debian's WebKit and Firefox, and a screen for the one that needs it; returns the program that speaks to Firefox.
pub fn other_engines() -> Result<PathBuf> {
    const BINDINGS: &str = "import gi; gi.require_version('WebKit2', '4.1')";
    const PROGRAMS: [(&str, &str); 3] = [
        ("/usr/bin/WebKitWebDriver", "webkit2gtk-driver"),
        ("/usr/bin/Xvfb", "xvfb"),
        ("/usr/bin/firefox-esr", "firefox-esr"),
    ];
    let absent = PROGRAMS.iter().filter(|(program, _)| !Path::new(program).exists());
    let mut missing: Vec<&str> = absent.map(|(_, package)| *package).collect();
    if !shell::answers("/usr/bin/python3", &["-c", BINDINGS]) {
        missing.extend(["python3-gi", "gir1.2-webkit2-4.1"]);
    }
    if !missing.is_empty() {
        apt_install(&missing)?;
    }
    Ok(cargo_tool(&GECKODRIVER)?.join(GECKODRIVER.program))
}

/// Node and npm, for the browser tests and the measurements.
pub fn node() -> Result<()> {
    if has_node() { Ok(()) } else { apt_install(&["nodejs", "npm"]) }
}

/// Without it the app is built without `wasm-opt`: larger, and it works.
pub fn has_node() -> bool {
    shell::answers("node", &["--version"]) && shell::answers("npm", &["--version"])
}

/// The packages of a folder's lock file, installed again only when that file changed.
pub fn node_packages(folder: &Path) -> Result<()> {
    node()?;
    let wanted = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    shell::run(
        shell::command("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(folder),
    )?;
    fs::write(stamp, wanted)?;
    Ok(())
}

fn cache() -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None => PathBuf::from(std::env::var_os("HOME").context("HOME is not set: where is the cache?")?).join(".cache"),
    };
    let dir = base.join("delegate-app/tools");
    fs::create_dir_all(&dir).with_context(|| format!("cannot write {}", dir.display()))?;
    Ok(dir)
}

fn wasm_target() -> Result<()> {
    let sysroot = shell::output(shell::command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown/lib").exists() {
        return Ok(());
    }
    println!("      adding the target wasm32-unknown-unknown");
    shell::run(shell::command("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
        .context("the app needs it: rustup target add wasm32-unknown-unknown")
}

/// The folder with the tool's program, after installing it if need be.
fn cargo_tool(tool: &CargoTool) -> Result<PathBuf> {
    let name = format!("{}-{}", tool.name, tool.version);
    let home = install_once(&name, &Path::new("bin").join(tool.program), |fresh| {
        println!("      installing {} {} (once; minutes)", tool.package, tool.version);
        let spec = format!("{}@{}", tool.package, tool.version);
        let install = |locked: bool| {
            let mut cargo = shell::cargo();
            // Unoptimised programs without debug information: they run for a second, their build is what one waits for.
            cargo
                .args(["install", "--debug"])
                .args(shell::quiet_in_logs())
                .args(locked.then_some("--locked"))
                .args(tool.flags);
            cargo.arg(&spec).arg("--root").arg(fresh);
            cargo.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_TARGET_DIR", shell::target_dir().join("tools"));
            shell::run(&mut cargo)
        };
        // A mirror of the registry can lag behind the lock file that a tool ships.
        install(true).or_else(|_| install(false))
    })?;
    Ok(home.join("bin"))
}

fn shrinkers() -> Result<Option<Shrinkers>> {
    if !has_node() {
        println!("      no Node here: the app is built without wasm-opt and esbuild, a quarter larger");
        return Ok(None);
    }
    Ok(Some(Shrinkers { wasm_opt: npm_tool(&WASM_OPT)?, esbuild: npm_tool(&ESBUILD)? }))
}

fn npm_tool(tool: &NpmTool) -> Result<PathBuf> {
    let program = Path::new("node_modules/.bin").join(tool.program);
    let wanted = format!("{}-{}", tool.package, tool.version);
    let home = install_once(&wanted, &program, |fresh| {
        println!("      installing {} {}", tool.package, tool.version);
        let mut npm = shell::command("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]).arg(fresh);
        shell::run(npm.arg(format!("{}@{}", tool.package, tool.version)).current_dir(fresh))
    })?;
    Ok(home.join(program))
}

/// `<cache>/<name>`, made by `install` in a temporary folder and renamed when whole.
fn install_once(name: &str, program: &Path, install: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    install_into(&cache()?, name, program, install)
}

fn install_into(
    cache: &Path,
    name: &str,
    program: &Path,
    install: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let home = cache.join(name);
    if home.join(program).exists() {
        return Ok(home);
    }
    let lock = File::create(cache.join(format!("{name}.lock")))?;
    lock.lock().with_context(|| format!("waiting for another install of {name}"))?;
    if home.join(program).exists() {
        return Ok(home);
    }
    let fresh = cache.join(format!(".{name}.installing"));
    for leftover in [&fresh, &home] {
        if leftover.exists() {
            fs::remove_dir_all(leftover)?;
        }
    }
    fs::create_dir_all(&fresh)?;
    install(&fresh)?;
    if !fresh.join(program).exists() {
        bail!("{name} was installed, but has no {}", program.display());
    }
    fs::rename(&fresh, &home)?;
    Ok(home)
}

fn apt_install(packages: &[&str]) -> Result<()> {
    let wanted = packages.join(" ");
    if !shell::answers("apt-get", &["--version"]) {
        bail!("please install {wanted}: the tests use Debian's packages");
    }
    println!("      installing {wanted} from Debian's packages");
    let apt = |arguments: &[&str]| {
        let mut command = as_root()?.with_context(|| format!("please run: sudo apt-get install {wanted}"))?;
        shell::run(command.arg("apt-get").args(arguments))
    };
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())
}

/// Runs its arguments as root, where that needs no question; `None` where it does.
fn as_root() -> Result<Option<Command>> {
    let root = shell::output(shell::command("id").arg("-u"))?.trim() == "0";
    if !root && !shell::answers("sudo", &["-n", "true"]) {
        return Ok(None);
    }
    let mut command = shell::command(if root { "env" } else { "sudo" });
    if !root {
        command.args(["-n", "env"]);
    }
    command.arg("DEBIAN_FRONTEND=noninteractive");
    Ok(Some(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_install_is_never_taken_for_a_whole_one() {
        let cache = tempfile::tempdir().unwrap();
        let program = Path::new("bin/tool");
        let broken = install_into(cache.path(), "tool-1", program, |fresh| Ok(fs::create_dir(fresh.join("bin"))?));
        assert!(broken.is_err());
        assert!(!cache.path().join("tool-1").exists());

        let whole = |fresh: &Path| {
            fs::create_dir(fresh.join("bin"))?;
            Ok(fs::write(fresh.join(program), "")?)
        };
        let home = install_into(cache.path(), "tool-1", program, whole).unwrap();
        assert!(home.join(program).exists());
        install_into(cache.path(), "tool-1", program, |_| bail!("installed twice")).unwrap();
    }
}

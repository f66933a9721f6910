//! A PostgreSQL for tests, from Debian's package: one cluster in a temporary folder, on a socket in that folder, shared
//! by all test processes of this machine. Nobody else's service is touched. A keeper ends it and removes its files when
//! no test has used it for a few seconds. Each caller gets a schema of its own, as one would get a database.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const USER: &str = "congress";
const MISSING: &str = "the tests need PostgreSQL, as a program and not as a service: apt-get install postgresql";

/// Runs the cluster and waits until nobody holds `users`; `lock` keeps newcomers out while it ends.
const KEEPER: &str = r#"
bin=$1 home=$2
exec 9<"$home/lock"
"$bin/postgres" -D "$home/data" -k "$home" -c listen_addresses= -c max_connections=300 -c log_min_messages=fatal 9<&- &
cluster=$! idle=0
while sleep 1 && kill -0 $cluster; do
  if flock -xn "$home/users" true; then idle=$((idle + 1)); else idle=0; fi
  if [ $idle -ge 5 ]; then
    flock 9
    if flock -xn "$home/users" true; then
      kill -INT $cluster
      wait $cluster
      rm -rf "$home/data"
      exit
    fi
    flock -u 9
    idle=0
  fi
done
"#;

/// The address of an empty database of its own.
pub fn new_database() -> String {
    static HOME: OnceLock<Home> = OnceLock::new();
    let home = HOME.get_or_init(Home::open);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let schema = format!("test_{}_{}", std::process::id(), since.as_nanos());
    let mut psql = Command::new(home.bin.join("psql"));
    psql.args(["-X", "-q", "-h"]).arg(&home.path).args(["-U", USER, "-d", "postgres", "-c"]);
    succeeded(psql.arg(format!("CREATE SCHEMA {schema}")).output().unwrap());
    format!("postgres://{USER}@localhost/postgres?host={}&options=-csearch_path%3D{schema}", home.path.display())
}

struct Home {
    path: PathBuf,
    bin: PathBuf,
    /// Who it runs as where we are root, which it refuses to be.
    owner: Option<String>,
    /// Held, shared, as long as this process lives.
    _users: File,
}

impl Home {
    fn open() -> Self {
        let bin = programs().unwrap_or_else(|| panic!("{MISSING}"));
        let own_id = succeeded(Command::new("id").arg("-u").output().unwrap());
        let owner = (own_id == "0").then(|| "postgres".to_owned());
        // Not the temporary folder of this user, which another one may not enter; and a socket's path is short.
        let path = Path::new("/tmp").join(format!("congress-tests-postgres-{own_id}"));
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
        let open = |name: &str| {
            let file = File::options().create(true).append(true).open(path.join(name)).unwrap();
            fs::set_permissions(path.join(name), Permissions::from_mode(0o644)).unwrap();
            file
        };
        let (lock, users, log) = (open("lock"), open("users"), open("log"));
        if let Some(owner) = &owner {
            open_null_device();
            let id = |kind: &str| succeeded(Command::new("id").arg(kind).arg(owner).output().unwrap()).parse().unwrap();
            chown(&path, Some(id("-u")), Some(id("-g"))).unwrap();
        }
        lock.lock().unwrap();
        users.lock_shared().unwrap();
        let home = Self { path, bin, owner, _users: users };
        if !home.answers() {
            home.start(&log);
        }
        home
    }

    fn start(&self, log: &File) {
        let data = self.path.join("data");
        if data.exists() {
            fs::remove_dir_all(&data).unwrap();
        }
        let mut initdb = self.command("initdb");
        initdb.args(["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"]).arg(&data);
        succeeded(initdb.output().unwrap());
        // In a session of its own: whoever ends one test must not end the cluster of the others.
        let mut keeper = self.unprivileged("setsid");
        keeper.args(["--fork", "sh", "-c", KEEPER, "keeper"]).arg(&self.bin).arg(&self.path).current_dir("/");
        keeper.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log.try_clone().unwrap());
        assert!(keeper.status().unwrap().success());
        for _ in 0..600 {
            if self.answers() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL did not start; see {}", self.path.join("log").display());
    }

    fn answers(&self) -> bool {
        let mut ready = Command::new(self.bin.join("pg_isready"));
        ready.arg("-q").arg("-h").arg(&self.path).status().unwrap().success()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.unprivileged(&self.bin.join(program).display().to_string());
        command.current_dir("/");
        command
    }

    fn unprivileged(&self, program: &str) -> Command {
        let Some(owner) = &self.owner else { return Command::new(program) };
        let mut command = Command::new("setpriv");
        command.args(["--reuid", owner, "--regid", owner, "--clear-groups", program]);
        command
    }
}

/// `initdb` writes to /dev/null. Programs that ran as root may have left it closed to everybody else.
fn open_null_device() {
    let null = Path::new("/dev/null");
    if fs::metadata(null).unwrap().permissions().mode() & 0o006 != 0o006 {
        fs::set_permissions(null, Permissions::from_mode(0o666)).unwrap();
    }
}

/// The newest version that Debian put there.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path()).collect();
    versions.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    let whole = |bin: &PathBuf| ["initdb", "postgres", "psql"].iter().all(|name| Path::exists(&bin.join(name)));
    versions.into_iter().rev().map(|version| version.join("bin")).find(whole)
}

fn succeeded(output: Output) -> String {
    assert!(output.status.success(), "{}\n{MISSING}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

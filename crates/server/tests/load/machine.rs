//! What the machine says of the server's process: memory and processor time, from /proc.

use std::fs;
use std::time::Duration;

use tokio::time::Instant;

/// Open files of this process for so many phones, three connections each, with some to spare. Many systems allow 20,000,
/// which is enough for 5,000 phones.
pub fn allow_files(phones: usize) {
    let wanted = phones as u64 * 3 + 2_000;
    let allowed = rlimit::increase_nofile_limit(wanted).unwrap_or(0);
    assert!(
        allowed >= wanted,
        "{phones} phones need {wanted} open files and this process may have {allowed}: ulimit -n {wanted}"
    );
}

/// Memory now and at its highest, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    pub resident: u64,
    pub peak: u64,
}

pub fn memory(process: u32) -> Memory {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let kilobytes = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1_024
    };
    Memory { resident: kilobytes("VmRSS:"), peak: kilobytes("VmHWM:") }
}

/// Processor time used so far, on all cores.
fn processor(process: u32) -> Duration {
    const TICKS_A_SECOND: u64 = 100;
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name may hold anything; after it come single words, the 12th and 13th of which are user and system time.
    let words: Vec<&str> = text.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = words[11..13].iter().map(|word| word.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 1_000 / TICKS_A_SECOND)
}

/// How much of the processor a process uses from now on.
pub struct Meter {
    process: u32,
    since: Instant,
    before: Duration,
}

impl Meter {
    pub fn start(process: u32) -> Self {
        Self { process, since: Instant::now(), before: processor(process) }
    }

    /// Cores in use, on average.
    pub fn cores(&self) -> f64 {
        (processor(self.process) - self.before).as_secs_f64() / self.since.elapsed().as_secs_f64()
    }
}

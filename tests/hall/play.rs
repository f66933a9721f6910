//! Plays one hall, or many on all cores; shrinks what fails.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::checks::Judge;
use crate::deeds;
use crate::faults::{Fault, Faults, Sabotage};
use crate::network;
use crate::store::Kind;
use crate::world::{Plan, World};

/// How a hall broke.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The step after which it did; `None` at rest.
    pub step: Option<u32>,
    pub what: String,
}

impl Plan {
    pub fn new(seed: u64, steps: u32, store: Kind) -> Self {
        Self { seed, steps, faults: None, store, sabotage: None, harder: 1, traced: false }
    }

    /// With a wrong design, and under faults in which it shows.
    pub fn with(self, sabotage: Sabotage) -> Self {
        let wrong = Self { sabotage: Some(sabotage), ..self };
        match sabotage {
            // Shows only where a restore, a lost write and a kill meet.
            Sabotage::EpochOfLedger => {
                let faults = [
                    Fault::ServerRestored,
                    Fault::LedgerWriteFailed,
                    Fault::AppKilled,
                    Fault::KilledBetween,
                    Fault::RequestLost,
                ];
                Self { faults: Some(Faults::of(&faults)), harder: 10, ..wrong }
            }
            _ => wrong,
        }
    }
}

/// Plays one hall. Returns it at rest, or what broke and when.
pub fn play(plan: Plan) -> Result<World, Broken> {
    let mut world = World::new(plan);
    let mut judge = Judge::default();
    for step in 0..plan.steps {
        deeds::one(&mut world);
        let ms = 20 + world.chance.bits() % 2_000;
        world.pass(ms);
        judge.look(&mut world).map_err(|what| Broken { step: Some(step), what })?;
    }
    deeds::heal(&mut world);
    for _ in 0..60 {
        world.pass(2_000);
    }
    judge.at_rest(&mut world).map_err(|what| Broken { step: None, what })?;
    Ok(world)
}

/// What many halls showed.
#[derive(Default)]
pub struct Report {
    pub passed: u64,
    pub failures: Vec<String>,
    /// For each fault and verdict: how often it was reached, and in how many halls.
    pub sight: BTreeMap<&'static str, (u64, u64)>,
    pub simulated_ms: u64,
    pub commands: u64,
    pub exempt: u64,
}

impl Report {
    fn take(&mut self, world: &World) {
        self.passed += 1;
        self.simulated_ms += world.now.since_ms(world.began);
        self.commands += world.written.len() as u64;
        self.exempt += world.exempt.len() as u64;
        for (what, times) in &world.sight {
            let seen = self.sight.entry(what).or_default();
            *seen = (seen.0 + times, seen.1 + 1);
        }
    }

    pub fn print(&self) {
        for (what, (times, halls)) in &self.sight {
            println!("{times:>10} times in {halls:>7} halls  {what}");
        }
        let hours = self.simulated_ms / 3_600_000;
        println!("{hours} simulated hours, {} commands, {} lost with their phones", self.commands, self.exempt);
        self.failures.iter().for_each(|broken| println!("{broken}"));
        println!("{} passed, {} failed", self.passed, self.failures.len());
    }

    /// Faults and verdicts that less than one hall in a hundred reached: where the test is blind.
    pub fn blind(&self) -> Vec<&'static str> {
        let verdicts = [
            "verdict accepted",
            "verdict late",
            "verdict rejected",
            "verdict parked",
            "push gap",
            "push forked",
            "ledger renumbered",
            "call answered",
            "call not answered",
            "asked under another person's cookie",
            network::TOO_LARGE,
            network::CUT,
            network::SENT_AWAY,
            network::CAME_BACK,
        ];
        let all = Fault::ALL.iter().filter(|fault| **fault != Fault::Replica).map(|fault| fault.text()).chain(verdicts);
        all.filter(|what| self.sight.get(what).is_none_or(|(_, halls)| halls * 100 < self.passed)).collect()
    }
}

/// Plays halls on all cores. Each fiftieth is played twice and must be the same, byte for byte.
pub fn play_all(plans: &[Plan]) -> Report {
    let (next, report) = (AtomicU64::new(0), Mutex::new(Report::default()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(plan) = usize::try_from(index).ok().and_then(|index| plans.get(index)) else { return };
                    let played = play_twice(*plan, index % 50 == 49);
                    let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
                    match played {
                        Ok(world) => report.take(&world),
                        Err(line) => {
                            println!("{line}");
                            report.failures.push(line);
                        }
                    }
                }
            });
        }
    });
    report.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn play_twice(plan: Plan, twice: bool) -> Result<World, String> {
    let plan = Plan { traced: twice, ..plan };
    let world = play(plan).map_err(|broken| shrunk(plan, broken))?;
    if twice && play(plan).map(|again| again.trace()) != Ok(world.trace()) {
        return Err(format!("{} # is not the same twice", plan.seed));
    }
    Ok(world)
}

/// The line for regressions.txt: the shortest and calmest hall that still breaks.
fn shrunk(plan: Plan, broken: Broken) -> String {
    let faults = plan.faults.unwrap_or_else(|| World::new(plan).faults);
    let (mut plan, mut broken) = (Plan { faults: Some(faults), traced: false, ..plan }, broken);
    let mut keep = |smaller: Plan, plan: &mut Plan| {
        if let Err(other) = play(smaller) {
            (*plan, broken) = (smaller, other);
        }
        plan.steps = broken.step.map_or(plan.steps, |step| step + 1);
    };
    keep(plan, &mut plan.clone());
    for _ in 0..2 {
        for part in [8, 4, 2] {
            keep(Plan { steps: plan.steps / part, ..plan }, &mut plan);
        }
        for fault in Fault::ALL.iter().filter(|fault| faults.has(**fault)) {
            let faults = plan.faults.map(|faults| faults.without(*fault));
            keep(Plan { faults, ..plan }, &mut plan);
        }
    }
    let left = plan.faults.unwrap_or(Faults(0));
    let names: Vec<_> = Fault::ALL.iter().filter(|fault| left.has(**fault)).map(|fault| fault.text()).collect();
    let when = broken.step.map_or("at rest".to_owned(), |step| format!("step {step}"));
    format!("{} {} {:x} # {when}: {}; with {}", plan.seed, plan.steps, left.0, broken.what, names.join(", "))
}

/// A line of regressions.txt: seed, steps and faults (hexadecimal); what is missing is as usual.
pub fn regression(line: &str) -> Option<Plan> {
    let mut words = line.split('#').next()?.split_whitespace();
    let seed = words.next()?.parse().ok()?;
    let steps = words.next().and_then(|word| word.parse().ok()).unwrap_or(400);
    let faults = words.next().and_then(|word| u64::from_str_radix(word, 16).ok()).map(Faults);
    Some(Plan { faults, ..Plan::new(seed, steps, Kind::Memory) })
}

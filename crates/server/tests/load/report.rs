//! The figures of a run, their budgets, and the table that is printed. A figure over its budget is said; nothing fails
//! because of time.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::book::{Lap, Pages};

/// One figure: its name in the JSON, what it is, its unit, and its budget if it has one.
struct Figure {
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    budget: Option<Budget>,
}

#[derive(Clone, Copy)]
enum Budget {
    AtMost(f64),
    AtLeast(f64),
}

use Budget::{AtLeast, AtMost};

const fn figure(name: &'static str, label: &'static str, unit: &'static str, budget: Option<Budget>) -> Figure {
    Figure { name, label, unit, budget }
}

const FIGURES: [Figure; 39] = [
    figure("enrolled_p50", "sign-in storm, everyone in 10 s: enrolled, p50", "ms", None),
    figure("enrolled_p95", "  p95", "ms", None),
    figure("enrolled_p99", "  p99", "ms", None),
    figure("ready_p95", "  all rows, p95", "ms", None),
    figure("documents_p95", "  all texts of documents, p95", "ms", None),
    figure("documents_p99", "  p99", "ms", None),
    figure("push_p50", "push acknowledged, steady, p50", "ms", None),
    figure("push_p95", "  p95", "ms", None),
    figure("push_p99", "  p99", "ms", Some(AtMost(500.0))),
    figure("push_n", "  of so many pushes", "", None),
    figure("storm_push_p50", "push acknowledged, storm, p50", "ms", None),
    figure("storm_push_p95", "  p95", "ms", None),
    figure("storm_push_p99", "  p99", "ms", Some(AtMost(2_000.0))),
    figure("drained_p50", "storm, 3 texts each, back in 2 s: drained, p50", "ms", None),
    figure("drained_p95", "  p95", "ms", Some(AtMost(15_000.0))),
    figure("drained_p99", "  p99", "ms", Some(AtMost(60_000.0))),
    figure("caught_up_p95", "  and caught up, p95", "ms", None),
    figure("presidium_p50", "presidium sees a comment, burst of 10/s, p50", "ms", None),
    figure("presidium_p95", "  p95", "ms", Some(AtMost(1_000.0))),
    figure("presidium_p99", "  p99", "ms", None),
    figure("storm_presidium_p95", "  in the storm, offline time included, p95", "ms", None),
    figure("spread_p50", "one change to all phones, beyond 2 s calm, p50", "ms", None),
    figure("spread_p95", "  p95", "ms", Some(AtMost(500.0))),
    figure("spread_max", "  last phone", "ms", None),
    figure("memory_start", "server memory: no phone", "MB", None),
    figure("memory_signed_in", "  all signed in, streams open", "MB", None),
    figure("memory_live", "  after reading, check-ins, comments", "MB", Some(AtMost(200.0))),
    figure("memory_storm", "  after the storm", "MB", None),
    figure("memory_peak", "  highest", "MB", None),
    figure("memory_client", "  per phone more than in the run before", "kB", Some(AtMost(40.0))),
    figure("cores_sign_in", "server processor, sign-in", "cores", None),
    figure("cores_reading", "  reading, cores per 1.000 phones", "cores", None),
    figure("cores_check_ins", "  1.586 check-ins in 20 min, same", "cores", None),
    figure("cores_burst", "  burst of 10 comments/s, same", "cores", None),
    figure("cores_storm", "  storm, cores in use", "cores", None),
    figure("commands_s", "commands a second, 64 connections", "/s", Some(AtLeast(3_000.0))),
    figure("command_us", "  server processor for one of them", "µs", None),
    figure("refused", "requests not answered at the first try", "", None),
    figure("acknowledged", "acknowledged commands, none missing", "", None),
];

/// One run with so many phones.
pub struct Run {
    pub phones: usize,
    pub values: BTreeMap<String, f64>,
    pub failures: BTreeMap<String, usize>,
}

impl Run {
    pub fn new(phones: usize) -> Self {
        Self { phones, values: BTreeMap::new(), failures: BTreeMap::new() }
    }

    pub fn set(&mut self, name: &str, value: f64) {
        self.values.insert(name.to_owned(), value);
    }

    /// Reads the book.
    pub fn take(&mut self, pages: &mut Pages) {
        const LAPS: [(Lap, &str); 10] = [
            (Lap::Enrolled, "enrolled"),
            (Lap::Ready, "ready"),
            (Lap::Documents, "documents"),
            (Lap::Push, "push"),
            (Lap::PushInStorm, "storm_push"),
            (Lap::Drained, "drained"),
            (Lap::CaughtUp, "caught_up"),
            (Lap::Presidium, "presidium"),
            (Lap::PresidiumInStorm, "storm_presidium"),
            (Lap::Spread, "spread"),
        ];
        for (lap, name) in LAPS {
            let Some(laps) = pages.laps.get_mut(&lap) else { continue };
            laps.sort();
            let at = |share: f64| laps[((share * laps.len() as f64).ceil() as usize).clamp(1, laps.len()) - 1];
            for (statistic, value) in [("p50", at(0.5)), ("p95", at(0.95)), ("p99", at(0.99)), ("max", at(1.0))] {
                self.set(&format!("{name}_{statistic}"), milliseconds(value));
            }
            self.set(&format!("{name}_n"), laps.len() as f64);
        }
        self.failures = pages.failures.clone();
        self.set("refused", pages.failures.values().sum::<usize>() as f64);
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// What each further phone costs, from one run to the next: what all of them share counts for none of them.
pub fn compare(runs: &mut [Run]) {
    for at in 1..runs.len() {
        let (before, after) = runs.split_at_mut(at);
        let (less, more) = (&before[at - 1], &mut after[0]);
        let grown = more.values["memory_live"] - less.values["memory_live"];
        more.set("memory_client", grown * 1_000.0 / (more.phones - less.phones) as f64);
    }
}

pub fn print(runs: &[Run]) {
    let mut lines = vec![vec!["figure".to_owned()]];
    lines[0].extend(runs.iter().map(|run| format!("{} phones", run.phones)));
    lines[0].extend(["budget".to_owned(), String::new()]);
    let mut over = 0;
    for figure in &FIGURES {
        let mut line = vec![figure.label.to_owned()];
        line.extend(runs.iter().map(|run| show(run.values.get(figure.name).copied(), figure.unit)));
        let value = runs.last().and_then(|run| run.values.get(figure.name));
        let (budget, verdict) = match (figure.budget, value) {
            (Some(AtMost(most)), Some(value)) => (show(Some(most), figure.unit), *value <= most),
            (Some(AtLeast(least)), Some(value)) => (show(Some(least), figure.unit), *value >= least),
            _ => (String::new(), true),
        };
        over += usize::from(!verdict);
        let word = if budget.is_empty() {
            ""
        } else if verdict {
            "ok"
        } else {
            "over"
        };
        line.extend([budget, word.to_owned()]);
        lines.push(line);
    }
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
    for line in &lines {
        let cells = line.iter().zip(&widths).enumerate();
        let padded: Vec<String> = cells
            .map(|(at, (cell, width))| if at == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") })
            .collect();
        println!("{}", padded.join("  ").trim_end());
    }
    for run in runs.iter().filter(|run| !run.failures.is_empty()) {
        println!("{} phones, tried again: {:?}", run.phones, run.failures);
    }
    println!("{over} over");
}

fn show(value: Option<f64>, unit: &str) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let digits = match unit {
        "cores" => 2,
        "MB" | "kB" => 1,
        _ => 0,
    };
    format!("{value:.digits$} {unit}").trim_end().to_owned()
}

pub fn write(path: &Path, database: &str, minutes: f64, runs: &[Run]) {
    let run = |run: &Run| json!({ "phones": run.phones, "figures": run.values, "tried_again": run.failures });
    let runs: Vec<Value> = runs.iter().map(run).collect();
    let report = json!({ "database": database, "minutes": minutes, "runs": runs });
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, serde_json::to_string_pretty(&report).unwrap()).unwrap();
}

//! The counts, the devices with what needs attention first, the builds in use, and who has no device yet.

use std::collections::BTreeMap;

use congress::entities::Congress;
use leptos::prelude::*;

use super::attention::{Attention, sorted};
use super::readiness::{self, Titles};
use crate::memo::Memo;
use crate::parts::blocks::{write_fact, write_paragraph, write_state_line};
use crate::parts::html::Html;
use crate::parts::icon::Symbol;
use crate::screens::more::write_title;
use crate::state::{Operations, State, t};

pub fn write(html: &mut Html, state: State, congress: Memo<Option<Congress>>, titles: Memo<Titles>) {
    state.operations().with(|known| {
        let Some(known) = known else { return };
        let today = state.local(known.at).0;
        let is_day_of = |congress: &Congress| (congress.starts_on..=congress.ends_on).contains(&today);
        let goes_on = congress.with(|congress| congress.as_ref().is_some_and(is_day_of));
        let devices = sorted(known, goes_on);
        write_counts(html, known, &devices, goes_on);
        readiness::write_count(html, known);
        titles.with(|titles| write_devices(html, state, &devices, titles));
        write_builds(html, known);
        write_people(html, known);
    });
}

fn write_counts(html: &mut Html, known: &Operations, devices: &[Attention<'_>], goes_on: bool) {
    let words = t().operations();
    let count = |is: fn(&Attention<'_>) -> bool| devices.iter().filter(|device| is(device)).count();
    let mut counts =
        vec![(words.count_devices)(devices.len()), (words.count_unsent)(count(|device| device.unsent.is_some()))];
    // Before and after the congress silence is nothing to be counted.
    if goes_on {
        counts.push((words.count_silent)(count(|device| device.silent_ms.is_some())));
    }
    counts.extend([
        (words.count_storage)(count(|device| device.nearly_full || device.may_be_cleared)),
        (words.count_older)(count(|device| device.older)),
        (words.count_without)(known.without_device.len(), known.convened),
    ]);
    write_paragraph(html, "", &counts.join(" · "));
}

fn write_devices(html: &mut Html, state: State, devices: &[Attention<'_>], titles: &Titles) {
    let words = t().operations();
    write_title(html, words.devices);
    if devices.is_empty() {
        return write_paragraph(html, "", words.no_devices);
    }
    write_paragraph(html, "soft small", words.devices_text);
    html.markup("<ul class=\"list\" aria-label=\"").words(words.devices).markup("\">");
    devices.iter().for_each(|device| write_device(html, state, device, titles));
    html.markup("</ul>");
}

fn write_device(html: &mut Html, state: State, attention: &Attention<'_>, titles: &Titles) {
    let (words, device) = (t().operations(), attention.device);
    html.markup("<li class=\"list__item\"><div class=\"list__body\">").span("list__title", &device.name);
    html.markup("<span class=\"list__meta\">");
    if !device.delegation.is_empty() {
        html.span("", &device.delegation);
    }
    html.span("", &device.label).span("", &(words.seen_at)(&state.moment(device.last_seen_at)));
    match &device.report {
        Some(report) => html.span("", &(words.build)(short(&report.build))),
        None => html.span("", words.no_report),
    };
    html.markup("</span>");
    let mut warn = |symbol: Symbol, text: &str| write_state_line(html, "attention", symbol, text);
    if let Some((count, age_ms)) = attention.unsent {
        warn(Symbol::Clock, &(words.unsent)(count, &age(age_ms)));
    }
    if let Some(ms) = attention.silent_ms {
        warn(Symbol::CloudOff, &(words.silent)(&age(ms)));
    }
    if let Some(carries) = attention.lacks {
        readiness::write_lack(html, titles, carries);
    }
    let mut warn = |symbol: Symbol, text: &str| write_state_line(html, "attention", symbol, text);
    if attention.nearly_full {
        warn(Symbol::Alert, words.nearly_full);
    }
    if attention.may_be_cleared {
        warn(Symbol::Alert, words.may_be_cleared);
    }
    if attention.older {
        warn(Symbol::Download, words.older);
    }
    html.markup("</div></li>");
}

fn write_builds(html: &mut Html, known: &Operations) {
    let words = t().operations();
    let mut builds: BTreeMap<&str, usize> = BTreeMap::new();
    for report in known.devices.iter().filter_map(|device| device.report.as_ref()) {
        *builds.entry(&report.build).or_default() += 1;
    }
    if builds.is_empty() {
        return;
    }
    write_title(html, words.builds);
    html.markup("<dl class=\"facts\">");
    for (build, count) in builds {
        let is_newest = known.build.as_deref() == Some(build);
        let name = if is_newest { (words.build_now)(short(build)) } else { short(build).to_owned() };
        write_fact(html, &name, &(words.build_devices)(count));
    }
    html.markup("</dl>");
}

fn write_people(html: &mut Html, known: &Operations) {
    let words = t().operations();
    if known.without_device.is_empty() {
        return write_paragraph(html, "", words.everyone_has);
    }
    html.markup("<details class=\"fold\"><summary class=\"fold__head\">");
    html.words(&(words.without_device)(known.without_device.len(), known.convened))
        .markup("</summary><ul class=\"list\">");
    for person in &known.without_device {
        html.markup("<li class=\"list__item\"><span class=\"list__body\">").span("list__title", &person.name);
        html.span("list__meta", &person.delegation).markup("</span></li>");
    }
    html.markup("</ul></details>");
}

/// The first letters of a hash tell builds apart well enough to be said aloud.
fn short(build: &str) -> &str {
    let name = build.strip_prefix("app-").unwrap_or(build);
    name.get(..6).unwrap_or(name)
}

fn age(ms: u64) -> String {
    let (words, minutes) = (t().operations(), ms / 60_000);
    match minutes {
        0..60 => (words.minutes)(minutes),
        60..1_440 => (words.hours)(minutes / 60, minutes % 60),
        _ => (words.days)(minutes / 1_440),
    }
}

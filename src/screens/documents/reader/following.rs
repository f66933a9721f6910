//! Where the reader is: the block that has passed the reading line, the heading above it, how much of the text lies behind
//! and how many minutes are left. The place is kept on the device, so that the document opens there the next time.

use congress::entities::Document;
use congress::reading::{ReadingPlace, minutes};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::reading::{LINK_PREFIX, Reading, place_key};
use crate::platform::dom;
use crate::platform::timer::{self, Alarm};

/// The block that has passed this line is the one being read: below the header and the tools, in rem from the top of the
/// view.
const LINE_REM: f64 = 10.0;
/// It is looked where the reader is when the page has not moved for so long, or as soon as the browser says that it
/// rests: what follows from it changes the page, and a frame in which nothing changes costs a slow phone next to nothing.
const REST_MS: u64 = 200;
/// The place is written down so long after a look.
const KEEP_MS: u64 = 700;

/// A block and how much of it has passed the reading line, from 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Here {
    pub block: usize,
    into: f64,
}

#[derive(Clone, Copy)]
pub struct Following {
    /// Share of the text that lies behind, in percent.
    pub progress: RwSignal<u8>,
    pub minutes_left: RwSignal<u32>,
    /// In pixels.
    line: StoredValue<f64>,
    /// Nothing at the head of the document.
    here: StoredValue<Option<Here>>,
    /// Which of the headings is being read.
    heading: StoredValue<Option<usize>>,
    /// How far the page was scrolled at last; nothing until somebody looked.
    scrolled: StoredValue<f64>,
    /// Since the last look the page was scrolled by less than its window at a time.
    went_on: StoredValue<bool>,
    /// Height of the window at the last look, in pixels.
    height: StoredValue<f64>,
    looking: Due,
    /// The place is written down.
    keeping: Due,
}

/// Something that is done a while after it was first asked for, however often it is asked for meanwhile.
#[derive(Clone, Copy)]
struct Due {
    alarm: StoredValue<Option<Alarm>, LocalStorage>,
    is_set: StoredValue<bool>,
}

impl Due {
    fn new() -> Self {
        Self { alarm: StoredValue::new_local(None), is_set: StoredValue::new(false) }
    }

    fn after(self, ms: u64, act: impl FnOnce() + 'static) {
        if !self.is_set.try_get_value().unwrap_or(true) {
            self.is_set.set_value(true);
            self.alarm.set_value(timer::after(ms, move || {
                self.is_set.try_set_value(false);
                act();
            }));
        }
    }

    /// Whether it was to be done; it is not any more.
    fn call_off(self) -> bool {
        self.alarm.try_set_value(None);
        self.is_set.try_update_value(std::mem::take).unwrap_or_default()
    }
}

impl Following {
    pub fn new() -> Self {
        Self {
            progress: RwSignal::new(0),
            minutes_left: RwSignal::new(0),
            line: StoredValue::new(LINE_REM * dom::rem_px()),
            here: StoredValue::new(None),
            heading: StoredValue::new(None),
            scrolled: StoredValue::new(f64::NAN),
            went_on: StoredValue::new(true),
            height: StoredValue::new(0.0),
            looking: Due::new(),
            keeping: Due::new(),
        }
    }

    fn was_looked_at(self) -> bool {
        self.scrolled.try_get_value().is_some_and(|scrolled| !scrolled.is_nan())
    }

    /// What one scrolled across was on the screen; what one jumped over was not.
    fn note_scrolled(self, scrolled: f64) -> bool {
        let is_step = (scrolled - self.scrolled.get_value()).abs() < self.height.get_value();
        let went_on = self.went_on.get_value() && is_step;
        self.scrolled.set_value(scrolled);
        self.went_on.set_value(went_on);
        went_on
    }

    /// The reading line, in pixels from the top of the view.
    pub fn line(self) -> f64 {
        self.line.get_value()
    }
}

impl Reading {
    /// The last of the blocks in the page that has passed the reading line.
    pub fn block_at_line(self) -> Option<usize> {
        let shown = self.with_page(|page| page.shown.clone())?;
        let line = self.following.line.try_get_value()?;
        let passed = |block: usize| {
            self.element_id(block).and_then(|element| dom::top_of(&element)).is_some_and(|top| top < line)
        };
        let (mut from, mut to) = (shown.start, shown.end);
        // Mostly it is the one of the frame before, or a neighbour: asking the browser costs most of all that is done.
        let before = self.following.here.get_value().map_or(from, |here| here.block);
        for near in [before, before + 1, before + 2] {
            if (from..to).contains(&near) {
                if passed(near) {
                    from = near + 1;
                } else {
                    to = near;
                }
            }
        }
        while from < to {
            let middle = from + (to - from) / 2;
            if passed(middle) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from.checked_sub(1).filter(|at| *at >= shown.start)
    }

    /// The page is being scrolled.
    pub fn note_scroll(self) {
        if self.following.was_looked_at() {
            self.following.note_scrolled(dom::last_scroll());
        }
        self.look_at_rest();
    }

    /// Looks as soon as the page has not moved for a while.
    fn look_at_rest(self) {
        let before = dom::last_scroll();
        self.following.looking.after(REST_MS, move || {
            if dom::last_scroll() == before { self.follow_scroll() } else { self.look_at_rest() }
        });
    }

    /// The page came to rest, or a finger came down: whoever leaves leaves from the place that is seen now.
    pub fn note_rest(self) {
        if self.following.looking.call_off() {
            self.follow_scroll();
        }
    }

    /// Looks where the reader is now.
    pub fn follow_scroll(self) {
        let following = self.following;
        if self.with_page(|_| ()).is_none() || following.progress.try_get_untracked().is_none() {
            return;
        }
        let place = |block: usize| {
            let (top, height) = dom::box_of(&self.element_id(block)?)?;
            Some(Here { block, into: ((following.line() - top) / height.max(1.0)).clamp(0.0, 1.0) })
        };
        let here = self.block_at_line().and_then(place);
        following.here.set_value(here);
        let (scrolled, height) = (dom::scrolled(), dom::window_height());
        let is_whole = self.with_page(|page| page.is_whole()) == Some(true);
        let at_end = is_whole && scrolled + height >= dom::page_height() - 1.0;
        self.tell_progress(here, at_end);
        following.height.set_value(height);
        let went_on = following.note_scrolled(scrolled);
        following.went_on.set_value(true);
        self.tell_heading(here, went_on, at_end);
        if is_whole {
            following.keeping.after(KEEP_MS, move || self.keep_place());
        }
    }

    fn tell_progress(self, here: Option<Here>, at_end: bool) {
        let read = |here: Option<Here>| {
            self.with_page(|page| here.map_or(page.words_read(0, 0.0), |here| page.words_read(here.block, here.into)))
        };
        let Some((read, all)) = read(here) else { return };
        let read = if at_end { all } else { read };
        let share = u8::try_from(u64::from(read) * 100 / u64::from(all.max(1))).unwrap_or(100);
        let left = minutes(all - read);
        if self.following.progress.get_untracked() != share {
            self.following.progress.set(share);
        }
        if self.following.minutes_left.get_untracked() != left {
            self.following.minutes_left.set(left);
        }
    }

    fn tell_heading(self, here: Option<Here>, went_on: bool, at_end: bool) {
        let now = self.headings.with_untracked(|headings| {
            let passed = here.map_or(0, |here| headings.partition_point(|heading| heading.block <= here.block));
            passed.checked_sub(1)
        });
        let before = self.following.heading.get_value();
        self.following.heading.set_value(now);
        if before == now && went_on && !at_end {
            return;
        }
        self.headings.with_untracked(|headings| {
            let on_screen = |at: usize| {
                let top = headings.get(at).and_then(|heading| dom::top_of(&heading.element_id));
                top.is_some_and(|top| top >= 0.0 && top < dom::window_height())
            };
            let next = now.map_or(0, |now| now + 1);
            let across = if went_on { before.map_or(0, |before| before + 1)..next } else { next..next };
            let seen = now.filter(|now| on_screen(*now)).into_iter().chain(across);
            let last = (next..headings.len()).take_while(|at| at_end && on_screen(*at));
            let read = seen.chain(last).filter_map(|at| headings.get(at));
            self.fresh.note_read(read.map(|heading| heading.id.as_str()));
            if before == now {
                return;
            }
            let link = |at: usize| headings.get(at).map(|heading| format!("{LINK_PREFIX}{}", heading.element_id));
            if let Some(link) = before.and_then(link) {
                dom::set_attribute(&link, "aria-current", None);
            }
            if let Some(link) = now.and_then(link) {
                dom::set_attribute(&link, "aria-current", Some("true"));
            }
        });
        // To ask where a folded link is would make the browser lay out the whole outline.
        if before != now && dom::is_wide() {
            self.show_in_outline();
        }
    }

    /// Scrolls the outline to the heading that is being read.
    pub fn show_in_outline(self) {
        let now = self.following.heading.try_get_value().flatten();
        let link = now.and_then(|at| {
            self.headings.with_untracked(|headings| Some(format!("{LINK_PREFIX}{}", headings.get(at)?.element_id)))
        });
        if let Some(link) = link {
            dom::bring_into_pane(&link, ".outline__fold > nav");
        }
    }

    /// Writes down where the reader is.
    pub fn keep_place(self) {
        let following = self.following;
        if !following.was_looked_at() {
            return;
        }
        let here = following.here.get_value();
        let place = self.with_page(|page| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1,000")]
            let into = |here: Here| (here.into * 1_000.0) as u16;
            let ids = page.blocks.iter().map(|block| block.id.as_str());
            here.and_then(|here| ReadingPlace::new(ids, here.block, into(here))).unwrap_or_default()
        });
        let Some(place) = place else { return };
        let (state, Document { id, .. }) = (self.state, self.document.get_value());
        spawn_local(async move { state.keep_reading_note(&place_key(&id), &place).await });
    }
}

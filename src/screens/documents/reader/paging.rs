//! Bringing the text into the page: first what is to be seen at once, then the rest slice by slice, below it and above,
//! so that a long document opens at the place left as fast as a short one. In the end all of it is there: the browser's
//! own search, selection and screen readers find every word.

use leptos::prelude::GetUntracked;
use leptos::task::spawn_local;

use super::reading::Reading;
use crate::platform::{dom, timer};

/// Blocks that come into the page in one step: more than a screenful, and quickly laid out on a slow phone.
const SLICE_BLOCKS: usize = 16;
/// What is to be seen at once is painted before the rest comes.
const PAINT_MS: u64 = 40;

impl Reading {
    /// Shows the text, at a block or at the place left: a block and how much of it was read, in thousandths.
    pub async fn show(self, block: Option<usize>, left: Option<(usize, u16)>) {
        // A block that was seen from the place left stays where it was.
        let left = left.filter(|(at, _)| block.is_none_or(|block| block.abs_diff(*at) < SLICE_BLOCKS));
        let begin = left.map(|(at, _)| at).or(block).unwrap_or(0);
        self.begin_at(begin);
        if let Some(block) = block {
            self.render_to(block);
            self.select(Some(block));
        }
        if let Some((at, into)) = left {
            self.bring(at, f64::from(into) / 1_000.0, self.following.line());
        }
        if let Some(element) = block.and_then(|block| self.element_id(block)) {
            let in_view = dom::top_of(&element).is_some_and(|top| top > 0.0 && top < dom::window_height() * 0.7);
            if left.is_none() || !in_view {
                dom::scroll_to_id(&element);
            }
        }
        self.follow_scroll();
        timer::sleep(PAINT_MS).await;
        self.fill().await;
    }

    /// Takes out what is in the page, and begins anew at a block.
    pub fn begin_at(self, block: usize) {
        let Some(node) = self.node.try_get_untracked().flatten() else { return };
        dom::clear(&node);
        self.update_page(|page| page.begin_at(block));
        self.append();
    }

    /// Scrolls so that a part of a block, from 0 to 1, lies on a line of the view.
    pub fn bring(self, block: usize, into: f64, line: f64) {
        let Some((top, height)) = self.element_id(block).and_then(|element| dom::box_of(&element)) else { return };
        let distance = top + height * into - line;
        // The page must be long enough to be scrolled so far.
        while dom::page_height() < dom::scrolled() + distance + dom::window_height() && self.append() {}
        dom::scroll_by(distance);
    }

    /// The rest, slice by slice.
    pub async fn fill(self) {
        loop {
            let (below, above) = (self.append(), self.prepend());
            if !below && !above {
                break;
            }
            timer::sleep(0).await;
        }
        self.follow_scroll();
    }

    /// All that is not in the page yet, at once: for paper.
    pub fn fill_now(self) {
        while self.append() {}
        while self.prepend() {}
    }

    /// One more slice. `false` when there is none, or nobody who reads.
    fn append(self) -> bool {
        let from = self.with_page(|page| page.shown.end).unwrap_or(0);
        let html = self.update_page(|page| page.next(SLICE_BLOCKS)).flatten();
        let (Some(html), Some(node)) = (html, self.node.try_get_untracked().flatten()) else { return false };
        let done = dom::append_html(&node, &html);
        self.show_pictures(from..self.with_page(|page| page.shown.end).unwrap_or(from));
        done
    }

    /// One more slice above; what is seen stays where it is.
    fn prepend(self) -> bool {
        let to = self.with_page(|page| page.shown.start).unwrap_or(0);
        let first = self.element_id(to);
        let html = self.update_page(|page| page.previous(SLICE_BLOCKS)).flatten();
        let (Some(first), Some(html), Some(node)) = (first, html, self.node.try_get_untracked().flatten()) else {
            return false;
        };
        let before = dom::top_of(&first);
        let done = dom::prepend_html(&node, &html);
        if let (Some(before), Some(now)) = (before, dom::top_of(&first)) {
            dom::scroll_by(now - before);
        }
        self.show_pictures(self.with_page(|page| page.shown.start).unwrap_or(to)..to);
        done
    }

    /// Makes sure that a block is in the page, and a screenful after it.
    pub fn render_to(self, block: usize) {
        while self.with_page(|page| block < page.shown.start) == Some(true) && self.prepend() {}
        while self.with_page(|page| page.shown.end < block + SLICE_BLOCKS) == Some(true) && self.append() {}
    }

    /// Writes the whole text anew; what was being read stays before the eyes.
    pub fn write_anew(self) {
        let at = self.block_at_line();
        let top = |block: usize| self.element_id(block).and_then(|id| dom::top_of(&id));
        let before = at.and_then(top);
        self.begin_at(at.unwrap_or(0));
        if let (Some(at), Some(before)) = (at, before) {
            self.bring(at, 0.0, before);
        }
        spawn_local(self.fill());
    }
}

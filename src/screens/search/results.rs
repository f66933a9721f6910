//! What was found: groups with the best first, in each the best first, and the words around each place.

use std::ops::Range;
use std::rc::Rc;

use congress::search::{Finder, Hit, snippet};

use super::held::Group;
use super::sources::Kind;
use crate::i18n::search::{Counts, Text};
use crate::parts::html::Html;
use crate::parts::icon::Symbol;

/// What is shown at each key press: groups with so many places or more, which fill a phone above its keyboard.
const FIRST_SHOWN: usize = 2;
/// Groups that are shown at first, those of them that are open, and what is shown of each of these: a screen or two.
const GROUPS: usize = 10;
const OPEN_GROUPS: usize = 4;
const SHOWN: usize = 2;
/// The rest of the groups comes in so many parts, each laid out quickly on a slow phone; those before the last end with
/// these groups.
pub const PARTS: usize = 3;
const PART_ENDS: [usize; PARTS - 1] = [2, 4];
/// How many more come at each wish.
const MORE: usize = 30;

const MORE_ID: &str = "more-";
const GROUPS_ID: &str = "more-groups";
const GROUP_ID: &str = "found-";

fn hit_id(group: usize, at: usize) -> String {
    format!("{GROUP_ID}{group}-{at}")
}

/// What was found in one group.
struct Found {
    group: Rc<Group>,
    /// Best first.
    hits: Vec<Hit>,
    /// The title of the document, if it holds the words.
    title: Option<Hit>,
    shown: usize,
}

pub struct Outcome {
    words: &'static Text,
    finder: Finder,
    found: Vec<Found>,
    /// Documents that were not searched.
    missing: usize,
    groups: usize,
}

impl Outcome {
    /// `found` with the best first.
    pub fn new(words: &'static Text, finder: Finder, found: Vec<(Rc<Group>, Vec<Hit>)>, missing: usize) -> Self {
        let found = found.into_iter().enumerate().map(|(at, (group, mut hits))| {
            let title = hits.iter().position(|hit| group.is_title(hit.passage)).map(|title| hits.remove(title));
            Found { group, hits, title, shown: if at < OPEN_GROUPS { SHOWN } else { 0 } }
        });
        Self { words, finder, found: found.collect(), missing, groups: GROUPS }
    }

    /// How many groups fill the first screen.
    fn first_groups(&self) -> usize {
        let mut shown = 0;
        let is_below = |found: &&Found| {
            let fits = shown < FIRST_SHOWN;
            // A title alone takes the room of a place.
            shown += found.hits.len().min(found.shown).max(1);
            fits
        };
        self.found.iter().take_while(is_below).count()
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for Found { group, hits, .. } in &self.found {
            match group.kind {
                Kind::Document => {
                    counts.passages += hits.len();
                    counts.documents += 1;
                }
                Kind::Agenda => counts.items += hits.len(),
                Kind::People => counts.people += hits.len(),
                Kind::Comments => counts.comments += hits.len(),
                Kind::Notes => counts.notes += hits.len(),
            }
        }
        counts
    }

    /// How much was found, in a sentence.
    pub fn summary(&self) -> String {
        let words = self.words;
        if self.found.is_empty() { words.found_nothing.to_owned() } else { (words.found)(self.counts()) }
    }

    /// The id of what is new on the screen, if the button was one of these.
    pub fn show_more(&mut self, button_id: &str) -> Option<String> {
        if button_id == GROUPS_ID {
            self.groups += MORE;
            return Some(format!("{GROUP_ID}{}", self.groups - MORE));
        }
        let at = button_id.strip_prefix(MORE_ID)?.parse::<usize>().ok()?;
        let found = self.found.get_mut(at)?;
        found.shown += MORE;
        Some(hit_id(at, found.shown - MORE))
    }

    /// How much there is, and the best of it.
    pub fn write_first(&self, html: &mut Html) {
        let words = self.words;
        if self.found.is_empty() {
            html.markup("<div class=\"empty\">").icon(Symbol::Search);
            html.markup("<p class=\"empty__title\">").words(words.found_nothing);
            html.markup("</p><p class=\"empty__text\">").words(words.found_nothing_text).markup("</p></div>");
        } else {
            html.markup("<p class=\"soft small found__summary\">").words(&self.summary()).markup("</p>");
        }
        if self.missing > 0 {
            html.markup("<p class=\"soft small\">").words(&(words.not_searched)(self.missing)).markup("</p>");
        }
        self.write_groups(html, 0..self.first_groups());
    }

    /// A part of what is beyond the best, of [`PARTS`].
    pub fn write_rest(&self, part: usize, html: &mut Html) {
        let begin = part.checked_sub(1).and_then(|before| PART_ENDS.get(before)).map_or(0, |end| *end);
        let end = PART_ENDS.get(part).map_or(self.groups, |end| *end);
        self.write_groups(html, begin.max(self.first_groups())..end);
        if part + 1 < PARTS {
            return;
        }
        let rest = self.found.len().saturating_sub(self.groups);
        if rest > 0 {
            write_button(html, GROUPS_ID, &(self.words.more_groups)(rest.min(MORE)), "");
        }
    }

    fn write_groups(&self, html: &mut Html, range: Range<usize>) {
        for (at, found) in self.found.iter().enumerate().take(range.end).skip(range.start) {
            html.markup("<section class=\"found\">");
            self.write_head(html, at, found);
            self.write_hits(html, at, found);
            html.markup("</section>");
        }
    }

    fn write_head(&self, html: &mut Html, at: usize, Found { group, title, .. }: &Found) {
        html.markup("<h2 class=\"found__title\" tabindex=\"-1\" id=\"").words(GROUP_ID).words(&at.to_string());
        html.markup("\">");
        let is_document = group.kind == Kind::Document;
        if is_document {
            html.markup("<a class=\"found__link\" href=\"/documents/").words(&group.id).markup("\">");
        }
        let marks = title.map(|hit| self.finder.places(&group.text, hit.passage).0).unwrap_or_default();
        // All of it, if that is what was found.
        html.markup("<span class=\"").markup(if marks.is_empty() { "found__words" } else { "" }).markup("\">");
        write_marked(html, &whole(&group.title, &marks));
        html.markup(if is_document { "</span></a></h2>" } else { "</span></h2>" });
    }

    fn write_hits(&self, html: &mut Html, at: usize, Found { group, hits, shown, .. }: &Found) {
        let words = self.words;
        let counted = match group.kind {
            Kind::Document => words.passages,
            Kind::Agenda => words.items,
            Kind::People => words.persons,
            Kind::Comments => words.writings,
            Kind::Notes => words.own_notes,
        };
        if *shown == 0 && !hits.is_empty() {
            let show = (words.show)(&counted(hits.len()));
            return write_button(html, &format!("{MORE_ID}{at}"), &show, &group.title);
        }
        let count = if hits.is_empty() { words.only_title.to_owned() } else { counted(hits.len()) };
        html.markup("<p class=\"soft small found__count\">").words(&count).markup("</p>");
        if hits.is_empty() {
            return;
        }
        html.markup("<ul class=\"list\">");
        for (place, hit) in hits.iter().take(*shown).enumerate() {
            self.write_hit(html, &hit_id(at, place), group, hit);
        }
        html.markup("</ul>");
        let rest = hits.len().saturating_sub(*shown);
        if rest > 0 {
            write_button(html, &format!("{MORE_ID}{at}"), &(words.more)(&counted(rest.min(MORE))), &group.title);
        }
    }

    fn write_hit(&self, html: &mut Html, id: &str, group: &Group, hit: &Hit) {
        let passage = group.text.passage(hit.passage);
        let (in_title, in_words) = self.finder.places(&group.text, hit.passage);
        html.markup("<li class=\"list__item\"><a class=\"list__link\" id=\"").words(id).markup("\" href=\"");
        if group.kind == Kind::Document {
            html.markup("/documents/").words(&group.id).markup("?block=");
        }
        html.words(passage.id).markup("\"><span class=\"list__body\">");
        if !passage.title.is_empty() {
            html.markup("<span class=\"list__title\">");
            write_marked(html, &whole(passage.title, &in_title));
            html.markup("</span>");
        }
        if passage.title.is_empty() || !in_words.is_empty() {
            html.markup("<span>");
            write_marked(html, &snippet(passage.words, &in_words));
            html.markup("</span>");
        }
        if !passage.place.is_empty() {
            html.span("list__meta", passage.place);
        }
        html.markup("</span></a></li>");
    }
}

/// All of a text with its marks, in the shape of a [`snippet`].
fn whole<'t>(text: &'t str, marks: &[Range<usize>]) -> Vec<(bool, &'t str)> {
    let (mut parts, mut at) = (Vec::new(), 0);
    for mark in marks {
        parts.push((false, &text[at..mark.start]));
        parts.push((true, &text[mark.clone()]));
        at = mark.end;
    }
    parts.push((false, &text[at..]));
    parts
}

fn write_marked(html: &mut Html, parts: &[(bool, &str)]) {
    for (is_marked, words) in parts {
        let (open, close) = if *is_marked { ("<mark>", "</mark>") } else { ("", "") };
        html.markup(open).words(words).markup(close);
    }
}

/// `of` says to whom does not see it what there is more of.
fn write_button(html: &mut Html, id: &str, words: &str, of: &str) {
    html.markup("<div><button class=\"button button--small\" id=\"").words(id).markup("\">").words(words);
    if !of.is_empty() {
        html.markup(" <span class=\"visually-hidden\">").words(of).markup("</span>");
    }
    html.markup("</button></div>");
}

//! What is searched: the documents, and what the rows of this device say of the programme, of people, and of what the
//! person wrote. Nothing is asked of a server, and nothing is here that the person may not see.

use std::collections::BTreeMap;
use std::sync::Arc;

use congress::entities::{AgendaItem, Anchor, Attendee, CommentAtDesk, Document, MarkKind, PersonRef};
use congress::scopes;
use leptos::prelude::*;
use sync::ids::PersonId;
use sync::order::sort_by;

use crate::drafts::Draft;
use crate::memo::Memo;
use crate::screens::agenda::rows::day_word;
use crate::screens::comments::names::{self, Names};
use crate::state::{DocumentsHeld, Held, State, t};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Agenda,
    People,
    Document,
    Comments,
    Notes,
}

/// One thing that can be found beside the documents.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entry {
    /// Where it is shown; empty where there is no such screen.
    pub href: String,
    pub place: String,
    pub title: String,
    pub words: String,
}

/// What one group of results is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    pub kind: Kind,
    /// Tells it from all others, and one text of a document from the next.
    pub name: String,
    /// Id of a document.
    pub id: String,
    pub title: String,
    /// Of the text of a document.
    pub sha256: String,
    pub entries: Option<Arc<Vec<Entry>>>,
    /// It is on this device.
    pub is_here: bool,
}

type Entries = Memo<Arc<Vec<Entry>>>;

/// Follows the rows for as long as the screen is there.
#[derive(Clone, Copy)]
pub struct Sources(Memo<Arc<Vec<Source>>>);

impl Sources {
    pub fn of(state: State, documents: Memo<Vec<Document>>) -> Self {
        let names = Names::of(state);
        let rows = state.rows::<AgendaItem>(scopes::public());
        let items = Memo::new(move |_| {
            let mut items = rows.get();
            sort_by(&mut items, |item| (item.date.at(item.start, 0).0, 0));
            items
        });
        let (agenda, people) = (agenda(items), people(state, items));
        let (comments, notes) = (comments(state, names), notes(state, names));
        let words = t().search();
        Self(Memo::new(move |_| {
            let mut all =
                vec![of_rows(Kind::Agenda, words.agenda, agenda), of_rows(Kind::People, words.people, people)];
            state
                .held
                .with(|held| documents.with(|documents| all.extend(documents.iter().map(|it| of_text(it, held)))));
            all.push(of_rows(Kind::Comments, words.comments, comments));
            all.push(of_rows(Kind::Notes, words.notes, notes));
            Arc::new(all)
        }))
    }

    /// As things are now. What comes first stands first among what fits alike.
    pub fn all(self) -> Arc<Vec<Source>> {
        self.0.get_untracked()
    }
}

fn of_rows(kind: Kind, title: &str, entries: Entries) -> Source {
    Source {
        kind,
        name: format!("{kind:?}\n{title}"),
        id: String::new(),
        title: title.to_owned(),
        sha256: String::new(),
        entries: Some(entries.get()),
        is_here: true,
    }
}

fn of_text(document: &Document, held: &DocumentsHeld) -> Source {
    Source {
        kind: Kind::Document,
        name: format!("{}\n{}", document.text_sha256, document.title),
        id: document.id.clone(),
        title: document.title.clone(),
        sha256: document.text_sha256.clone(),
        entries: None,
        is_here: held.has(&document.text_sha256),
    }
}

fn followed(read: impl Fn() -> Vec<Entry> + Send + Sync + 'static) -> Entries {
    Memo::new(move |_| Arc::new(read()))
}

/// Parts that say something, on one line.
fn line(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

fn agenda(items: Memo<Vec<AgendaItem>>) -> Entries {
    followed(move || {
        let words = t().agenda();
        let entry = |item: &AgendaItem| {
            let mut named: Vec<String> = Vec::new();
            for who in item.presenters.iter().chain(&item.chair) {
                let who = line(&[&who.name, &who.position]);
                // Who presents may be in the chair too.
                if !named.contains(&who) {
                    named.push(who);
                }
            }
            named.extend(Some(item.note.clone()).filter(|note| !note.is_empty()));
            Entry {
                href: format!("/agenda/{}", item.id),
                place: line(&[&day_word(words, item.date), &item.start.to_string(), (words.kind)(item.kind)]),
                title: item.title.clone(),
                words: named.join("; "),
            }
        };
        items.with(|items| items.iter().map(entry).collect())
    })
}

/// What the device may know of one person.
#[derive(Default)]
struct Known {
    name: String,
    about: Vec<String>,
    href: String,
}

/// People as this device knows them: a desk all whom it expects, the presidium those who wrote, everybody those on the
/// programme and themself.
fn people(state: State, items: Memo<Vec<AgendaItem>>) -> Entries {
    let attendees = state.held::<Attendee>(scopes::checkin(), Signal::stored(String::new()));
    let authors = state.held::<CommentAtDesk>(scopes::presidium(), Signal::stored(String::new()));
    let me = state.me();
    followed(move || {
        let mut people: BTreeMap<PersonId, Known> = BTreeMap::new();
        items.with(|items| on_programme(&mut people, items));
        attendees.with(|all| of_desk(&mut people, all));
        authors.with(|all| {
            for comment in all.iter() {
                let who = &comment.author;
                know(&mut people, &who.id, &who.name, &[&who.delegation, &who.organisation], "/console");
            }
        });
        me.with(|me| {
            if let Some(me) = me {
                let (position, seat) = (me.position.as_str(), seat(&me.seat));
                know(
                    &mut people,
                    &me.person,
                    &me.name,
                    &[position, &me.delegation, &me.organisation, &seat],
                    "/check-in",
                );
            }
        });
        let entry = |known: Known| {
            let about: Vec<&str> = known.about.iter().map(String::as_str).collect();
            Entry { href: known.href, place: line(&about), title: known.name, words: String::new() }
        };
        people.into_values().map(entry).collect()
    })
}

fn seat(seat: &str) -> String {
    if seat.is_empty() { String::new() } else { (t().search().seat)(seat) }
}

/// What was known first stands first, and nothing is said twice.
fn know(people: &mut BTreeMap<PersonId, Known>, id: &PersonId, name: &str, about: &[&str], href: &str) {
    let known = people.entry(id.clone()).or_default();
    if known.name.is_empty() {
        known.name = name.to_owned();
    }
    if known.href.is_empty() {
        known.href = href.to_owned();
    }
    for about in about {
        if !about.is_empty() && known.about.iter().all(|other| other != about) {
            known.about.push((*about).to_owned());
        }
    }
}

fn on_programme(people: &mut BTreeMap<PersonId, Known>, items: &[AgendaItem]) {
    let words = t().agenda();
    let mut named: Vec<(&PersonRef, &AgendaItem, &str)> = Vec::new();
    named.extend(items.iter().flat_map(|item| item.presenters.iter().map(move |who| (who, item, words.presenters))));
    named.extend(items.iter().flat_map(|item| item.chair.iter().map(move |who| (who, item, words.chair))));
    for (who, item, part) in named {
        // One of the items is enough to find the others.
        if !people.contains_key(&who.id) {
            let does = format!("{part}: {}", item.title);
            know(people, &who.id, &who.name, &[&who.position, &does], &format!("/agenda/{}", item.id));
        }
    }
}

fn of_desk(people: &mut BTreeMap<PersonId, Known>, attendees: &Held<Attendee>) {
    for who in attendees.iter() {
        let seat = seat(&who.seat);
        know(people, &who.id, &who.name, &[&who.delegation, &who.organisation, &seat], "/scan");
    }
}

/// What the person wrote to the congress, what is still being written first.
fn comments(state: State, names: Names) -> Entries {
    let (drafts, lines) = (state.drafts(), state.comments());
    followed(move || {
        let mut entries: Vec<Entry> =
            drafts.with(|drafts| drafts.iter().map(|draft| of_draft(state, names, draft)).collect());
        lines.with(|lines| {
            entries.extend(lines.iter().map(|line| Entry {
                href: format!("/comments/{}", line.id),
                place: about(names, &line.anchor, &state.moment(line.written_at)),
                title: String::new(),
                words: said(&line.text, &line.proposal),
            }));
        });
        entries
    })
}

fn notes(state: State, names: Names) -> Entries {
    let (drafts, marks) = (state.note_drafts(), state.marks());
    followed(move || {
        let mut entries: Vec<Entry> =
            drafts.with(|drafts| drafts.iter().map(|draft| of_draft(state, names, draft)).collect());
        marks.with(|marks| {
            let notes = marks.iter().filter(|mark| mark.kind == MarkKind::Note);
            entries.extend(notes.map(|mark| Entry {
                href: names::address(&mark.anchor).unwrap_or_else(|| "/notes".to_owned()),
                place: about(names, &mark.anchor, &state.moment(mark.changed_at)),
                title: String::new(),
                words: mark.text.clone(),
            }));
        });
        entries
    })
}

fn of_draft(state: State, names: Names, draft: &Draft) -> Entry {
    let saved = (t().comments().draft_at)(&state.moment(draft.updated_at));
    Entry {
        href: format!("/comments/new?draft={}", draft.id),
        place: about(names, &draft.anchor, &saved),
        title: String::new(),
        words: said(&draft.text, &draft.proposal),
    }
}

fn about(names: Names, anchor: &Anchor, time: &str) -> String {
    line(&[time, &names.place(anchor)])
}

fn said(text: &str, proposal: &str) -> String {
    if proposal.is_empty() { text.to_owned() } else { format!("{text}\n{proposal}") }
}

//! The words of the interface: Vietnamese is the source, English the second. One module a screen; a missing string is
//! a compile error. Words come from domain.md.

pub mod agenda;
pub mod check_in;
pub mod comments;
pub mod console;
pub mod documents;
pub mod enrolment;
pub mod more;
pub mod scan;
pub mod shell;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    #[default]
    Vi,
    En,
}

/// Every text of the app in one language.
pub struct Strings {
    pub shell: shell::Text,
    pub agenda: agenda::Text,
    pub documents: documents::Text,
    pub comments: comments::Text,
    pub check_in: check_in::Text,
    pub scan: scan::Text,
    pub console: console::Text,
    pub more: more::Text,
    pub enrolment: enrolment::Text,
}

static VI: Strings = Strings {
    shell: shell::VI,
    agenda: agenda::VI,
    documents: documents::VI,
    comments: comments::VI,
    check_in: check_in::VI,
    scan: scan::VI,
    console: console::VI,
    more: more::VI,
    enrolment: enrolment::VI,
};

static EN: Strings = Strings {
    shell: shell::EN,
    agenda: agenda::EN,
    documents: documents::EN,
    comments: comments::EN,
    check_in: check_in::EN,
    scan: scan::EN,
    console: console::EN,
    more: more::EN,
    enrolment: enrolment::EN,
};

impl Language {
    pub fn strings(self) -> &'static Strings {
        match self {
            Language::Vi => &VI,
            Language::En => &EN,
        }
    }
}

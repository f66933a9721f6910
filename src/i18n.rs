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

/// The texts that both apps hold, in one language.
pub struct Strings {
    pub shell: shell::Text,
    pub agenda: agenda::Text,
    pub documents: documents::Text,
    pub comments: comments::Text,
    pub check_in: check_in::Text,
    pub more: more::Text,
    pub enrolment: enrolment::Text,
}

static VI: Strings = Strings {
    shell: shell::VI,
    agenda: agenda::VI,
    documents: documents::VI,
    comments: comments::VI,
    check_in: check_in::VI,
    more: more::VI,
    enrolment: enrolment::VI,
};

static EN: Strings = Strings {
    shell: shell::EN,
    agenda: agenda::EN,
    documents: documents::EN,
    comments: comments::EN,
    check_in: check_in::EN,
    more: more::EN,
    enrolment: enrolment::EN,
};

/// The texts of the screens that only the staff's app holds.
pub struct StaffStrings {
    pub console: console::Text,
    pub scan: scan::Text,
}

static STAFF_VI: StaffStrings = StaffStrings { console: console::VI, scan: scan::VI };
static STAFF_EN: StaffStrings = StaffStrings { console: console::EN, scan: scan::EN };

impl Language {
    pub fn strings(self) -> &'static Strings {
        match self {
            Language::Vi => &VI,
            Language::En => &EN,
        }
    }

    pub fn staff_strings(self) -> &'static StaffStrings {
        match self {
            Language::Vi => &STAFF_VI,
            Language::En => &STAFF_EN,
        }
    }
}

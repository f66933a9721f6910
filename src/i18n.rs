//! The words of the interface: Vietnamese is the source, English the second. One module a screen; a missing string is
//! a compile error. Words come from domain.md.

pub mod agenda;
pub mod check_in;
pub mod comments;
pub mod console;
pub mod documents;
pub mod enrolment;
pub mod more;
pub mod notes;
pub mod operations;
pub mod scan;
pub mod search;
pub mod shell;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    #[default]
    Vi,
    En,
}

impl Language {
    pub fn words(self) -> Words {
        Words(self)
    }
}

/// The texts in one language. Asked for screen by screen: what a screen says comes onto the device with the screen.
#[derive(Clone, Copy)]
pub struct Words(Language);

macro_rules! texts {
    ($($screen:ident),*) => {
        impl Words {
            $(
                #[inline]
                pub fn $screen(self) -> &'static $screen::Text {
                    match self.0 {
                        Language::Vi => &$screen::VI,
                        Language::En => &$screen::EN,
                    }
                }
            )*
        }
    };
}

texts!(shell, agenda, documents, comments, check_in, scan, console, more, notes, operations, enrolment, search);

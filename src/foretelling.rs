//! The rules by which this device foretells: a delegate's, until other parts of the app have come with more.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use congress::DelegateRules;
use sync::ids::{PersonId, Scope, Timestamp};
use sync::row::{Change, Rows};
use sync::rules::{Actor, Rules, Verdict};
use sync::wire::Command;

#[derive(Clone, Default)]
pub struct DeviceRules {
    reader: Learned,
    staff: Learned,
}

type Learned = Rc<OnceCell<Box<dyn Rules>>>;

impl DeviceRules {
    /// What came with the screens that everybody has.
    pub fn learn_reader(&self, rules: Box<dyn Rules>) {
        // Once known they stay the same.
        let _ = self.reader.set(rules);
    }

    pub fn have_learned(&self) -> bool {
        self.reader.get().or_else(|| self.staff.get()).is_some()
    }

    /// What came with the screens of the staff: all of it.
    pub fn learn_staff(&self, rules: Box<dyn Rules>) {
        let _ = self.staff.set(rules);
    }
}

impl Rules for DeviceRules {
    /// A device decides nothing.
    fn decide(&self, _: &dyn Rows, _: &Actor, _: &Command, _: Timestamp) -> Verdict {
        Verdict::Parked
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        match self.staff.get().or_else(|| self.reader.get()) {
            Some(learned) => learned.predict(rows, actor, command),
            None => DelegateRules.predict(rows, actor, command),
        }
    }

    /// The server says what a person receives.
    fn scopes(&self, _: &dyn Rows, _: &PersonId) -> BTreeSet<Scope> {
        BTreeSet::new()
    }
}

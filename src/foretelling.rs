//! The rules by which this device foretells: a delegate's, until the screens of the staff have come with all of them.

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
    staff: Rc<OnceCell<Box<dyn Rules>>>,
}

impl DeviceRules {
    /// What came with the screens of the staff.
    pub fn learn(&self, rules: Box<dyn Rules>) {
        // Once known they stay the same.
        let _ = self.staff.set(rules);
    }

    pub fn have_learned(&self) -> bool {
        self.staff.get().is_some()
    }
}

impl Rules for DeviceRules {
    /// A device decides nothing.
    fn decide(&self, _: &dyn Rows, _: &Actor, _: &Command, _: Timestamp) -> Verdict {
        Verdict::Parked
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        match self.staff.get() {
            Some(learned) => learned.predict(rows, actor, command),
            None => DelegateRules.predict(rows, actor, command),
        }
    }

    /// The server says what a person receives.
    fn scopes(&self, _: &dyn Rows, _: &PersonId) -> BTreeSet<Scope> {
        BTreeSet::new()
    }
}

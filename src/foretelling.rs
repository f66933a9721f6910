//! The rules by which this device foretells: a delegate's, until the part of the app for staff has come with more.

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
    pub fn learn(&self, staff: Box<dyn Rules>) {
        // Once known they stay the same.
        let _ = self.staff.set(staff);
    }
}

impl Rules for DeviceRules {
    /// A device decides nothing.
    fn decide(&self, _: &dyn Rows, _: &Actor, _: &Command, _: Timestamp) -> Verdict {
        Verdict::Parked
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        match self.staff.get() {
            Some(staff) => staff.predict(rows, actor, command),
            None => DelegateRules.predict(rows, actor, command),
        }
    }

    /// The server says what a person receives.
    fn scopes(&self, _: &dyn Rows, _: &PersonId) -> BTreeSet<Scope> {
        BTreeSet::new()
    }
}

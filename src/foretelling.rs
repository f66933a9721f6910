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

    fn known(&self) -> &dyn Rules {
        self.staff.get().map_or(&DelegateRules, AsRef::as_ref)
    }
}

impl Rules for DeviceRules {
    fn decide(&self, rows: &dyn Rows, actor: &Actor, command: &Command, now: Timestamp) -> Verdict {
        self.known().decide(rows, actor, command, now)
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        self.known().predict(rows, actor, command)
    }

    fn scopes(&self, rows: &dyn Rows, person: &PersonId) -> BTreeSet<Scope> {
        self.known().scopes(rows, person)
    }
}

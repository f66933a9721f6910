//! The emergency slot: drafts that the ledger would not take, kept in localStorage until it takes them (sync.md 2).

use std::rc::Rc;

use super::{AppEngine, State};
use crate::drafts::{Draft, DraftState};
use crate::platform::preferences::{self, Preference};
use crate::platform::world;
use crate::ports::LedgerStore;

fn kept() -> Vec<Draft> {
    preferences::get(Preference::Emergency).unwrap_or_default()
}

fn forget(drafts: &[Draft]) {
    if drafts.is_empty() {
        preferences::remove(Preference::Emergency);
    } else {
        // A shorter list fits where the longer one did.
        preferences::set(Preference::Emergency, &drafts);
    }
}

impl State {
    /// Keeps a copy of a draft apart, at once. Returns whether there was room for it.
    pub fn rescue(&self, draft: &Draft) -> bool {
        let mut drafts = kept();
        drafts.retain(|other| other.id != draft.id);
        drafts.push(Draft { updated_at: world::now(), ..draft.clone() });
        preferences::set(Preference::Emergency, &drafts)
    }

    /// The ledger holds the draft: the copy is not needed any more.
    pub(super) fn is_safe(&self, id: &str) {
        let mut drafts = kept();
        let before = drafts.len();
        drafts.retain(|draft| draft.id != id);
        if drafts.len() < before {
            forget(&drafts);
        }
    }

    /// Brings the copies of an account back into its ledger. What it still does not take stays where it is.
    pub(super) async fn recover(self, engine: &Rc<AppEngine>, drafts: &mut Vec<Draft>) {
        let account = engine.account().key();
        for copy in kept().into_iter().filter(|copy| copy.account == account) {
            let held = drafts.iter().find(|draft| draft.id == copy.id);
            if held.is_none_or(|held| held.state == DraftState::Open && held.updated_at < copy.updated_at) {
                let taken = engine.ledger().put_draft(&copy).await.is_ok();
                drafts.retain(|draft| draft.id != copy.id);
                drafts.push(copy.clone());
                if !taken {
                    continue;
                }
            }
            self.is_safe(&copy.id);
        }
    }
}

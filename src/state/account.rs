//! An account at work: opening it, telling what moved, keeping house. Comes with the later screens; what was read of
//! the device before is in the parent.

use std::collections::BTreeSet;
use std::rc::Rc;

use congress::entities::{Document, Entity, RecalledDocument};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::client::{Event, Standing};
use sync::ids::Timestamp;

use super::carrying::Carrying;
use super::{AppEngine, DocumentsHeld, Phase, STAFF, State};
use crate::account::Account;
use crate::platform::cache::AccountCache;
use crate::platform::http::Server;
use crate::platform::ledger::AccountLedger;
use crate::platform::{device, timer, world};
use crate::ports::LedgerStore;
use crate::sync::Driver;

const LOOK_EVERY_MS: u64 = 5_000;

/// Reads an account from the device and puts it to work.
pub async fn open_account(state: State, account: Account) {
    let core = state.core();
    let parts = (
        AccountLedger::new(core.ledger.clone(), account.clone()),
        AccountCache::new(&account),
        Server::new(&account, core.device.borrow().as_ref()),
    );
    let started = Driver::start(account, Box::new(core.rules.clone()), parts, move |kinds| state.moved(kinds)).await;
    match started {
        Ok((driver, mut drafts)) => {
            let engine: Rc<AppEngine> = driver;
            state.forget_what_was_told();
            *core.carrying.borrow_mut() = Carrying::default();
            state.held.set(DocumentsHeld::default());
            state.operations.set(None);
            state.recover(&engine, &mut drafts).await;
            state.drafts.set(drafts);
            *core.engine.borrow_mut() = Some(engine.clone());
            // They may have come while the device was read.
            if core.rules.have_learned() {
                state.foretell_anew();
            }
            state.all_moved();
            state.phase.set(Phase::Enrolled);
            // The first screen paints before the network is asked.
            timer::sleep(0).await;
            engine.handle(Event::Wake);
            spawn_local(state.look_after(engine.clone()));
            state.keep_house(engine).await;
        }
        Err(error) => state.phase.set(Phase::Broken(error)),
    }
}

impl State {
    /// Once a start: what is held is counted, what is settled long ago is forgotten.
    async fn keep_house(self, engine: Rc<AppEngine>) {
        self.prefetch();
        if self.me().get_untracked().is_some_and(|me| STAFF.into_iter().any(|role| me.has(role))) {
            device::keep_staff_screens().await;
            self.fetch_staff_screens();
        }
        // Firefox asks the person, who may answer never: nobody waits for it.
        spawn_local(async {
            device::ask_to_keep().await;
        });
        let before = Timestamp(world::now().0.saturating_sub_unsigned(sync::limits::SETTLED_KEEP_MS));
        // What could not be forgotten now is forgotten at another start.
        let _ = engine.ledger().forget_settled(before, Vec::new()).await;
        AccountCache::remove_older(engine.account()).await;
    }

    /// Looks, for as long as the account is open, whether something is to be fetched or told.
    async fn look_after(self, engine: Rc<AppEngine>) {
        loop {
            timer::sleep(LOOK_EVERY_MS).await;
            if !self.is_of(&engine) {
                return;
            }
            let look_at = self.core().carrying.borrow().look_at;
            if look_at.is_some_and(|at| at <= world::now()) {
                self.prefetch();
            }
            self.tell_condition();
        }
    }

    fn moved(self, kinds: &BTreeSet<String>) {
        let core = self.core();
        for kind in kinds {
            let trigger = core.kinds.borrow().get(kind.as_str()).cloned();
            if let Some(trigger) = trigger {
                trigger.notify();
            }
        }
        if let Some(engine) = self.engine() {
            let (status, shown) = (engine.status(), self.status.get_untracked());
            if status.standing == Standing::Revoked && shown.standing != Standing::Revoked {
                spawn_local(self.forget_documents(engine));
            }
            let is_back = status.reachable && !shown.reachable;
            if status != shown {
                self.status.set(status);
            }
            if is_back {
                self.prefetch_anew();
            }
        }
        self.ledger_moved.notify();
        if kinds.contains(Document::KIND) || kinds.contains(RecalledDocument::KIND) {
            self.prefetch();
        }
    }

    fn all_moved(self) {
        let triggers: Vec<ArcTrigger> = self.core().kinds.borrow().values().cloned().collect();
        triggers.iter().for_each(ArcTrigger::notify);
        if let Some(engine) = self.engine() {
            self.status.set(engine.status());
        }
        self.ledger_moved.notify();
    }
}

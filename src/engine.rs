//! One account at work, as the rest of the app knows it. What works behind it is [`crate::sync`] and comes in a part of
//! its own, so that an invitation can be read before.

use std::cell::Ref;
use std::future::Future;
use std::pin::Pin;

use sync::client::{Client, Entry, Event, Failure, Status, Writing};
use sync::ids::CommandId;
use sync::row::Layered;
use sync::rules::Rules;
use sync::wire::Receipt;

use crate::account::Account;
use crate::drafts::Draft;
use crate::platform::cache::AccountCache;
use crate::platform::http::Server;
use crate::platform::ledger::AccountLedger;
use crate::ports::StoreError;
use crate::sync::Driver;

/// Something that is being stored.
pub type Storing<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + 'a>>;

/// Is told the server's word, or why there is none.
pub type CallBack = Box<dyn FnOnce(Result<Receipt, Failure>)>;

/// The client machine, whatever the rules.
pub type Machine = Client<Box<dyn Rules>>;

pub trait Engine {
    fn account(&self) -> &Account;
    fn ledger(&self) -> &AccountLedger;
    fn cache(&self) -> &AccountCache;
    fn transport(&self) -> &Server;
    /// To be looked at and let go at once.
    fn machine(&self) -> Ref<'_, Machine>;
    /// One event into the machine, its effects into the world.
    fn handle(&self, event: Event);
    /// The rules know more than before.
    fn foretell_anew(&self);
    /// Stores what a person did, and the draft that it came from as sent. When this is done without an error both are
    /// saved for good.
    fn write(&self, writing: Writing, draft: Option<Draft>) -> Storing<'_>;
    /// Removes refused texts that their author has discarded.
    fn discard(&self, commands: Vec<CommandId>) -> Storing<'_>;
    /// Sends what is worth something only now.
    fn call_now(&self, writing: Writing, done: CallBack);
}

impl dyn Engine {
    pub fn status(&self) -> Status {
        self.machine().status()
    }

    /// Reads from what screens show: the base with everything foretold on top.
    pub fn with_view<V>(&self, read: impl FnOnce(&Layered<'_>) -> V) -> V {
        read(&self.machine().view())
    }

    pub fn with_entries<V>(&self, read: impl FnOnce(&mut dyn Iterator<Item = &Entry>) -> V) -> V {
        read(&mut self.machine().entries())
    }
}

impl Engine for Driver<AccountLedger, AccountCache, Server> {
    fn account(&self) -> &Account {
        self.account()
    }

    fn ledger(&self) -> &AccountLedger {
        self.ledger()
    }

    fn cache(&self) -> &AccountCache {
        self.cache()
    }

    fn transport(&self) -> &Server {
        self.transport()
    }

    fn machine(&self) -> Ref<'_, Machine> {
        self.machine()
    }

    fn handle(&self, event: Event) {
        self.handle(event);
    }

    fn foretell_anew(&self) {
        self.foretell_anew();
    }

    fn write(&self, writing: Writing, draft: Option<Draft>) -> Storing<'_> {
        Box::pin(self.write(writing, draft))
    }

    fn discard(&self, commands: Vec<CommandId>) -> Storing<'_> {
        Box::pin(self.discard(commands))
    }

    fn call_now(&self, writing: Writing, done: CallBack) {
        self.call_now(writing, done);
    }
}

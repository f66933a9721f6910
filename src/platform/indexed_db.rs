//! IndexedDB with what the promises need and no more: strict transactions, time limits, one reopening.
//! A transaction's body awaits requests of that transaction only; anything else would let it commit early.

use std::cell::RefCell;
use std::ops::AsyncFn;
use std::pin::Pin;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode,
};

use crate::platform::timer;
use crate::ports::StoreError;

const OPEN_MAX_MS: i32 = 3_000;
const TRANSACTION_MAX_MS: i32 = 5_000;

/// What is done in a transaction. Without its type of result, so that a transaction is compiled once.
type Body<'b> = &'b dyn Fn(Transaction) -> Pin<Box<dyn Future<Output = Result<(), JsValue>> + 'b>>;

/// How a transaction is kept: the ledger is strict, the cache relaxed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    Strict,
    Relaxed,
}

/// One database, opened when it is first needed and again when its connection has died.
#[derive(Debug)]
pub struct Database {
    name: String,
    stores: &'static [&'static str],
    durability: Durability,
    open: RefCell<Option<IdbDatabase>>,
}

impl Database {
    pub fn new(name: impl Into<String>, stores: &'static [&'static str], durability: Durability) -> Self {
        Self { name: name.into(), stores, durability, open: RefCell::new(None) }
    }

    /// Runs one transaction over all stores and waits until it is committed. After a failure the connection is opened
    /// anew and the transaction tried once more.
    pub async fn transact<T, B>(&self, mode: IdbTransactionMode, body: B) -> Result<T, StoreError>
    where
        B: AsyncFn(Transaction) -> Result<T, JsValue>,
    {
        let value = RefCell::new(None);
        let (body, slot) = (&body, &value);
        self.run(mode, &move |transaction| {
            Box::pin(async move {
                let made = body(transaction).await?;
                *slot.borrow_mut() = Some(made);
                Ok(())
            })
        })
        .await?;
        value.into_inner().ok_or(StoreError::Broken)
    }

    async fn run(&self, mode: IdbTransactionMode, body: Body<'_>) -> Result<(), StoreError> {
        match self.attempt(mode, body).await {
            Err(StoreError::Broken) => {
                self.close();
                self.attempt(mode, body).await
            }
            settled => settled,
        }
    }

    pub async fn read<T, B>(&self, body: B) -> Result<T, StoreError>
    where
        B: AsyncFn(Transaction) -> Result<T, JsValue>,
    {
        self.transact(IdbTransactionMode::Readonly, body).await
    }

    pub async fn write<T, B>(&self, body: B) -> Result<T, StoreError>
    where
        B: AsyncFn(Transaction) -> Result<T, JsValue>,
    {
        self.transact(IdbTransactionMode::Readwrite, body).await
    }

    pub fn close(&self) {
        if let Some(database) = self.open.borrow_mut().take() {
            database.close();
        }
    }

    async fn attempt(&self, mode: IdbTransactionMode, body: Body<'_>) -> Result<(), StoreError> {
        let database = self.database().await?;
        let raw = self.begin(&database, mode).map_err(|error| explain(&error))?;
        // What was read is known before the transaction ends: there is nothing to commit.
        let committed = (mode != IdbTransactionMode::Readonly).then(|| finished(&raw));
        if let Err(error) = body(Transaction(raw.clone())).await {
            // An abort that fails means that the transaction is over already.
            let _ = raw.abort();
            return Err(explain(&error));
        }
        match committed {
            Some(committed) => within(committed, TRANSACTION_MAX_MS).await.map(drop).map_err(|error| explain(&error)),
            None => Ok(()),
        }
    }

    /// `database.transaction(stores, mode, {durability})`, which web-sys does not offer in its stable part.
    fn begin(&self, database: &IdbDatabase, mode: IdbTransactionMode) -> Result<IdbTransaction, JsValue> {
        let stores = self.stores.iter().map(|name| JsValue::from_str(name)).collect::<Array>();
        let mode = if mode == IdbTransactionMode::Readonly { "readonly" } else { "readwrite" };
        let durability = if self.durability == Durability::Strict { "strict" } else { "relaxed" };
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &durability.into())?;
        let transaction: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
        transaction.call3(database, &stores, &mode.into(), &options)?.dyn_into()
    }

    async fn database(&self) -> Result<IdbDatabase, StoreError> {
        if let Some(database) = self.open.borrow().as_ref() {
            return Ok(database.clone());
        }
        let request = factory()?.open_with_u32(&self.name, 1).map_err(|error| explain(&error))?;
        let stores = self.stores;
        let upgrading = request.clone();
        let upgrade = Closure::once_into_js(move || {
            let database = upgrading.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok());
            for store in stores {
                if let Some(database) = &database {
                    // A store that cannot be made shows at the first transaction, which then fails.
                    let _ = database.create_object_store(store);
                }
            }
        });
        request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
        let opened = within(settled(request.as_ref()), OPEN_MAX_MS).await.map_err(|error| explain(&error))?;
        let database: IdbDatabase = opened.dyn_into().map_err(|_| StoreError::Broken)?;
        let closing = database.clone();
        let make_way = Closure::once_into_js(move || closing.close());
        database.set_onversionchange(Some(make_way.unchecked_ref()));
        *self.open.borrow_mut() = Some(database.clone());
        Ok(database)
    }
}

/// One running transaction. Every request is under way as soon as its method is called; several may be awaited together.
#[derive(Clone, Debug)]
pub struct Transaction(IdbTransaction);

/// An answer on its way.
type Coming<T> = Pin<Box<dyn Future<Output = Result<T, JsValue>>>>;

impl Transaction {
    fn store(&self, name: &str) -> Result<IdbObjectStore, JsValue> {
        self.0.object_store(name)
    }

    pub fn get(&self, store: &str, key: &str) -> Coming<Option<String>> {
        let answer = answered(self.store(store).and_then(|store| store.get(&JsValue::from_str(key))));
        Box::pin(async move { Ok(answer.await?.as_string()) })
    }

    /// Every value whose key begins with `prefix`.
    pub fn all(&self, store: &str, prefix: &str) -> Coming<Vec<String>> {
        let range = prefix_range(prefix);
        strings(self.store(store).and_then(|store| store.get_all_with_key(&range?)))
    }

    /// The same, in one piece.
    pub fn all_joined(&self, store: &str, prefix: &str) -> Coming<Joined> {
        let range = prefix_range(prefix);
        let answer = answered(self.store(store).and_then(|store| store.get_all_with_key(&range?)));
        Box::pin(async move {
            let list: Array = answer.await?.dyn_into()?;
            let count = usize::try_from(list.length()).unwrap_or(usize::MAX);
            Ok(Joined { text: list.join(JOINT.encode_utf8(&mut [0; 4])).into(), count })
        })
    }

    pub fn keys(&self, store: &str, prefix: &str) -> Coming<Vec<String>> {
        let range = prefix_range(prefix);
        strings(self.store(store).and_then(|store| store.get_all_keys_with_key(&range?)))
    }

    /// Not awaited: the transaction's end tells.
    pub fn put(&self, store: &str, key: &str, value: &str) -> Result<(), JsValue> {
        self.store(store)?.put_with_key(&JsValue::from_str(value), &JsValue::from_str(key)).map(drop)
    }

    pub fn delete(&self, store: &str, key: &str) -> Result<(), JsValue> {
        self.store(store)?.delete(&JsValue::from_str(key)).map(drop)
    }

    pub fn delete_prefix(&self, store: &str, prefix: &str) -> Result<(), JsValue> {
        self.store(store)?.delete(&prefix_range(prefix)?).map(drop)
    }
}

/// Removes a whole database; used for caches only.
pub async fn delete_database(name: &str) -> Result<(), StoreError> {
    let request = factory()?.delete_database(name).map_err(|error| explain(&error))?;
    within(settled(request.as_ref()), OPEN_MAX_MS).await.map(drop).map_err(|error| explain(&error))
}

fn factory() -> Result<IdbFactory, StoreError> {
    let factory = web_sys::window().and_then(|window| window.indexed_db().ok().flatten());
    factory.ok_or(StoreError::Forbidden)
}

fn prefix_range(prefix: &str) -> Result<JsValue, JsValue> {
    let end = format!("{prefix}\u{ffff}");
    IdbKeyRange::bound(&JsValue::from_str(prefix), &JsValue::from_str(&end)).map(JsValue::from)
}

fn strings(request: Result<IdbRequest, JsValue>) -> Coming<Vec<String>> {
    let answer = answered(request);
    Box::pin(async move {
        let list: Array = answer.await?.dyn_into()?;
        Ok(list.iter().filter_map(|value| value.as_string()).collect())
    })
}

/// Many strings as one, which crosses from JavaScript at once: for thousands of rows that is several times faster than
/// one by one.
#[derive(Debug)]
pub struct Joined {
    text: String,
    count: usize,
}

/// Between the strings. JSON holds it only escaped.
const JOINT: char = '\u{1e}';

impl Joined {
    /// Nothing when one of the strings holds what stands between them.
    pub fn parts(&self) -> Option<impl Iterator<Item = &str>> {
        let parts = || self.text.split(JOINT).take(if self.count == 0 { 0 } else { usize::MAX });
        (parts().count() == self.count).then(parts)
    }
}

/// A promise for the end of a request.
fn settled(request: &IdbRequest) -> Promise {
    let request = request.clone();
    Promise::new(&mut move |resolve, reject| {
        let succeeded = request.clone();
        let on_success = Closure::once_into_js(move || {
            let value = succeeded.result().unwrap_or(JsValue::UNDEFINED);
            let _ = resolve.call1(&JsValue::UNDEFINED, &value);
        });
        let failed = request.clone();
        let on_error = Closure::once_into_js(move || {
            let error = failed.error().ok().flatten().map_or(JsValue::NULL, JsValue::from);
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        });
        request.set_onsuccess(Some(on_success.unchecked_ref()));
        request.set_onerror(Some(on_error.unchecked_ref()));
    })
}

/// The answer to one request, listened for from now on. WebKit may give none to a page that comes right after another.
fn answered(request: Result<IdbRequest, JsValue>) -> impl Future<Output = Result<JsValue, JsValue>> {
    let answer = request.map(|request| settled(&request));
    async move { within(answer?, TRANSACTION_MAX_MS).await }
}

/// A promise for the end of a transaction: committed, or why not.
fn finished(transaction: &IdbTransaction) -> Promise {
    let transaction = transaction.clone();
    Promise::new(&mut move |resolve, reject| {
        let on_complete = Closure::once_into_js(move || {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        });
        let aborted = transaction.clone();
        let on_abort = Closure::once_into_js(move || {
            let error = aborted.error().map_or(JsValue::NULL, JsValue::from);
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        });
        transaction.set_oncomplete(Some(on_complete.unchecked_ref()));
        transaction.set_onabort(Some(on_abort.unchecked_ref()));
    })
}

/// Waits for a promise, but not for ever.
async fn within(promise: Promise, max_ms: i32) -> Result<JsValue, JsValue> {
    let race = Promise::race(&Array::of2(&promise, &timer::rejecting_after(max_ms)));
    JsFuture::from(race).await
}

fn explain(error: &JsValue) -> StoreError {
    match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
        Some("QuotaExceededError") => StoreError::Full,
        Some("SecurityError") => StoreError::Forbidden,
        _ => StoreError::Broken,
    }
}

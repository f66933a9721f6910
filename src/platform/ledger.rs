//! The ledger in IndexedDB: version 1, never upgraded, strict. Values are JSON text that the lifeboat in index.html
//! reads without this code; a change of their shape must be one that it understands.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sync::client::{Entry, Ledger, Writing};
use sync::ids::{ClientId, CommandId, Epoch, Timestamp};
use sync::wire::Receipt;
use wasm_bindgen::JsValue;

use crate::account::Account;
use crate::drafts::{Draft, DraftState};
use crate::platform::indexed_db::{Database, Durability, Transaction};
use crate::platform::world;
use crate::ports::{LedgerStore, StoreError};

const COMMANDS: &str = "commands";
const DRAFTS: &str = "drafts";
const META: &str = "meta";
const DEVICE: &str = "device";

/// The database that all accounts of this device share.
pub fn database() -> Rc<Database> {
    Rc::new(Database::new("ledger", &[COMMANDS, DRAFTS, META], Durability::Strict))
}

/// What the device knows of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Device {
    /// UUID by which a repeated enrolment of this device is recognised.
    pub device_id: String,
    /// The account that is open.
    #[serde(default)]
    pub account: Option<Account>,
    /// The code of its invitation: with it the device comes in again by itself when its browser has lost the cookie.
    #[serde(default)]
    pub code: Option<String>,
}

/// Meta record of one account.
#[derive(Serialize, Deserialize)]
struct AccountMeta {
    account: String,
    congress: String,
    person: String,
    client_id: ClientId,
    next_seq: u64,
    #[serde(default)]
    epoch: Option<Epoch>,
}

/// Reads what the device knows of itself; makes it at the first start.
pub async fn load_device(database: &Database) -> Result<Device, StoreError> {
    let held = database.read(async |tx: Transaction| tx.get(META, DEVICE).await).await?;
    if let Some(device) = held.and_then(|text| serde_json::from_str(&text).ok()) {
        return Ok(device);
    }
    let device = Device { device_id: world::new_uuid(), account: None, code: None };
    save_device(database, &device).await?;
    Ok(device)
}

pub async fn save_device(database: &Database, device: &Device) -> Result<(), StoreError> {
    let text = json(device);
    database.write(async |tx: Transaction| tx.put(META, DEVICE, &text)).await
}

/// One account's part of the ledger.
#[derive(Clone, Debug)]
pub struct AccountLedger {
    database: Rc<Database>,
    account: Account,
}

impl AccountLedger {
    pub fn new(database: Rc<Database>, account: Account) -> Self {
        Self { database, account }
    }

    fn key(&self, id: &str) -> String {
        format!("{}/{id}", self.account.key())
    }

    fn meta_key(&self) -> String {
        format!("account/{}", self.account.key())
    }

    /// The account's record, if there is one.
    fn held_meta(&self, tx: &Transaction) -> impl Future<Output = Result<Option<AccountMeta>, JsValue>> + use<> {
        let held = tx.get(META, &self.meta_key());
        async move { Ok(held.await?.and_then(|text| serde_json::from_str(&text).ok())) }
    }

    /// The account's record, made when it is first needed.
    async fn meta(&self, tx: &Transaction) -> Result<AccountMeta, JsValue> {
        if let Some(meta) = self.held_meta(tx).await? {
            return Ok(meta);
        }
        let meta = AccountMeta {
            account: self.account.key(),
            congress: self.account.congress.clone(),
            person: self.account.person.0.clone(),
            client_id: ClientId::from_random(world::random_u128()),
            next_seq: 1,
            epoch: None,
        };
        self.put_meta(tx, &meta)?;
        Ok(meta)
    }

    fn put_meta(&self, tx: &Transaction, meta: &AccountMeta) -> Result<(), JsValue> {
        tx.put(META, &self.meta_key(), &json(meta))
    }

    /// A browser that cleared its storage took the device's record too: what is written from then on must still be found
    /// at the next start.
    fn remember_device(&self, tx: &Transaction) -> impl Future<Output = Result<(), JsValue>> + use<'_> {
        let (held, tx) = (tx.get(META, DEVICE), tx.clone());
        async move {
            if held.await?.is_none() {
                let device = Device { device_id: world::new_uuid(), account: Some(self.account.clone()), code: None };
                tx.put(META, DEVICE, &json(&device))?;
            }
            Ok(())
        }
    }

    fn put_entry(&self, tx: &Transaction, entry: &Entry) -> Result<(), JsValue> {
        tx.put(COMMANDS, &self.key(&entry.command_id.to_string()), &json(entry))
    }

    fn entries(&self, tx: &Transaction) -> impl Future<Output = Result<Vec<Entry>, JsValue>> + use<> {
        let held = tx.all(COMMANDS, &self.key(""));
        async move { Ok(parse_all(&held.await?)) }
    }

    async fn change_entries(
        &self,
        epoch: Epoch,
        commands: &[CommandId],
        change: impl Fn(&mut Entry),
    ) -> Result<(), StoreError> {
        self.database
            .write(async |tx: Transaction| {
                let mut meta = self.meta(&tx).await?;
                for command in commands {
                    let held = tx.get(COMMANDS, &self.key(&command.to_string())).await?;
                    if let Some(mut entry) = held.and_then(|text| serde_json::from_str::<Entry>(&text).ok()) {
                        change(&mut entry);
                        self.put_entry(&tx, &entry)?;
                    }
                }
                meta.epoch = Some(epoch);
                self.put_meta(&tx, &meta)
            })
            .await
    }
}

impl LedgerStore for AccountLedger {
    async fn load(&self) -> Result<(Ledger, Vec<Draft>), StoreError> {
        // Reading takes no room: a full device must still open.
        let (meta, entries, drafts) = self
            .database
            .read(async |tx: Transaction| {
                let (meta, entries, drafts) = (self.held_meta(&tx), self.entries(&tx), tx.all(DRAFTS, &self.key("")));
                Ok((meta.await?, entries.await?, parse_all(&drafts.await?)))
            })
            .await?;
        let meta = match meta {
            Some(meta) => meta,
            None => self.database.write(async |tx: Transaction| self.meta(&tx).await).await?,
        };
        Ok((Ledger { client_id: meta.client_id, epoch: meta.epoch, entries }, drafts))
    }

    async fn append(&self, writing: Writing, draft: Option<Draft>) -> Result<Entry, StoreError> {
        let draft = draft.map(|draft| Draft { state: DraftState::Sent, ..draft });
        self.database
            .write(async |tx: Transaction| {
                let remembered = self.remember_device(&tx);
                let mut meta = self.meta(&tx).await?;
                remembered.await?;
                if let Some(draft) = &draft {
                    tx.put(DRAFTS, &self.key(&draft.id), &json(draft))?;
                }
                let entry = Entry::new(&self.account.key(), meta.client_id, meta.next_seq, writing.clone());
                meta.next_seq += 1;
                self.put_entry(&tx, &entry)?;
                self.put_meta(&tx, &meta)?;
                Ok(entry)
            })
            .await
    }

    async fn settle(&self, epoch: Epoch, receipts: Vec<Receipt>) -> Result<(), StoreError> {
        let commands: Vec<CommandId> = receipts.iter().map(|receipt| receipt.command_id).collect();
        self.change_entries(epoch, &commands, |entry| {
            if let Some(receipt) = receipts.iter().find(|receipt| receipt.command_id == entry.command_id) {
                entry.settle(epoch, receipt);
            }
        })
        .await
    }

    async fn reopen(&self, epoch: Epoch, commands: Vec<CommandId>) -> Result<(), StoreError> {
        self.change_entries(epoch, &commands, Entry::reopen).await
    }

    async fn renumber(&self, client_id: ClientId) -> Result<Ledger, StoreError> {
        self.database
            .write(async |tx: Transaction| {
                let mut meta = self.meta(&tx).await?;
                let entries = self.entries(&tx).await?;
                let mut ledger = Ledger { client_id: meta.client_id, epoch: meta.epoch, entries };
                ledger.renumber(client_id);
                for entry in &ledger.entries {
                    self.put_entry(&tx, entry)?;
                }
                meta.client_id = client_id;
                meta.next_seq = ledger.next_seq();
                self.put_meta(&tx, &meta)?;
                Ok(ledger)
            })
            .await
    }

    async fn put_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        let (key, text) = (self.key(&draft.id), json(draft));
        self.database
            .write(async |tx: Transaction| {
                self.remember_device(&tx).await?;
                tx.put(DRAFTS, &key, &text)
            })
            .await
    }

    async fn forget_settled(&self, before: Timestamp, discarded: Vec<CommandId>) -> Result<(), StoreError> {
        self.database
            .write(async |tx: Transaction| {
                for entry in self.entries(&tx).await? {
                    let old = entry.is_taken() && entry.created_at < before;
                    let refused = !entry.is_waiting() && discarded.contains(&entry.command_id);
                    if old || refused {
                        ledger_delete(&tx, COMMANDS, &self.key(&entry.command_id.to_string()))?;
                    }
                }
                for draft in parse_all::<Draft>(&tx.all(DRAFTS, &self.key("")).await?) {
                    if draft.state != DraftState::Open && draft.updated_at < before {
                        ledger_delete(&tx, DRAFTS, &self.key(&draft.id))?;
                    }
                }
                Ok(())
            })
            .await
    }
}

/// The one place where anything leaves the ledger.
fn ledger_delete(tx: &Transaction, store: &str, key: &str) -> Result<(), JsValue> {
    tx.delete(store, key)
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| Value::Null.to_string())
}

/// Reads what this build understands. What it does not stays where it is.
fn parse_all<T: serde::de::DeserializeOwned>(texts: &[String]) -> Vec<T> {
    texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
}

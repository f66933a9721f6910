//! A store whose commits fail on demand, or that was exchanged for another one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use server::store::{
    AccessStore, CongressRecord, Device, Enrolled, Enrolment, LockedLog, LogStore, NewDevice, NewEnrolment, Pulse,
    Report, Reported, Result, Revoked, Seen, Store, StoreError, StoredBlob,
};
use sync::ids::{Epoch, Gsn, PersonId, Timestamp};
use sync::server::LogEntry;

pub struct Tampered {
    inner: Arc<dyn Store>,
    pub commits_fail: AtomicBool,
    pub is_exchanged: AtomicBool,
}

impl Tampered {
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner, commits_fail: AtomicBool::new(false), is_exchanged: AtomicBool::new(false) }
    }

    fn epoch(&self, epoch: Epoch) -> Epoch {
        if self.is_exchanged.load(Ordering::SeqCst) { Epoch::from_u128(9) } else { epoch }
    }
}

struct TamperedLog<'s> {
    inner: Box<dyn LockedLog + 's>,
    epoch: Epoch,
    fails: bool,
}

#[async_trait]
impl LockedLog for TamperedLog<'_> {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    fn head(&self) -> Gsn {
        self.inner.head()
    }

    async fn entries_after(&mut self, after: Gsn, max: u32) -> Result<Vec<LogEntry>> {
        self.inner.entries_after(after, max).await
    }

    async fn append(&mut self, entries: &[LogEntry]) -> Result<()> {
        self.inner.append(entries).await
    }

    async fn rewrite(&mut self, entries: &[LogEntry]) -> Result<()> {
        self.inner.rewrite(entries).await
    }

    async fn put_blobs(&mut self, blobs: &[StoredBlob]) -> Result<()> {
        self.inner.put_blobs(blobs).await
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        if self.fails {
            return Err(StoreError::Unreadable { what: "the disk".to_owned(), why: "it is full".to_owned() });
        }
        self.inner.commit().await
    }
}

#[async_trait]
impl LogStore for Tampered {
    async fn congresses(&self) -> Result<Vec<CongressRecord>> {
        self.inner.congresses().await
    }

    async fn create_congress(&self, record: &CongressRecord) -> Result<CongressRecord> {
        self.inner.create_congress(record).await
    }

    async fn renew_epoch(&self, congress: &str, epoch: Epoch) -> Result<()> {
        self.inner.renew_epoch(congress, epoch).await
    }

    async fn pulse(&self, congress: &str) -> Result<Pulse> {
        let pulse = self.inner.pulse(congress).await?;
        Ok(Pulse { epoch: self.epoch(pulse.epoch), ..pulse })
    }

    async fn entries_after(&self, congress: &str, after: Gsn, max: u32) -> Result<Vec<LogEntry>> {
        self.inner.entries_after(congress, after, max).await
    }

    async fn lock<'s>(&'s self, congress: &str) -> Result<Box<dyn LockedLog + 's>> {
        let inner = self.inner.lock(congress).await?;
        let fails = self.commits_fail.load(Ordering::SeqCst);
        Ok(Box::new(TamperedLog { epoch: self.epoch(inner.epoch()), inner, fails }))
    }

    async fn blob(&self, congress: &str, sha256: &str) -> Result<Option<StoredBlob>> {
        self.inner.blob(congress, sha256).await
    }
}

#[async_trait]
impl AccessStore for Tampered {
    async fn add_enrolment(&self, enrolment: &NewEnrolment) -> Result<()> {
        self.inner.add_enrolment(enrolment).await
    }

    async fn enrolment(&self, code_hash: &str, device_id: &str) -> Result<Option<Enrolment>> {
        self.inner.enrolment(code_hash, device_id).await
    }

    async fn codes_of_people(&self, congress: &str) -> Result<BTreeMap<PersonId, u32>> {
        self.inner.codes_of_people(congress).await
    }

    async fn enrol_device(&self, code_hash: &str, device: &NewDevice) -> Result<Enrolled> {
        self.inner.enrol_device(code_hash, device).await
    }

    async fn device_by_token(&self, congress: &str, token_hash: &str) -> Result<Option<Device>> {
        self.inner.device_by_token(congress, token_hash).await
    }

    async fn devices(&self, congress: &str, person: Option<&PersonId>) -> Result<Vec<Device>> {
        self.inner.devices(congress, person).await
    }

    async fn revoke_device(&self, congress: &str, person: &PersonId, device_id: &str, at: Timestamp) -> Result<bool> {
        self.inner.revoke_device(congress, person, device_id, at).await
    }

    async fn revoke_person(&self, congress: &str, person: &PersonId, at: Timestamp) -> Result<Revoked> {
        self.inner.revoke_person(congress, person, at).await
    }

    async fn touch_devices(&self, seen: &[Seen]) -> Result<()> {
        self.inner.touch_devices(seen).await
    }

    async fn keep_reports(&self, reported: &[Reported]) -> Result<()> {
        if self.commits_fail.load(Ordering::SeqCst) {
            return Err(StoreError::Unfit("no commit".to_owned()));
        }
        self.inner.keep_reports(reported).await
    }

    async fn devices_with_reports(&self, congress: &str) -> Result<Vec<(Device, Option<Report>)>> {
        self.inner.devices_with_reports(congress).await
    }
}

#[async_trait]
impl Store for Tampered {
    async fn close(&self) {
        self.inner.close().await;
    }
}

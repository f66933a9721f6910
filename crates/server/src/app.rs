//! What all requests share: the store, the congresses that are served, and the switch that ends everything.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use tokio::sync::watch;
use tokio::time::interval;

use crate::assets::Assets;
use crate::cache::Cache;
use crate::clock::{Clock, system_clock};
use crate::hall::{Hall, told_to};
use crate::http::{Form, Packed};
use crate::limiter::EnrolLimiter;
use crate::limits::{CACHE_BYTES_MAX, POLL_EVERY, SEEN_FLUSH_EVERY};
use crate::reports::ReportBook;
use crate::seen::SeenBook;
use crate::store::{Result, Store};
use crate::streams::Streams;

/// When the cookie says `Secure`: a browser keeps such a cookie from every plain `http` address but localhost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum CookieSecurity {
    /// By the public address; without one, `Secure` unless the host is localhost, an address or a `.local` name.
    #[default]
    Auto,
    Secure,
    Insecure,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Config {
    /// Where the app was built to. Without it only the API is served.
    pub dist: Option<PathBuf>,
    /// The address that people use, if it is known.
    pub public_url: Option<String>,
    pub cookie: CookieSecurity,
    /// A proxy of ours stands before the server: believe its `X-Forwarded-For` and `X-Forwarded-Proto`.
    pub behind_proxy: bool,
}

/// What an immutable answer is cached by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CacheKey {
    Snapshot { congress: String, scope: String, gsn: u64 },
    Chunk { congress: String, scope: String, index: u64 },
    Blob { congress: String, sha256: String },
}

pub struct App {
    pub store: Arc<dyn Store>,
    pub config: Config,
    pub clock: Clock,
    pub assets: Option<Assets>,
    pub cache: Cache<(CacheKey, Form), Packed>,
    pub enrol_limiter: EnrolLimiter,
    pub seen: SeenBook,
    pub reports: ReportBook,
    pub streams: Streams,
    halls: RwLock<BTreeMap<String, Arc<Hall>>>,
    stop: watch::Sender<bool>,
}

impl App {
    /// Opens every congress of the store and follows those that are added later.
    pub async fn open(store: Arc<dyn Store>, config: Config) -> Result<Arc<Self>> {
        let app = Arc::new(Self {
            store,
            assets: config.dist.clone().map(Assets::new),
            config,
            clock: system_clock(),
            cache: Cache::new(CACHE_BYTES_MAX),
            enrol_limiter: EnrolLimiter::default(),
            seen: SeenBook::default(),
            reports: ReportBook::default(),
            streams: Streams::default(),
            halls: RwLock::default(),
            stop: watch::channel(false).0,
        });
        app.open_halls().await?;
        tokio::spawn(keep_house(Arc::downgrade(&app), app.stopped()));
        Ok(app)
    }

    pub fn hall(&self, congress: &str) -> Option<Arc<Hall>> {
        self.halls.read().unwrap_or_else(PoisonError::into_inner).get(congress).cloned()
    }

    pub fn halls(&self) -> Vec<Arc<Hall>> {
        self.halls.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Turns to `true` when the server is to stop: streams and long polls end then.
    pub fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Ends streams and long polls. Requests that are under way still get their answers.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Ends the writers after what waits is decided, and lets go of the store.
    pub async fn close(&self) {
        self.stop();
        for hall in self.halls() {
            hall.close().await;
        }
        if let Err(error) = self.write_heard().await {
            tracing::warn!(%error, "last signs of life were not written");
        }
        self.store.close().await;
    }

    /// Writes what was heard of devices: signs of life and reports.
    pub async fn write_heard(&self) -> Result<()> {
        self.seen.flush(&*self.store).await?;
        self.reports.flush(&*self.store).await
    }

    /// One congress that cannot be opened keeps no other from being served; the last failure is returned.
    async fn open_halls(&self) -> Result<()> {
        let mut done = Ok(());
        for record in self.store.congresses().await? {
            if self.hall(&record.id).is_none()
                && let Err(error) = self.open_hall(record.id).await
            {
                done = Err(error);
            }
        }
        done
    }

    async fn open_hall(&self, congress: String) -> Result<()> {
        let hall = Hall::open(Arc::clone(&self.store), &congress).await?;
        tracing::info!(congress, gsn = *hall.head().borrow(), "serving");
        self.halls.write().unwrap_or_else(PoisonError::into_inner).insert(congress, hall);
        Ok(())
    }
}

/// Looks for new congresses and writes what was heard of devices, until the server stops.
async fn keep_house(app: Weak<App>, mut stopped: watch::Receiver<bool>) {
    let (mut look, mut flush) = (interval(POLL_EVERY), interval(SEEN_FLUSH_EVERY));
    loop {
        let flushes = tokio::select! {
            _ = look.tick() => false,
            _ = flush.tick() => true,
            () = told_to(&mut stopped) => return,
        };
        let Some(app) = app.upgrade() else { return };
        let done = if flushes { app.write_heard().await } else { app.open_halls().await };
        if let Err(error) = done {
            tracing::warn!(%error, "keeping house failed; it is tried again");
        }
    }
}

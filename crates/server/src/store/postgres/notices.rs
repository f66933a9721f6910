//! NOTIFY and LISTEN between replicas: each says after its commits in which congress something moved. Words are lost
//! while a connection is down, so that after each reconnection everything may have moved; the poll finds whatever was
//! never said.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::clock::random_u128;
use crate::store::Result;
use crate::store::hints::{HintBoard, Hints};

const CHANNEL: &str = "congress_moved";
/// Between two tries to listen; the poll looks more often than that.
const RETRY_AFTER: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Notices {
    pool: PgPool,
    /// Stands before each word, so that nobody looks because of what it said itself.
    own: String,
    board: Arc<HintBoard>,
    listener: Mutex<Option<JoinHandle<()>>>,
}

impl Notices {
    pub(super) fn new(pool: PgPool) -> Result<Self> {
        let own = format!("{:032x}", random_u128()?);
        Ok(Self { pool, own, board: Arc::default(), listener: Mutex::default() })
    }

    /// Begins to listen with the first who asks: a command that only writes needs no ear.
    pub(super) fn listen(&self, congress: &str) -> Hints {
        let hints = self.board.listen(congress);
        self.listener
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| tokio::spawn(hear(self.pool.clone(), Arc::clone(&self.board), self.own.clone())));
        hints
    }

    /// Says that something was committed. Nobody waits for it: inside the transaction it would make the commits of all
    /// congresses wait for each other.
    pub(super) fn tell_others(&self, congress: &str) {
        let (pool, word) = (self.pool.clone(), format!("{} {congress}", self.own));
        tokio::spawn(async move {
            let said = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(word).execute(&pool).await;
            if let Err(error) = said {
                tracing::debug!(%error, "other replicas were not told and will see at their next poll");
            }
        });
    }

    pub(super) async fn close(&self) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(listener) = listener {
            listener.abort();
            let _ = listener.await;
        }
    }
}

async fn hear(pool: PgPool, board: Arc<HintBoard>, own: String) {
    loop {
        if let Err(error) = hear_until_it_fails(&pool, &board, &own).await {
            tracing::warn!(%error, "not listening to other replicas; they are polled");
        }
        sleep(RETRY_AFTER).await;
    }
}

async fn hear_until_it_fails(pool: &PgPool, board: &HintBoard, own: &str) -> Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        board.tell_all();
        while let Some(notice) = listener.try_recv().await? {
            match notice.payload().split_once(' ') {
                Some((author, congress)) if author != own => board.tell(congress),
                _ => {}
            }
        }
    }
}

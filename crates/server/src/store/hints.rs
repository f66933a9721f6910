//! The word that something moved in the database by another process: never the truth, only a reason to look before
//! the next poll. Lost words cost half a second.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

/// Hears hints about one congress. Several hints between two looks are one.
#[derive(Debug)]
pub struct Hints(Option<watch::Receiver<()>>);

impl Hints {
    /// Of a store whose other processes say nothing.
    pub fn silent() -> Self {
        Self(None)
    }

    /// Returns when there was a hint since the last call; never, if none can come any more.
    pub async fn next(&mut self) {
        if let Some(receiver) = &mut self.0
            && receiver.changed().await.is_ok()
        {
            return;
        }
        self.0 = None;
        std::future::pending().await
    }
}

/// Hands hints to those who listen.
#[derive(Debug, Default)]
pub struct HintBoard {
    congresses: Mutex<BTreeMap<String, watch::Sender<()>>>,
}

impl HintBoard {
    pub fn listen(&self, congress: &str) -> Hints {
        let mut congresses = self.congresses.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = congresses.entry(congress.to_owned()).or_insert_with(|| watch::channel(()).0);
        Hints(Some(sender.subscribe()))
    }

    pub fn tell(&self, congress: &str) {
        if let Some(sender) = self.congresses.lock().unwrap_or_else(PoisonError::into_inner).get(congress) {
            sender.send_replace(());
        }
    }

    /// After words may have been lost, everything may have moved.
    pub fn tell_all(&self) {
        self.congresses.lock().unwrap_or_else(PoisonError::into_inner).values().for_each(|sender| {
            sender.send_replace(());
        });
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn hints_are_heard_once_and_by_their_congress_only() {
        let board = HintBoard::default();
        let (mut ours, mut theirs) = (board.listen("a"), board.listen("b"));
        let hears = |hints: &mut Hints| hints.next().now_or_never().is_some();
        assert!(!hears(&mut ours) && !hears(&mut Hints::silent()));
        board.tell("a");
        board.tell("a");
        board.tell("nobody");
        assert!(hears(&mut ours) && !hears(&mut ours) && !hears(&mut theirs));
        board.tell_all();
        assert!(hears(&mut ours) && hears(&mut theirs));
        drop(board);
        assert!(!hears(&mut ours), "nobody speaks any more: that is no hint");
    }
}

//! Bytes that were made once and are read by hundreds, bounded by their size. What is asked for by many at the same
//! moment is made by one of them, and the others wait.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

/// What a cached value weighs.
pub trait Weighed {
    fn bytes(&self) -> usize;
}

pub struct Cache<K, V> {
    held: Mutex<Held<K, V>>,
    bytes_max: usize,
}

struct Held<K, V> {
    cells: BTreeMap<K, Arc<OnceCell<Arc<V>>>>,
    /// Oldest first.
    order: VecDeque<(K, usize)>,
    bytes: usize,
}

impl<K: Ord + Clone, V: Weighed> Cache<K, V> {
    pub fn new(bytes_max: usize) -> Self {
        Self { held: Mutex::new(Held { cells: BTreeMap::new(), order: VecDeque::new(), bytes: 0 }), bytes_max }
    }

    /// The value of a key, made if need be. A failure is not kept.
    pub async fn get_or_make<E>(&self, key: &K, make: impl AsyncFnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        let cell = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(held.cells.entry(key.clone()).or_default())
        };
        let mut made = None;
        let result = cell
            .get_or_try_init(async || {
                let value = Arc::new(make().await?);
                made = Some(value.bytes());
                Ok(value)
            })
            .await
            .cloned();
        match (&result, made) {
            (Ok(_), Some(bytes)) => self.keep(key, bytes),
            (Err(_), _) => self.forget_empty(key, &cell),
            (Ok(_), None) => {}
        }
        result
    }

    fn keep(&self, key: &K, bytes: usize) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.order.push_back((key.clone(), bytes));
        held.bytes += bytes;
        while held.bytes > self.bytes_max {
            let Some((oldest, bytes)) = held.order.pop_front() else { return };
            held.cells.remove(&oldest);
            held.bytes -= bytes;
        }
    }

    fn forget_empty(&self, key: &K, cell: &Arc<OnceCell<Arc<V>>>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.cells.get(key).is_some_and(|current| Arc::ptr_eq(current, cell) && !current.initialized()) {
            held.cells.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weighed for String {
        fn bytes(&self) -> usize {
            self.len()
        }
    }

    async fn get(cache: &Cache<u32, String>, key: u32, value: &str) -> Arc<String> {
        cache.get_or_make::<()>(&key, async || Ok(value.to_owned())).await.unwrap()
    }

    #[tokio::test]
    async fn a_value_is_made_once_and_the_oldest_leave_when_it_is_full() {
        let cache = Cache::new(10);
        assert_eq!(*get(&cache, 1, "first").await, "first");
        assert_eq!(*get(&cache, 1, "other").await, "first");
        get(&cache, 2, "second").await;
        assert_eq!(*get(&cache, 1, "other").await, "other");
        assert!(cache.held.lock().unwrap().bytes <= 10);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let cache: Cache<u32, String> = Cache::new(10);
        assert_eq!(cache.get_or_make(&1, async || Err("no")).await, Err("no"));
        assert!(cache.held.lock().unwrap().cells.is_empty());
        assert_eq!(*get(&cache, 1, "yes").await, "yes");
    }
}

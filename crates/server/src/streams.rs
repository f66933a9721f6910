//! Which live streams a device holds open. One more than the limit ends the oldest, not the newest: after a change of
//! network the old ones are dead, and nobody told the server.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::limits::STREAMS_PER_DEVICE_MAX;

#[derive(Clone, Debug, Default)]
pub struct Streams {
    open: Arc<Mutex<BTreeMap<String, Open>>>,
}

/// The streams of one device, oldest first; each switch ends one.
type Open = VecDeque<Arc<watch::Sender<bool>>>;

/// A stream's place; given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    streams: Streams,
    device: String,
    own: Arc<watch::Sender<bool>>,
    /// Turns to `true` when a newer stream took the place.
    pub ended: watch::Receiver<bool>,
}

impl Streams {
    /// Takes a place for a stream of a device; `device` is its token's hash.
    pub fn take(&self, device: &str) -> Place {
        let (sender, ended) = watch::channel(false);
        let own = Arc::new(sender);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let places = open.entry(device.to_owned()).or_default();
        places.push_back(Arc::clone(&own));
        if places.len() > STREAMS_PER_DEVICE_MAX
            && let Some(oldest) = places.pop_front()
        {
            oldest.send_replace(true);
        }
        Place { streams: self.clone(), device: device.to_owned(), own, ended }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = open.get_mut(&self.device) {
            places.retain(|place| !Arc::ptr_eq(place, &self.own));
            if places.is_empty() {
                open.remove(&self.device);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stream_too_many_ends_the_oldest_and_places_are_given_back() {
        let streams = Streams::default();
        let mut places: Vec<Place> = (0..=STREAMS_PER_DEVICE_MAX).map(|_| streams.take("a")).collect();
        let ended: Vec<bool> = places.iter().map(|place| *place.ended.borrow()).collect();
        assert!(ended[0] && ended[1..].iter().all(|ended| !ended));
        let other = streams.take("b");
        assert!(!*other.ended.borrow());
        places.clear();
        drop(other);
        assert!(streams.open.lock().unwrap().is_empty());
    }
}

//! Rows of one kind, each read once: a change of one row does not parse the thousands beside it again.

use std::collections::BTreeMap;
use std::sync::Arc;

use congress::entities::Entity;
use leptos::prelude::*;
use sync::ids::Scope;
use sync::json::Json;
use sync::row::Rows;

use super::State;

use crate::memo::Memo;

/// Rows by id, with the bytes that each was read from.
#[derive(Debug)]
pub struct Held<T>(BTreeMap<String, (Json, Arc<T>)>);

impl<T> PartialEq for Held<T> {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        self.0.len() == other.0.len()
            && pairs.all(|((id, (json, _)), (other_id, (other_json, _)))| id == other_id && json == other_json)
    }
}

impl<T> Held<T> {
    pub fn get(&self, id: &str) -> Option<&Arc<T>> {
        self.0.get(id).map(|(_, row)| row)
    }

    /// In the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<T>> {
        self.0.values().map(|(_, row)| row)
    }
}

impl State {
    /// The rows of a kind in a scope whose id begins with `prefix`. Rows that this build cannot read are left out.
    pub fn held<T: Entity + Send + Sync + 'static>(&self, scope: Scope, prefix: Signal<String>) -> Memo<Held<T>> {
        let state = *self;
        Memo::new(move |before: Option<&Held<T>>| {
            state.phase.track();
            state.track(T::KIND);
            let prefix = prefix.get();
            let mut held = BTreeMap::new();
            let Some(engine) = state.engine() else { return Held(held) };
            engine.with_view(|rows| {
                rows.each(&scope, T::KIND, &mut |id, row| {
                    let Some(json) = row.data.as_ref().filter(|_| id.starts_with(&prefix)) else { return };
                    let known = before.and_then(|before| before.0.get(id)).filter(|(known, _)| known == json);
                    let row = known.map(|(_, row)| row.clone()).or_else(|| json.read().ok().map(Arc::new));
                    if let Some(row) = row {
                        held.insert(id.to_owned(), (json.clone(), row));
                    }
                });
            });
            Held(held)
        })
    }
}

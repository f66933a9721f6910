//! Values computed from other values. Leptos's own memo costs the binary a copy of its machinery for each type of
//! value; this one shares a single copy and looks at the type only where a value is read.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::{Get, GetUntracked, Signal, Track};

/// A value of any type that can tell whether another one is the same.
trait Kept: Any + Send + Sync {
    fn is_same(&self, other: &dyn Kept) -> bool;
}

impl<T: PartialEq + Any + Send + Sync> Kept for T {
    fn is_same(&self, other: &dyn Kept) -> bool {
        (other as &dyn Any).downcast_ref::<T>() == Some(self)
    }
}

#[derive(Clone)]
struct Value(Arc<dyn Kept>);

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_same(other.0.as_ref())
    }
}

impl Value {
    fn read<T: 'static>(&self) -> Option<&T> {
        (self.0.as_ref() as &dyn Any).downcast_ref()
    }
}

type Compute = Box<dyn Fn(Option<&Value>) -> Value + Send + Sync>;

/// A value that follows what it is computed from, and tells of a change only when it differs from before.
pub struct Memo<T> {
    inner: leptos::prelude::Memo<Value>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T> fmt::Debug for Memo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}

fn made(compute: Compute) -> leptos::prelude::Memo<Value> {
    leptos::prelude::Memo::new(compute)
}

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// `compute` is given the value of before.
    pub fn new(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let compute: Compute = Box::new(move |before| Value(Arc::new(compute(before.and_then(Value::read)))));
        Self { inner: made(compute), of: PhantomData }
    }

    /// Reads the value; whoever does so follows it.
    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        apply(&self.inner.get(), read)
    }

    pub fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        apply(&self.inner.get_untracked(), read)
    }

    /// Nothing when the screen that it belonged to is gone.
    pub fn try_with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.inner.try_get_untracked().map(|value| apply(&value, read))
    }

    pub fn track(&self) {
        self.inner.track();
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Memo<T> {
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }

    pub fn signal(self) -> Signal<T> {
        Signal::derive(move || self.get())
    }
}

fn apply<T: 'static, R>(value: &Value, read: impl FnOnce(&T) -> R) -> R {
    match value.read() {
        Some(value) => read(value),
        None => unreachable!("a memo holds a value of its type"),
    }
}

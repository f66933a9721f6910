//! Pieces of view that follow signals. Each closure behind one of these costs a few bytes of the binary instead of a
//! copy of the renderer.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::platform::timer;
use crate::state::use_state;

type Run = Box<dyn FnMut()>;
type Words = Box<dyn FnMut() -> String + Send>;
type Piece = Box<dyn FnMut() -> AnyView + Send>;

/// Runs now, and again whenever what it reads changes.
pub fn effect(run: impl FnMut() + 'static) {
    run_boxed(Box::new(run));
}

fn run_boxed(mut run: Run) {
    Effect::new(move |_| run());
}

/// Text that changes.
pub fn live_text(read: impl FnMut() -> String + Send + 'static) -> AnyView {
    let read: Words = Box::new(read);
    read.into_any()
}

/// A view that is made anew when what it reads changes.
pub fn live_view(make: impl FnMut() -> AnyView + Send + 'static) -> AnyView {
    let make: Piece = Box::new(make);
    make.into_any()
}

/// What lies below the first screenful of a path's screen: made when the rest is painted, or at once for somebody who
/// comes back to a place further down.
pub fn below(path: &'static str, make: impl FnMut() -> AnyView + Send + 'static) -> AnyView {
    below_boxed(path, Box::new(make))
}

fn below_boxed(path: &'static str, mut make: Piece) -> AnyView {
    let is_far_down = use_state().remembered_scroll(path) > 0.0;
    let shown = RwSignal::new(is_far_down);
    if !is_far_down {
        spawn_local(async move {
            timer::painted().await;
            shown.try_set(true);
        });
    }
    live_view(move || if shown.get() { untrack(&mut make) } else { ().into_any() })
}

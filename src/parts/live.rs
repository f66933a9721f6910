//! Pieces of view that follow signals. Each closure behind one of these costs a few bytes of the binary instead of a
//! copy of the renderer.

use leptos::prelude::*;

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

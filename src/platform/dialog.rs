//! The native dialog. The browser keeps the focus inside while it is open and gives it back when it closes.

use web_sys::HtmlDialogElement;

/// Shows it above the page; one that is open already stays as it is.
pub fn show_modal(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        // It fails only for an element that is not in the page.
        let _ = dialog.show_modal();
    }
}

pub fn close(dialog: &HtmlDialogElement) {
    if dialog.open() {
        dialog.close();
    }
}

//! The pictures of a text, where they stand in it: read from the device, fetched first if they are not there yet.

use std::ops::Range;

use leptos::prelude::WithValue;
use leptos::task::spawn_local;

use super::reading::Reading;
use crate::platform::{dom, files};

impl Reading {
    /// Shows the pictures among these blocks, which are in the page. Where one cannot be had, its description stands
    /// alone, with the name of the file.
    pub fn show_pictures(self, blocks: Range<usize>) {
        for (element, name) in self.with_page(|page| page.pictures(blocks)).unwrap_or_default() {
            let file = self.document.with_value(|it| it.files.iter().find(|file| file.name == name).cloned());
            let Some(file) = file else { continue };
            spawn_local(async move {
                let Some(address) = self.state.attachment_address(&file).await else { return };
                let shown =
                    self.update_page(|page| page.addresses.entry(name).or_insert_with(|| address.clone()).clone());
                if let Some(shown) = &shown {
                    dom::set_attribute(&element, "src", Some(shown));
                }
                // Gone elsewhere meanwhile, or read for another block of the same picture.
                if shown.is_none_or(|shown| shown != address) {
                    files::release(&address);
                }
            });
        }
    }

    /// The screen is left.
    pub fn release_pictures(self) {
        let addresses = self.update_page(|page| std::mem::take(&mut page.addresses)).unwrap_or_default();
        addresses.values().for_each(|address| files::release(address));
    }
}

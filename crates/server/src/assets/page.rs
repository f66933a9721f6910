//! `index.html` with its policy and its compressed forms, read again when a rebuild has changed it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use axum::http::{HeaderMap, HeaderValue};
use tokio::sync::Mutex;

use crate::assets::policy::content_policy;
use crate::http::{Form, Packed};
use crate::limits::BROTLI_QUALITY_PAGE;

pub struct Page {
    forms: [(Form, Packed); 3],
    pub policy: HeaderValue,
    /// Which build of the app it is: the name of the folder that it takes the app from.
    pub build: Option<String>,
}

impl Page {
    /// In the smallest form that a client takes.
    pub fn packed(&self, headers: &HeaderMap) -> &Packed {
        let taken = Form::taken(headers);
        let [.., (_, plain)] = &self.forms;
        self.forms.iter().find(|(form, _)| *form == taken).map_or(plain, |(_, packed)| packed)
    }
}

pub struct Pages {
    path: PathBuf,
    held: Mutex<Option<(Stamp, Arc<Page>)>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    bytes: u64,
}

impl Pages {
    pub fn new(path: PathBuf) -> Self {
        Self { path, held: Mutex::new(None) }
    }

    pub async fn current(&self) -> std::io::Result<Arc<Page>> {
        let metadata = tokio::fs::metadata(&self.path).await?;
        let stamp = Stamp { modified: metadata.modified()?, bytes: metadata.len() };
        let mut held = self.held.lock().await;
        if let Some((held_stamp, page)) = held.as_ref()
            && *held_stamp == stamp
        {
            return Ok(Arc::clone(page));
        }
        let html = tokio::fs::read_to_string(&self.path).await?;
        let page = Arc::new(tokio::task::spawn_blocking(|| page_of(html)).await??);
        *held = Some((stamp, Arc::clone(&page)));
        Ok(page)
    }
}

fn page_of(html: String) -> std::io::Result<Page> {
    let policy = HeaderValue::from_str(&content_policy(&html)).map_err(std::io::Error::other)?;
    let build = build_of(&html).map(str::to_owned);
    let html = html.as_bytes();
    let packed = |form| Packed::compressed("text/html; charset=utf-8", html.to_vec(), form, BROTLI_QUALITY_PAGE);
    Ok(Page { forms: Form::ALL.map(|form| (form, packed(form))), policy, build })
}

/// `app-0123456789abcdef` of `/app-0123456789abcdef/delegate-app.js`.
fn build_of(html: &str) -> Option<&str> {
    let (_, after) = html.split_once("\"/app-")?;
    let (hash, _) = after.split_once('/')?;
    let from = html.len() - after.len() - "app-".len();
    let is_hash = hash.len() == 16 && hash.bytes().all(|letter| letter.is_ascii_hexdigit());
    is_hash.then(|| &html[from..from + "app-".len() + hash.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_is_named_by_the_folder_of_its_files() {
        let page = r#"<a href="/"></a><link rel="modulepreload" href="/app-ed2e9ae16b7a991c/delegate-app.js">"#;
        assert_eq!(build_of(page), Some("app-ed2e9ae16b7a991c"));
        for other in ["", r#"<link href="/delegate-app.js">"#, r#"<link href="/app-x/delegate-app.js">"#] {
            assert_eq!(build_of(other), None, "{other}");
        }
    }
}

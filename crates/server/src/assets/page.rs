//! `index.html` with its policy and its compressed forms, read again when a rebuild has changed it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use axum::http::HeaderValue;
use tokio::sync::Mutex;

use crate::assets::policy::content_policy;
use crate::http::Packed;
use crate::limits::BROTLI_QUALITY_PAGE;

pub struct Page {
    pub packed: Packed,
    pub policy: HeaderValue,
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
    let packed = Packed::compressed("text/html; charset=utf-8", html.into_bytes(), BROTLI_QUALITY_PAGE);
    Ok(Page { packed, policy })
}

//! What the page may load and run: our own files, and the inline scripts and styles that were in it when it was built,
//! each by its hash.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The camera reads badges; nothing else of the phone is needed.
pub const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()";

/// The Content-Security-Policy of a page.
pub fn content_policy(html: &str) -> String {
    let hashes = |tag| inline(html, tag).map(|text| format!(" '{}'", hash_source(text))).collect::<String>();
    let (scripts, styles) = (hashes("script"), hashes("style"));
    [
        "default-src 'none'".to_owned(),
        format!("script-src 'self' 'wasm-unsafe-eval'{scripts}"),
        format!("style-src 'self'{styles}"),
        "img-src 'self' data: blob:".to_owned(),
        "font-src 'self'".to_owned(),
        "connect-src 'self'".to_owned(),
        "manifest-src 'self'".to_owned(),
        "worker-src 'self'".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
    ]
    .join("; ")
}

fn hash_source(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// The text of each inline element of a kind, in order; comments are passed over, and so are elements that load a file.
fn inline<'h>(html: &'h str, tag: &'h str) -> impl Iterator<Item = &'h str> {
    let (opening, closing) = (format!("<{tag}"), format!("</{tag}"));
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            let at = find_ignoring_case(rest, &opening)?;
            if let Some(comment) = rest.find("<!--").filter(|comment| *comment < at) {
                let end = rest[comment..].find("-->")?;
                rest = &rest[comment + end + 3..];
                continue;
            }
            let element = &rest[at + opening.len()..];
            let (attributes, body) = element.split_once('>')?;
            let is_tag = attributes.is_empty() || attributes.starts_with(|c: char| c.is_ascii_whitespace());
            if !is_tag {
                rest = element;
                continue;
            }
            let end = find_ignoring_case(body, &closing)?;
            rest = &body[end..];
            let loads = attributes.split_ascii_whitespace().any(|word| word.starts_with("src="));
            if !loads && end > 0 {
                return Some(&body[..end]);
            }
        }
    })
}

fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len()).position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'h>(html: &'h str, tag: &'h str) -> Vec<&'h str> {
        inline(html, tag).collect()
    }

    #[test]
    fn inline_scripts_and_styles_are_found_and_nothing_else() {
        let html = "<!-- <script>old</script> --><STYLE>a{}</STYLE><script src=\"/a.js\"></script>\
                    <script type=\"module\">import x</script><scripty>no</scripty><script>\n b > c\n</script >";
        assert_eq!(found(html, "script"), ["import x", "\n b > c\n"]);
        assert_eq!(found(html, "style"), ["a{}"]);
        assert_eq!(found("<script>never closed", "script"), [""; 0]);
    }

    #[test]
    fn the_policy_names_each_inline_script_by_its_hash_and_allows_no_other() {
        let policy = content_policy("<script>alert(1)</script>");
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{policy}");
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"));
        assert!(!policy.contains('*') && !policy.contains("http"));
    }
}

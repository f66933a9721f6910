//! The app's files: what is kept for ever, what is asked for each time, what is missing, and what the page may run.

use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use server::Config;
use sha2::{Digest, Sha256};

use crate::common::{Answer, Home, TestServer, refused};

const PAGE: &str =
    "<!DOCTYPE html><style>a{}</style><script>start()</script><script src=\"/app-0123456789abcdef.js\"></script>";

async fn server() -> TestServer {
    let dir = Home::new();
    let dist = dir.path().join("dist");
    std::fs::create_dir_all(dist.join("icons")).unwrap();
    for (name, text) in [
        ("index.html", PAGE),
        ("sw.js", "self"),
        ("manifest.webmanifest", "{}"),
        ("app-0123456789abcdef.js", "plain"),
        ("app-0123456789abcdef.js.br", "as brotli"),
        ("app-0123456789abcdef.js.gz", "as gzip"),
        ("app-0123456789abcdef_bg.wasm", "\0asm"),
        ("icons/favicon.svg", "<svg/>"),
    ] {
        std::fs::write(dist.join(name), text).unwrap();
    }
    std::fs::write(dir.path().join("secret.txt"), "secret").unwrap();
    TestServer::open(dir, Config { dist: Some(dist), ..Config::default() }).await
}

async fn get(server: &TestServer, path: &str, encodings: &str) -> Answer {
    let request = Request::get(path).header(header::ACCEPT_ENCODING, encodings);
    server.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_in_their_smallest_form() {
    let server = server().await;
    let path = "/app-0123456789abcdef.js";
    for (encodings, encoding, text) in
        [("gzip, br", "br", "as brotli"), ("gzip", "gzip", "as gzip"), ("identity", "", "plain")]
    {
        let answer = get(&server, path, encodings).await;
        assert_eq!((answer.header(header::CONTENT_ENCODING), answer.text()), (encoding, text));
        assert_eq!(answer.header(header::CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(answer.header(header::CONTENT_TYPE), "text/javascript");
        assert_eq!(answer.header(header::VARY), "accept-encoding");
    }
    let wasm = get(&server, "/app-0123456789abcdef_bg.wasm", "").await;
    assert_eq!(wasm.header(header::CONTENT_TYPE), "application/wasm");
}

#[tokio::test]
async fn the_page_the_worker_and_the_manifest_are_asked_for_each_time() {
    let server = server().await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/agenda", "text/html; charset=utf-8"),
        ("/documents/bao-cao", "text/html; charset=utf-8"),
        ("/e", "text/html; charset=utf-8"),
        ("/sw.js", "text/javascript"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icons/favicon.svg", "image/svg+xml"),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header(header::CONTENT_TYPE), kind, "{path}");
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-cache", "{path}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn what_is_missing_is_missing() {
    let server = server().await;
    for path in [
        "/app-ffffffffffffffff.js",
        "/missing.css",
        "/icons/none.svg",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/icons/..%2f..%2fsecret.txt",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "{path}");
        assert!(!answer.text().contains('<') && !answer.text().contains("secret"), "{path}");
    }
    assert_eq!(server.get("/api/agenda").await.error(), refused(404, "not-found"));
    let posted = Request::builder().method(Method::POST).uri("/agenda").body(Body::empty()).unwrap();
    assert_eq!(server.send(posted).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_page_runs_what_was_built_into_it_and_nothing_else() {
    let server = server().await;
    let answer = server.get("/").await;
    let policy = answer.header(header::CONTENT_SECURITY_POLICY);
    for inline in ["start()", "a{}"] {
        let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(inline)));
        assert!(policy.contains(&hash), "{inline}: {policy}");
    }
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-hashes"));
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("connect-src 'self'"));
    assert_eq!(
        answer.header(header::HeaderName::from_static("permissions-policy")).split(',').next(),
        Some("camera=(self)")
    );
    assert_eq!(answer.header(header::HeaderName::from_static("cross-origin-opener-policy")), "same-origin");
    assert_eq!(answer.header(header::REFERRER_POLICY), "no-referrer");
}

#[tokio::test]
async fn a_rebuilt_page_is_served_with_its_new_policy() {
    let server = server().await;
    let before = server.get("/").await;
    let page = server.dir.path().join("dist/index.html");
    rewrite(&page, "<!DOCTYPE html><script>other()</script>");
    let after = server.get("/").await;
    assert!(after.text().contains("other()"));
    assert_ne!(after.header(header::CONTENT_SECURITY_POLICY), before.header(header::CONTENT_SECURITY_POLICY));
}

/// The real page of the app: every inline script and style of it may run.
#[tokio::test]
async fn the_page_of_the_app_fits_its_policy() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../index.html");
    let html = std::fs::read_to_string(source).unwrap();
    let server = server().await;
    rewrite(&server.dir.path().join("dist/index.html"), &html);
    let answer = server.get("/").await;
    let policy = answer.header(header::CONTENT_SECURITY_POLICY);
    let scripts = html.split("<script>").skip(1).map(|rest| rest.split("</script>").next().unwrap());
    for script in scripts {
        assert!(policy.contains(&STANDARD.encode(Sha256::digest(script))));
    }
    assert!(!html.contains(" style=\"") && !html.contains(" onclick="), "inline attributes are not allowed to run");
}

fn rewrite(page: &Path, text: &str) {
    std::fs::write(page, text).unwrap();
}

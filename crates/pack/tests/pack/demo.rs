//! The demo congress reads without a problem, has its real size, and keeps within what a phone fetches.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use congress::entities::{Document, PersonKind, read_all};
use congress::scopes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sync::ids::{PersonId, Timestamp};
use sync::row::RowMap;

use crate::common::{at, import, read};

fn demo() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}

fn gzip_bytes(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len()
}

#[test]
fn the_demo_is_a_congress_of_real_size() {
    let pack = read(&demo());
    assert_eq!(pack.notes, [""; 0]);
    let count = |kind| pack.people.iter().filter(|one| one.person.kind == kind).count();
    assert_eq!((pack.congress.convened, count(PersonKind::Official)), (246, 246));
    assert!(count(PersonKind::Alternate) > 0 && count(PersonKind::Guest) > 0 && count(PersonKind::Staff) > 0);
    assert!((60..=120).contains(&pack.items.len()), "{} items", pack.items.len());
    assert!(pack.documents.len() >= 12, "{} documents", pack.documents.len());
    let report = pack.documents.iter().find(|document| document.id == "bao-cao-chinh-tri").unwrap();
    assert!((20..=40).contains(&report.pages), "{} pages", report.pages);
}

/// perf.md: 450 kB of text data at most, for a delegate of the demo.
#[test]
fn what_a_delegate_fetches_of_the_demo_keeps_its_budget() {
    let (pack, mut rows) = (read(&demo()), RowMap::default());
    let changes = import(&pack, &mut rows, at("27/11/2026", "12:00"));
    let delegate = PersonId::new("p100");
    let mut by_scope: BTreeMap<String, String> = BTreeMap::new();
    for change in &changes {
        let scope = change.key.scope.as_str();
        let scope =
            if scope.starts_with("user:") && change.key.scope != scopes::user(&delegate) { "user:*" } else { scope };
        *by_scope.entry(scope.to_owned()).or_default() += change.data.as_ref().map_or("", |data| data.as_str());
    }
    for (scope, data) in &by_scope {
        println!("{scope}: {} bytes, {} gzip", data.len(), gzip_bytes(data.as_bytes()));
    }
    let own = [scopes::public(), scopes::delegates(), scopes::user(&delegate)];
    let data: String = own.iter().map(|scope| by_scope[scope.as_str()].as_str()).collect();
    let mut texts = 0;
    for document in read_all::<Document>(&rows, &scopes::delegates()) {
        let blob = pack.blobs.iter().find(|blob| blob.sha256 == document.text_sha256).unwrap();
        texts += gzip_bytes(&blob.bytes);
    }
    let total = gzip_bytes(data.as_bytes()) + texts;
    println!("{} changes; delegate: {} rows gzip + {texts} texts gzip", changes.len(), gzip_bytes(data.as_bytes()));
    assert!(total <= 450_000, "{total} bytes");
    assert_eq!(pack::plan(&pack, &rows, &crate::common::Server, Timestamp(i64::MAX)), []);
}

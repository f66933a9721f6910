//! Laws that hold for any input: no file makes the reader panic, anchors hold, imports settle.

use std::collections::BTreeSet;

use congress::entities::Block;
use proptest::prelude::*;
use sync::ids::Timestamp;
use sync::row::RowMap;

use crate::common::{Server, good, good_with, import, read, text_of, text_of_good};

const FILES: [&str; 7] = [
    "congress.toml",
    "organisations.csv",
    "people.csv",
    "program.toml",
    "program.csv",
    "documents/01-nghi-quyet.md",
    "files/so-do.png",
];

/// A file with bytes put in place of some of its own: it still looks like what it should be, up to a point.
fn mangled() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let pieces = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..20),
        "[\\[\\]{}=\",;|#*_<>`+.\n\t 0-9a-zđạ!()/-]{0,40}".prop_map(String::into_bytes),
    ];
    (proptest::sample::select(&FILES[..]), 0..1000_usize, 0..60_usize, pieces).prop_map(|(file, at, cut, piece)| {
        let source = if file == "program.csv" { "people.csv" } else { file };
        let mut bytes = std::fs::read(good().join(source)).unwrap();
        let at = bytes.len() * at / 1000;
        let end = bytes.len().min(at + cut);
        bytes.splice(at..end, piece);
        (file, bytes)
    })
}

/// Text in the shape of Markdown.
fn markdown() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "#{1,6} [IVX]{1,3}\\. [a-zđ ]{0,12}",
        "[ ]{0,6}[-*+] [a-zđ *_]{0,20}",
        "[ ]{0,6}[0-9]{1,10}[.)] [a-z]{0,9}",
        "(\\|[a-zđ -]{0,5}){1,5}\\|",
        "(\\|:?-{1,3}:?){1,5}\\|",
        "[>`~<&;/\\\\!\\[\\]()a-z*_ \t]{0,30}",
        "\\PC{0,30}",
        Just(String::new()),
    ];
    proptest::collection::vec(line, 0..25).prop_map(|lines| lines.join("\n"))
}

const FRONT: &str = "+++\nid = \"nghi-quyet\"\nkind = \"guide\"\ntitle = \"T\"\nversion = 1\nsecrecy = \"none\"\n+++\n";

fn blocks_of(body: &str) -> Vec<Block> {
    let dir = good_with(&[("documents/01-nghi-quyet.md", (FRONT.to_owned() + body).as_bytes())]);
    text_of(&read(dir.path()), "nghi-quyet").blocks
}

fn assert_orderly(problems: &[pack::Problem]) {
    assert!(!problems.is_empty());
    assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.to_string().contains('\n')));
    assert!(problems.is_sorted_by_key(|problem| (&problem.file, problem.row)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_in_a_file_make_the_reader_panic((file, bytes) in mangled()) {
        let dir = good_with(&[(file, &bytes)]);
        if let Err(problems) = pack::read(dir.path()) {
            assert_orderly(&problems);
        }
    }

    #[test]
    fn no_markdown_makes_the_reader_panic_and_what_is_read_is_whole(body in markdown()) {
        let dir = good_with(&[("documents/01-nghi-quyet.md", (FRONT.to_owned() + &body).as_bytes())]);
        match pack::read(dir.path()) {
            Err(problems) => assert_orderly(&problems),
            Ok(pack) => {
                let blocks = text_of(&pack, "nghi-quyet").blocks;
                let ids: BTreeSet<&str> = blocks.iter().map(|block| block.id.as_str()).collect();
                prop_assert_eq!(ids.len(), blocks.len(), "every block has an anchor of its own");
                prop_assert!(blocks.iter().all(|block| !block.plain_text().trim().is_empty()));
            }
        }
    }

    #[test]
    fn anchors_stay_when_another_paragraph_changes(
        words in proptest::collection::btree_set("[a-zăđơ]{3,8}( [a-zăđơ]{1,6}){1,5}", 2..12),
        changed in any::<proptest::sample::Index>(),
    ) {
        let paragraphs: Vec<String> = words.into_iter().collect();
        let changed = changed.index(paragraphs.len());
        let before = blocks_of(&paragraphs.join("\n\n"));
        let mut after = paragraphs;
        after[changed] = format!("{} 1", after[changed]);
        let after = blocks_of(&after.join("\n\n"));
        for (at, (before, after)) in before.iter().zip(&after).enumerate() {
            prop_assert_eq!(before.id == after.id, at != changed);
        }
    }

    #[test]
    fn an_import_settles_at_any_time(first in -1_000_000_000_i64..1_000_000_000, later in 0..1_000_000_000_u64) {
        let middle = text_of_good("documents/01-nghi-quyet.md");
        prop_assert!(middle.contains("01/12/2026 08:00"));
        let now = Timestamp(crate::common::at("01/12/2026", "08:00").0 + first);
        let (pack, mut rows) = (read(&good()), RowMap::default());
        import(&pack, &mut rows, now);
        import(&pack, &mut rows, now.plus_ms(later));
        prop_assert_eq!(pack::plan(&pack, &rows, &Server, now.plus_ms(later)), vec![]);
    }
}

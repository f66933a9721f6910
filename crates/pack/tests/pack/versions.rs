//! New versions over a live congress: ids that stay, what is told of the changes, and what is never told.

use std::collections::{BTreeMap, BTreeSet};

use congress::entities::{
    Block, BlockChange, ChangedWords, Document, DocumentChanges, DocumentText, Entity, Mark, MarkedRun, read,
};
use congress::scopes;
use pack::{EarlierBlobs, Pack};
use proptest::prelude::*;
use sync::ids::Timestamp;
use sync::row::{Change, RowMap};

use crate::common::{Server, apply, at, good_with, text_of_good};

const FILE: &str = "documents/01-nghi-quyet.md";
const ID: &str = "nghi-quyet";
/// When delegates may read it, and when they may not yet.
const OPEN: &str = "01/12/2026 08:00";
const CLOSED: &str = "01/12/2027 08:00";

fn now() -> Timestamp {
    at("05/12/2026", "09:00")
}

/// A pack whose resolution is this text in this version.
fn pack(version: u32, released_at: &str, text: &str) -> Pack {
    let front = text_of_good(FILE);
    let front = &front[..front.rfind("+++\n").unwrap() + 4];
    let front = front.replace("version = 1", &format!("version = {version}")).replace(OPEN, released_at);
    crate::common::read(good_with(&[(FILE, format!("{front}\n{text}\n").as_bytes())]).path())
}

/// Rows and blobs, as a server keeps them.
#[derive(Default)]
struct Held {
    rows: RowMap,
    blobs: EarlierBlobs,
}

impl Held {
    /// As the server does: reads what is asked for, and nothing else.
    fn continued(&self, pack: &Pack) -> Pack {
        let mut earlier = EarlierBlobs::new();
        loop {
            let needed = pack::needed_blobs(pack, &self.rows, &earlier).unwrap();
            if needed.is_empty() {
                return pack::continued(pack, &self.rows, &earlier).unwrap();
            }
            earlier.extend(needed.into_iter().map(|sha256| (sha256.clone(), self.blobs[&sha256].clone())));
        }
    }

    fn plan(&self, pack: &Pack) -> Vec<Change> {
        let pack = self.continued(pack);
        assert_eq!(pack::check_against(&pack, &self.rows), []);
        pack::plan(&pack, &self.rows, &Server, now())
    }

    fn import(&mut self, pack: &Pack) {
        let changes = self.plan(pack);
        let blobs = self.continued(pack).blobs;
        apply(&mut self.rows, &changes);
        self.blobs.extend(blobs.into_iter().map(|blob| (blob.sha256, blob.bytes)));
        assert_eq!(self.plan(pack), [], "importing again changes nothing");
    }

    fn document(&self) -> Document {
        let open = read(&self.rows, &scopes::delegates(), ID);
        open.or_else(|| read(&self.rows, &scopes::secretariat(), ID)).unwrap()
    }

    fn text(&self) -> DocumentText {
        let document = self.document();
        let bytes = &self.blobs[&document.text_sha256];
        assert_eq!(bytes.len() as u64, document.text_bytes);
        serde_json::from_slice(bytes).unwrap()
    }

    fn changes(&self) -> Option<DocumentChanges> {
        let file = self.document().changes?;
        let bytes = &self.blobs[&file.sha256];
        assert_eq!(bytes.len() as u64, file.bytes);
        let changes: DocumentChanges = serde_json::from_slice(bytes).unwrap();
        assert_eq!(changes.from_version, file.from_version);
        Some(changes)
    }

    fn id_of(&self, words: &str) -> String {
        let text = self.text();
        let found = text.blocks.iter().find(|block| block.plain_text().contains(words));
        found.unwrap_or_else(|| panic!("{words} is in the text")).id.clone()
    }
}

const FIRST: &str = "# Phần thứ nhất. ĐÁNH GIÁ\n\nMỗi năm mở hai lớp bồi dưỡng cho bí thư chi bộ mới nhận nhiệm vụ.\n\n\
    Công tác dân vận hướng về cơ sở, nghe dân nói và trả lời dân.\n\n# Phần thứ hai. PHƯƠNG HƯỚNG\n\n\
    Xây dựng Đảng bộ gương mẫu, đoàn kết, kỷ cương.";
const SECOND: &str = "# Phần thứ nhất. ĐÁNH GIÁ\n\nMỗi năm mở ba lớp bồi dưỡng cho bí thư chi bộ mới nhận nhiệm vụ.\n\n\
    # Phần thứ hai. PHƯƠNG HƯỚNG\n\nXây dựng Đảng bộ gương mẫu, đoàn kết, kỷ cương.\n\n\
    Đến năm 2030 không còn thủ tục nào phải nộp bản giấy.";

#[test]
fn a_paragraph_that_was_edited_keeps_its_id_and_its_words_are_told_apart() {
    let mut held = Held::default();
    held.import(&pack(1, OPEN, FIRST));
    assert_eq!(held.changes(), None, "a first version changed nothing");
    let (edited, gone) = (held.id_of("hai lớp"), held.id_of("dân vận"));
    let above = edited.clone();
    held.import(&pack(2, OPEN, SECOND));
    assert_eq!(held.id_of("ba lớp"), edited);
    assert!(held.text().blocks.iter().all(|block| block.id != gone));
    let changes = held.changes().unwrap();
    assert_eq!((changes.from_version, changes.version), (1, 2));
    let new = held.id_of("bản giấy");
    let [changed, removed, came] = changes.blocks.as_slice() else { panic!("{changes:#?}") };
    let BlockChange::Changed { id, words: ChangedWords::Runs(runs), moved_from: None } = changed else { panic!() };
    let marked: Vec<(&str, Mark)> = runs.iter().map(|it| (it.run.text.as_str(), it.mark)).collect();
    let rest = " lớp bồi dưỡng cho bí thư chi bộ mới nhận nhiệm vụ.";
    let expected = [("Mỗi năm mở ", Mark::Kept), ("hai", Mark::Removed), ("ba", Mark::Inserted), (rest, Mark::Kept)];
    assert_eq!((id, marked.as_slice()), (&edited, expected.as_slice()));
    let BlockChange::Removed { after: Some(after), block } = removed else { panic!("{removed:?}") };
    assert_eq!((after, &block.id), (&above, &gone));
    assert_eq!(came, &BlockChange::New { id: new.clone() });
    assert_eq!(changes.since, BTreeMap::from([(edited, 2), (new, 2)]));
}

#[test]
fn what_changed_is_remembered_for_those_who_missed_a_version() {
    let mut held = Held::default();
    held.import(&pack(1, OPEN, FIRST));
    held.import(&pack(2, OPEN, SECOND));
    let since_second = held.changes().unwrap().since;
    held.import(&pack(5, OPEN, &SECOND.replace("đoàn kết", "dân chủ")));
    let mut expected = since_second;
    expected.insert(held.id_of("dân chủ"), 5);
    assert_eq!(held.changes().unwrap().since, expected);
    held.import(&pack(6, OPEN, &SECOND.replace("đoàn kết", "dân chủ")));
    let last = held.changes().unwrap();
    assert_eq!((last.blocks, last.since), (vec![], expected), "a version may have a number and nothing new");
}

#[test]
fn what_is_only_counted_anew_or_spelt_rightly_is_shown_and_is_no_news() {
    let mut held = Held::default();
    held.import(&pack(1, OPEN, FIRST));
    held.import(&pack(2, OPEN, &FIRST.replace("Phần thứ hai", "Phần thứ ba").replace("dân vận", "Dân vận")));
    let changes = held.changes().unwrap();
    assert_eq!((changes.blocks.len(), changes.since.len()), (2, 0), "{changes:?}");
}

#[test]
fn a_paragraph_that_comes_back_is_the_one_that_was() {
    let mut held = Held::default();
    held.import(&pack(1, OPEN, FIRST));
    let gone = held.id_of("dân vận");
    held.import(&pack(2, OPEN, SECOND));
    held.import(&pack(3, OPEN, FIRST));
    assert_eq!(held.id_of("dân vận"), gone);
}

/// The words of a version that delegates never held must not come to them as "what was before".
#[test]
fn what_was_never_released_is_told_to_nobody() {
    let secret = SECOND.replace("ba lớp", "bảy lớp");
    let mut held = Held::default();
    held.import(&pack(1, OPEN, FIRST));
    let edited = held.id_of("hai lớp");
    held.import(&pack(2, CLOSED, &secret));
    assert_eq!(held.changes().unwrap().from_version, 1);
    held.import(&pack(3, OPEN, SECOND));
    assert_eq!(held.id_of("ba lớp"), edited, "the paragraph is the same one all the same");
    let changes = held.changes().unwrap();
    assert_eq!((changes.from_version, changes.version), (1, 3));
    assert!(!serde_json::to_string(&changes).unwrap().contains("bảy"));
    assert_eq!(changes.since.values().collect::<BTreeSet<_>>(), BTreeSet::from([&3]));

    let mut held = Held::default();
    held.import(&pack(1, CLOSED, &secret));
    held.import(&pack(2, OPEN, SECOND));
    assert_eq!(held.changes(), None, "the first version that is released changed nothing");
}

#[test]
fn a_text_that_changed_under_its_old_number_is_refused_whatever_its_ids() {
    let mut held = Held::default();
    held.import(&pack(1, OPEN, FIRST));
    held.import(&pack(2, OPEN, SECOND));
    let again = held.continued(&pack(2, OPEN, &SECOND.replace("ba lớp", "bốn lớp")));
    let problems = pack::check_against(&again, &held.rows);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].to_string().contains("văn bản đã thay đổi mà vẫn ghi phiên bản 2"));
}

#[test]
fn without_the_live_text_nothing_goes_on() {
    let mut held = Held::default();
    held.import(&pack(1, OPEN, FIRST));
    let second = pack(2, OPEN, SECOND);
    let sha256 = held.document().text_sha256;
    let missing = pack::continued(&second, &held.rows, &EarlierBlobs::new());
    assert_eq!(missing.err(), Some(pack::VersionsError::Missing(sha256.clone())));
    let broken = EarlierBlobs::from([(sha256.clone(), b"{".to_vec())]);
    let unreadable = pack::continued(&second, &held.rows, &broken);
    assert_eq!(unreadable.err(), Some(pack::VersionsError::Unreadable(sha256)));
}

#[test]
fn a_row_of_an_earlier_release_is_read_and_written_as_it_was() {
    let row = r#"{"id":"noi-quy","kind":"house-rules","title":"Nội quy","version":2,"released_at":0,"position":1,"words":9,"pages":1,"text_sha256":"ab","text_bytes":4}"#;
    let document: Document = serde_json::from_str(row).unwrap();
    assert_eq!(document.changes, None);
    assert_eq!(document.put(scopes::delegates()).data.unwrap().as_str(), row);
}

/// Sentences of which a text is made; the same one may stand there twice, and some differ in one word.
fn texts() -> impl Strategy<Value = Vec<Vec<String>>> {
    let word = prop::sample::select(vec!["đảng", "bộ", "cơ", "quan", "tỉnh", "nghị", "quyết", "dân", "vận", "tổ"]);
    let sentence = prop::collection::vec(word, 1..12).prop_map(|words| words.join(" "));
    let line = (sentence, 0..4_u8).prop_map(|(words, kind)| match kind {
        0 => format!("# {words}"),
        1 => format!("- {words}"),
        _ => words,
    });
    let pool = prop::collection::vec(line, 4..12);
    pool.prop_flat_map(|pool| prop::collection::vec(prop::collection::vec(prop::sample::select(pool), 1..14), 2..5))
}

fn words_of(runs: &[MarkedRun], without: Mark) -> String {
    runs.iter().filter(|it| it.mark != without).map(|it| it.run.text.as_str()).collect()
}

/// Every block of the earlier text by id, as it can be told from the later one and the changes.
fn before(later: &DocumentText, changes: &DocumentChanges) -> BTreeMap<String, String> {
    let mut told: BTreeMap<String, String> =
        later.blocks.iter().map(|block| (block.id.clone(), block.plain_text())).collect();
    for change in &changes.blocks {
        match change {
            BlockChange::New { id } => {
                told.remove(id);
            }
            BlockChange::Changed { id, words: ChangedWords::Runs(runs), .. } => {
                told.insert(id.clone(), words_of(runs, Mark::Inserted));
            }
            BlockChange::Removed { block, .. } => {
                told.insert(block.id.clone(), block.plain_text());
            }
            BlockChange::Changed { .. } | BlockChange::Moved { .. } => {}
        }
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_number_of_versions_keeps_ids_unique_and_can_be_told_backwards(texts in texts()) {
        let mut held = Held::default();
        let mut last: Option<DocumentText> = None;
        for (version, lines) in (1..).zip(&texts) {
            held.import(&pack(version, OPEN, &lines.join("\n\n")));
            let text = held.text();
            let ids: BTreeSet<&str> = text.blocks.iter().map(|block| block.id.as_str()).collect();
            prop_assert_eq!(ids.len(), text.blocks.len());
            if let Some(last) = &last {
                let changes = held.changes().unwrap();
                let was: BTreeMap<String, String> =
                    last.blocks.iter().map(|block: &Block| (block.id.clone(), block.plain_text())).collect();
                prop_assert_eq!(before(&text, &changes), was);
                prop_assert!(changes.since.keys().all(|id| ids.contains(id.as_str())));
            }
            last = Some(text);
        }
    }
}

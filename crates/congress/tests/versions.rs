//! The laws of matching a new version of a document with the one before it, and real-life edits with what should come
//! of them. A case in `versions/` holds both versions, one block a line: its name, a bar, its text. A block of the new
//! version has the name of the one that it continues, or `+`.

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use congress::entities::{Block, BlockKind, BlockRole, Run, RunStyle};
    use congress::versions::match_blocks;
    use proptest::prelude::*;

    fn runs(text: &str) -> Vec<Run> {
        vec![Run::new(text, RunStyle::Plain)]
    }

    fn of_kind(kind: BlockKind) -> Block {
        Block { id: String::new(), kind, place: String::new(), role: BlockRole::Text, file: String::new() }
    }

    fn paragraph(text: &str) -> Block {
        of_kind(BlockKind::Paragraph { runs: runs(text) })
    }

    /// `## …` a heading, `- …` an item, `= a ; b // c ; d` a table, anything else a paragraph.
    fn block(line: &str) -> Block {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        let kind = if level > 0 {
            BlockKind::Heading { level: level as u8, runs: runs(line[level..].trim()) }
        } else if let Some(item) = line.strip_prefix("- ") {
            BlockKind::ListItem { depth: 0, marker: "–".to_owned(), runs: runs(item) }
        } else if let Some(table) = line.strip_prefix("= ") {
            let row = |row: &str| row.split(" ; ").map(|cell| runs(cell.trim())).collect();
            BlockKind::Table { rows: table.split(" // ").map(row).collect() }
        } else {
            return paragraph(line);
        };
        of_kind(kind)
    }

    /// Names and blocks of one side.
    fn side(text: &str) -> (Vec<&str>, Vec<Block>) {
        let line = |line| -> (&str, Block) {
            let (name, text): (&str, &str) = str::split_once(line, '|').unwrap();
            (name.trim(), block(text.trim()))
        };
        text.lines().filter(|line| !line.is_empty()).map(line).unzip()
    }

    #[test]
    fn real_life_edits_leave_each_comment_where_it_belongs() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/versions");
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(files.len() >= 15);
        let mut wrong = Vec::new();
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            let (_, sides) = text.split_once("--- old\n").unwrap();
            let (old, new) = sides.split_once("--- new\n").unwrap();
            let ((old_names, old), (new_names, new)) = (side(old), side(new));
            let got: Vec<&str> =
                match_blocks(&old, &new).into_iter().map(|from| from.map_or("+", |at| old_names[at])).collect();
            if got != new_names {
                wrong.push(format!("{}: {got:?} and not {new_names:?}", file.display()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    const SYLLABLES: [&str; 40] = [
        "đảng", "bộ", "cơ", "quan", "tỉnh", "đại", "biểu", "nghị", "quyết", "nhiệm", "kỳ", "phương", "hướng", "mục",
        "tiêu", "giải", "pháp", "công", "tác", "kiểm", "tra", "giám", "sát", "dân", "vận", "tổ", "chức", "cán", "xây",
        "dựng", "phát", "triển", "kinh", "tế", "văn", "hóa", "giáo", "dục", "nông", "thôn",
    ];

    fn words(length: std::ops::Range<usize>) -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(SYLLABLES.to_vec()), length).prop_map(|words| words.join(" "))
    }

    fn any_block() -> impl Strategy<Value = Block> {
        (words(1..30), 0..6_usize).prop_map(|(text, kind)| match kind {
            0 => block(&format!("## {text}")),
            1 => block(&format!("- {text}")),
            2 => block(&format!("= {text} ; {text}")),
            _ => paragraph(&text),
        })
    }

    fn text() -> impl Strategy<Value = Vec<Block>> {
        prop::collection::vec(any_block(), 0..40)
    }

    /// Paragraphs of which no two are the same, each about as long as a sentence.
    fn distinct() -> impl Strategy<Value = Vec<Block>> {
        prop::collection::btree_set(words(12..40), 1..40)
            .prop_map(|texts| texts.iter().map(|text| paragraph(text)).collect::<Vec<_>>())
            .prop_shuffle()
    }

    fn identity(length: usize) -> Vec<Option<usize>> {
        (0..length).map(Some).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_block_is_continued_twice_and_the_answer_is_always_the_same(old in text(), new in text()) {
            let matching = match_blocks(&old, &new);
            prop_assert_eq!(matching.len(), new.len());
            let continued: Vec<usize> = matching.iter().flatten().copied().collect();
            prop_assert_eq!(continued.iter().collect::<BTreeSet<_>>().len(), continued.len());
            prop_assert!(continued.iter().all(|at| *at < old.len()));
            prop_assert_eq!(match_blocks(&old, &new), matching);
        }

        #[test]
        fn a_text_beside_itself_stays_as_it_is(text in text()) {
            prop_assert_eq!(match_blocks(&text, &text), identity(text.len()));
        }

        #[test]
        fn a_repeated_block_stays_beside_its_neighbours(text in text(), again in any_block(), at in 0..200_usize) {
            let mut text = text;
            for step in 0..3 {
                text.insert((at + step * 7) % (text.len() + 1), again.clone());
            }
            prop_assert_eq!(match_blocks(&text, &text), identity(text.len()));
        }

        #[test]
        fn in_any_order_distinct_blocks_are_found_again(
            (old, new) in distinct().prop_flat_map(|text| {
                let places: Vec<usize> = (0..text.len()).collect();
                (Just(text), Just(places).prop_shuffle())
            })
        ) {
            let shuffled: Vec<Block> = new.iter().map(|at| old[*at].clone()).collect();
            prop_assert_eq!(match_blocks(&old, &shuffled), new.into_iter().map(Some).collect::<Vec<_>>());
        }

        #[test]
        fn one_other_word_in_a_paragraph_changes_no_id(old in distinct(), at in 0..1_000_usize, word in 0..1_000_usize) {
            let mut new = old.clone();
            let at = at % new.len();
            let text = new[at].plain_text();
            let mut words: Vec<&str> = text.split(' ').collect();
            let word = word % words.len();
            words[word] = "sửa";
            new[at] = paragraph(&words.join(" "));
            prop_assert_eq!(match_blocks(&old, &new), identity(old.len()));
        }

        #[test]
        fn a_block_that_comes_or_goes_changes_no_other_id(old in distinct(), more in words(12..40), at in 0..1_000_usize) {
            let at = at % old.len();
            let mut less = old.clone();
            less.remove(at);
            let rest = (0..old.len()).filter(|other| *other != at).map(Some);
            prop_assert_eq!(match_blocks(&old, &less), rest.collect::<Vec<_>>());
            let mut larger = old.clone();
            larger.insert(at, paragraph(&format!("bổ sung {more}")));
            let all = (0..at).map(Some).chain([None]).chain((at..old.len()).map(Some));
            prop_assert_eq!(match_blocks(&old, &larger), all.collect::<Vec<_>>());
        }

        /// Whatever happens in one half of a text, an edit in the other half comes out as it does alone.
        #[test]
        fn far_away_edits_do_not_meddle(
            halves in prop::collection::btree_set(words(12..40), 12..40), word in 0..1_000_usize,
            elsewhere in prop::collection::vec(words(3..12), 0..10),
        ) {
            let old: Vec<Block> = halves.iter().map(|text| paragraph(text)).collect();
            let middle = old.len() / 2;
            let text = old[1].plain_text();
            let mut words: Vec<&str> = text.split(' ').collect();
            let word = word % words.len();
            words[word] = "sửa";
            let mut new = old[..middle].to_vec();
            new[1] = paragraph(&words.join(" "));
            new.extend(elsewhere.iter().map(|text| paragraph(text)));
            let matching = match_blocks(&old, &new);
            prop_assert_eq!(&matching[..middle], &identity(middle)[..]);
        }
    }

    /// A small generator: five thousand paragraphs need not be random, only different.
    fn long_text(paragraphs: usize, seed: u64) -> Vec<Block> {
        let mut state = seed;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut blocks = Vec::new();
        for number in 0..paragraphs {
            let mut words: Vec<String> = (0..60).map(|_| SYLLABLES[next(SYLLABLES.len())].to_owned()).collect();
            words.push(number.to_string());
            blocks.push(paragraph(&words.join(" ")));
        }
        blocks
    }

    #[expect(clippy::disallowed_methods, reason = "this law is about time, and runs on the host")]
    fn timed(old: &[Block], new: &[Block]) -> (Vec<Option<usize>>, Duration) {
        let start = Instant::now();
        (match_blocks(old, new), start.elapsed())
    }

    /// Seconds, on a busy machine and without optimisation of the tests: far from the product of both lengths, which
    /// would take hours.
    const LONG_MAX: Duration = Duration::from_secs(20);

    #[test]
    fn five_thousand_paragraphs_are_matched_in_the_time_of_a_breath() {
        let old = long_text(5_000, 1);
        let mut new = old.clone();
        new.rotate_left(1_700);
        for block in new.iter_mut().step_by(3) {
            *block = paragraph(&format!("{} nữa", block.plain_text().replacen("đảng", "sửa", 1)));
        }
        let (matching, took) = timed(&old, &new);
        let kept = matching.iter().enumerate().filter(|(at, from)| **from == Some((at + 1_700) % 5_000)).count();
        assert_eq!(kept, 5_000);
        assert!(took < LONG_MAX, "{took:?}");
        let (_, took) = timed(&old, &long_text(5_000, 2));
        assert!(took < LONG_MAX, "all rewritten: {took:?}");
    }

    #[test]
    fn texts_made_to_be_slow_are_matched_in_time_too() {
        let same: Vec<Block> = (0..20_000).map(|_| paragraph("Không có ý kiến khác.")).collect();
        let near: Vec<Block> = (0..20_000).map(|at| paragraph(&format!("Không có ý kiến khác, tổ {at}"))).collect();
        let giant = vec![paragraph(&long_text(5_000, 3).iter().map(Block::plain_text).collect::<Vec<_>>().join(" "))];
        for (old, new) in
            [(&same, &same), (&same, &near), (&near, &same), (&giant, &near), (&near, &giant), (&giant, &giant)]
        {
            let (matching, took) = timed(old, new);
            assert!(took < LONG_MAX, "{took:?}");
            let mut seen = BTreeMap::new();
            assert!(matching.into_iter().flatten().all(|at| seen.insert(at, ()).is_none()));
        }
    }
}

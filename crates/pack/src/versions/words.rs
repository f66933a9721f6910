//! What changed inside of a block, word by word: the words of both versions in one row, each with its mark.

use std::ops::Range;

use congress::entities::{BlockKind, Mark, MarkedRun, Run, RunStyle};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::limits::COMPARED_WORDS_MAX;

/// A word, white space between words, or a single other sign.
#[derive(Clone, Copy)]
struct Token<'t> {
    text: &'t str,
    run: &'t Run,
    /// The footnote that is referred to behind it.
    note: &'t str,
}

impl Token<'_> {
    fn is_word(&self) -> bool {
        self.text.starts_with(char::is_alphanumeric)
    }
}

/// The words of a block that is not a table; those of a table row by row.
pub(super) fn runs_of(kind: &BlockKind) -> Vec<Run> {
    match kind {
        BlockKind::Heading { runs, .. } | BlockKind::Paragraph { runs } | BlockKind::ListItem { runs, .. } => {
            runs.clone()
        }
        BlockKind::Table { rows } => {
            let space = Run::new(" ", RunStyle::Plain);
            let cells = rows.iter().flatten().cloned().collect::<Vec<_>>();
            cells.join(&space)
        }
    }
}

/// The words of both in one row: without those that went they are the new ones, without those that came the old ones.
pub(super) fn runs(old: &[Run], new: &[Run]) -> Vec<MarkedRun> {
    let (old, new) = (tokens(old), tokens(new));
    let mut marked = Marked(Vec::new());
    let mut kept_to = 0;
    for Edit { removed, inserted } in edits(&old, &new) {
        marked.push(&new[kept_to..inserted.start], Mark::Kept);
        marked.push(&old[removed], Mark::Removed);
        marked.push(&new[inserted.clone()], Mark::Inserted);
        kept_to = inserted.end;
    }
    marked.push(&new[kept_to..], Mark::Kept);
    marked.0
}

type Row = Vec<Vec<Run>>;
type MarkedRow = Vec<Vec<MarkedRun>>;

/// The rows of two versions of a table, those that went before those that came in their place.
pub(super) fn rows(old: &[Row], new: &[Row]) -> Vec<MarkedRow> {
    let words = |row: &Row| row.iter().map(|cell| plain(cell)).collect::<Vec<_>>();
    let (old_words, new_words): (Vec<_>, Vec<_>) = (old.iter().map(words).collect(), new.iter().map(words).collect());
    let mut marked = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, &old_words, &new_words) {
        let (_, from, to) = operation.as_tag_tuple();
        if matches!(operation, DiffOp::Equal { .. }) {
            marked.extend(new[to].iter().map(|row| whole(row, Mark::Kept)));
        } else {
            replaced_rows(&old[from], &new[to], &mut marked);
        }
    }
    marked
}

/// Rows with the same first cell, and rows of which as many came as went, are rows that changed.
fn replaced_rows(old: &[Row], new: &[Row], marked: &mut Vec<MarkedRow>) {
    let mut rest = old;
    for row in new {
        let is_this = |other: &Row| {
            other.len() == row.len()
                && (old.len() == new.len()
                    || other.first().map(|cell| plain(cell)) == row.first().map(|cell| plain(cell)))
        };
        // Where as many came as went, only the one at the same place can be meant.
        let reach = if old.len() == new.len() { 1 } else { rest.len() };
        match rest.iter().take(reach).position(is_this) {
            Some(found) => {
                marked.extend(rest[..found].iter().map(|row| whole(row, Mark::Removed)));
                marked.push(rest[found].iter().zip(row).map(|(old, new)| runs(old, new)).collect());
                rest = &rest[found + 1..];
            }
            None => marked.push(whole(row, Mark::Inserted)),
        }
    }
    marked.extend(rest.iter().map(|row| whole(row, Mark::Removed)));
}

fn whole(row: &Row, mark: Mark) -> MarkedRow {
    let marked = |run: &Run| MarkedRun { run: run.clone(), mark };
    row.iter().map(|cell| cell.iter().map(marked).collect()).collect()
}

fn plain(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// What went, and what came in its place; both as places of tokens.
struct Edit {
    removed: Range<usize>,
    inserted: Range<usize>,
}

fn edits(old: &[Token<'_>], new: &[Token<'_>]) -> Vec<Edit> {
    if old.len().max(new.len()) > COMPARED_WORDS_MAX {
        return vec![Edit { removed: 0..old.len(), inserted: 0..new.len() }];
    }
    let words = |tokens: &[Token<'_>]| tokens.iter().map(|token| token.text.to_owned()).collect::<Vec<_>>();
    let mut edits: Vec<Edit> = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, &words(old), &words(new)) {
        let (_, removed, inserted) = operation.as_tag_tuple();
        if matches!(operation, DiffOp::Equal { .. }) {
            continue;
        }
        match edits.last_mut() {
            Some(last) if is_scrap(last, &removed, &inserted, old, new) => {
                (last.removed.end, last.inserted.end) = (removed.end, inserted.end);
            }
            _ => edits.push(Edit { removed, inserted }),
        }
    }
    edits
}

/// Whether what stayed between two edits only tears them apart: white space and signs, or one word between whole
/// phrases.
fn is_scrap(
    last: &Edit,
    removed: &Range<usize>,
    inserted: &Range<usize>,
    old: &[Token<'_>],
    new: &[Token<'_>],
) -> bool {
    let words = |tokens: &[Token<'_>]| tokens.iter().filter(|token| token.is_word()).count();
    let phrase = |removed: &Range<usize>, inserted: &Range<usize>| {
        words(&old[removed.clone()]).max(words(&new[inserted.clone()])) >= 3
    };
    match words(&new[last.inserted.end..inserted.start]) {
        0 => true,
        1 => phrase(&last.removed, &last.inserted) && phrase(removed, inserted),
        _ => false,
    }
}

fn tokens(runs: &[Run]) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for run in runs {
        if run.text.is_empty() && !run.note.is_empty() {
            tokens.push(Token { text: "", run, note: &run.note });
        }
        let mut rest = run.text.as_str();
        while let Some(length) = token_bytes(rest) {
            let (text, after) = rest.split_at(length);
            tokens.push(Token { text, run, note: if after.is_empty() { &run.note } else { "" } });
            rest = after;
        }
    }
    tokens
}

/// How long the first token is. A figure such as `11.482` or `7,84` is one word.
fn token_bytes(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let run = |belongs: fn(char) -> bool| text.find(|letter| !belongs(letter)).unwrap_or(text.len());
    if first.is_whitespace() {
        return Some(run(char::is_whitespace));
    }
    let mut end = run(is_letter);
    if end == 0 {
        return Some(first.len_utf8());
    }
    let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    while is_digit(end - 1) && matches!(text.as_bytes().get(end), Some(b'.' | b',')) && is_digit(end + 1) {
        let rest = &text[end + 1..];
        end += 1 + rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
    }
    Some(end)
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&letter)
}

struct Marked(Vec<MarkedRun>);

impl Marked {
    fn push(&mut self, tokens: &[Token<'_>], mark: Mark) {
        for Token { text, run, note } in tokens {
            match self.0.last_mut() {
                Some(last) if last.mark == mark && last.run.looks_like(run) && last.run.note.is_empty() => {
                    last.run.text.push_str(text);
                    (*note).clone_into(&mut last.run.note);
                }
                _ => {
                    let run = Run { text: (*text).to_owned(), note: (*note).to_owned(), ..(*run).clone() };
                    self.0.push(MarkedRun { run, mark });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(text: &str) -> Run {
        Run::new(text, RunStyle::Plain)
    }

    /// `giữ [-bỏ-]{+thêm+}`
    fn shown(runs: &[MarkedRun]) -> String {
        let show = |run: &MarkedRun| match run.mark {
            Mark::Kept => run.run.text.clone(),
            Mark::Inserted => format!("{{+{}+}}", run.run.text),
            Mark::Removed => format!("[-{}-]", run.run.text),
        };
        runs.iter().map(show).collect()
    }

    #[test]
    fn changes_are_told_in_whole_words() {
        let cases = [
            ("đạt 91,46 %, chưa đạt", "đạt 93,02 %, chưa đạt", "đạt [-91,46-]{+93,02+} %, chưa đạt"),
            (
                "một tiêu chí đánh giá đảng viên",
                "một tiêu chí xếp loại đảng viên",
                "một tiêu chí [-đánh giá-]{+xếp loại+} đảng viên",
            ),
            ("ba khâu đột phá.", "ba khâu đột phá:", "ba khâu đột phá[-.-]{+:+}"),
            ("Đảng Bộ tỉnh", "Đảng bộ tỉnh", "Đảng [-Bộ-]{+bộ+} tỉnh"),
            ("", "mới", "{+mới+}"),
            ("bỏ", "", "[-bỏ-]"),
        ];
        for (old, new, expected) in cases {
            assert_eq!(shown(&runs(&[run(old)], &[run(new)])), expected);
        }
    }

    #[test]
    fn a_footnote_stays_behind_the_words_that_refer_to_it() {
        let noted = |text: &str, note: &str| Run { note: note.to_owned(), ..run(text) };
        let old = [noted("Đạt 12 %", "[1]"), run(" so với kế hoạch.")];
        let new = [noted("Đạt 15 %", "[2]"), run(" so với kế hoạch."), noted("", "[3]")];
        let notes: Vec<(String, String)> = runs(&old, &new)
            .into_iter()
            .map(|it| (it.run.text, it.run.note))
            .filter(|(_, note)| !note.is_empty())
            .collect();
        assert_eq!(notes, [(" %".to_owned(), "[2]".to_owned()), (String::new(), "[3]".to_owned())]);
    }

    #[test]
    fn a_row_that_came_stands_whole_and_a_cell_that_changed_by_its_words() {
        let row = |cells: &str| -> Row { cells.split(" | ").map(|cell| vec![run(cell)]).collect() };
        let table = |rows: &[&str]| rows.iter().map(|cells| row(cells)).collect::<Vec<_>>();
        let show = |marked: &[MarkedRow]| {
            marked
                .iter()
                .map(|row| row.iter().map(|cell| shown(cell)).collect::<Vec<_>>().join(" | "))
                .collect::<Vec<_>>()
        };
        let cases = [
            (vec!["a | 1", "b | 2"], vec!["a | 1", "b | 3", "c | 4"], vec!["a | 1", "b | [-2-]{+3+}", "{+c+} | {+4+}"]),
            (vec!["a | 1", "b | 2"], vec!["a | 1"], vec!["a | 1", "[-b-] | [-2-]"]),
            (vec!["a | 1"], vec!["b | 1"], vec!["[-a-]{+b+} | 1"]),
            (vec!["a | 1"], vec!["a | 1 | 2"], vec!["{+a+} | {+1+} | {+2+}", "[-a-] | [-1-]"]),
        ];
        for (old, new, expected) in cases {
            assert_eq!(show(&rows(&table(&old), &table(&new))), expected);
        }
    }

    fn some_runs() -> impl Strategy<Value = Vec<Run>> {
        let style = prop::sample::select(vec![RunStyle::Plain, RunStyle::Bold, RunStyle::Italic]);
        let run = ("[aăđ1 .,%\n-]{1,12}", style).prop_map(|(text, style)| Run::new(text, style));
        prop::collection::vec(run, 0..6)
    }

    proptest! {
        #[test]
        fn both_versions_can_be_read_from_the_marked_words(old in some_runs(), new in some_runs()) {
            let marked = runs(&old, &new);
            let without = |mark: Mark| {
                let rest = marked.iter().filter(|run| run.mark != mark);
                rest.flat_map(|it| it.run.text.chars().map(|letter| (letter, it.run.style))).collect::<Vec<_>>()
            };
            let letters = |runs: &[Run]| runs.iter().flat_map(|run| run.text.chars().map(|l| (l, run.style))).collect::<Vec<_>>();
            prop_assert_eq!(without(Mark::Removed), letters(&new));
            let old_words: String = without(Mark::Inserted).into_iter().map(|(letter, _)| letter).collect();
            prop_assert_eq!(old_words, plain(&old));
        }

        #[test]
        fn a_text_beside_itself_has_no_marks(text in some_runs()) {
            prop_assert!(runs(&text, &text).iter().all(|run| run.mark == Mark::Kept));
        }

        #[test]
        fn every_row_of_both_tables_is_there_once(
            old in prop::collection::vec(prop::collection::vec(some_runs(), 1..3), 0..6),
            new in prop::collection::vec(prop::collection::vec(some_runs(), 1..3), 0..6),
        ) {
            let marked = rows(&old, &new);
            let left = |mark: Mark, tables: &[Row]| {
                let words = |cell: &Vec<MarkedRun>| cell.iter().filter(|run| run.mark != mark).map(|it| it.run.text.as_str()).collect::<String>();
                let told: String = marked.iter().flatten().map(words).collect();
                (told, tables.iter().flatten().map(|cell| plain(cell)).collect::<String>())
            };
            let (told, held) = left(Mark::Removed, &new);
            prop_assert_eq!(told, held);
            let (told, held) = left(Mark::Inserted, &old);
            prop_assert_eq!(told, held);
        }
    }
}

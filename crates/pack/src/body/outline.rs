//! What a text consists of, and what in its outline looks wrong: numbers that jump, headings without anything below
//! them, text before the first heading. Hints for a person, never a reason to refuse.

use std::collections::BTreeMap;

use congress::entities::{Block, BlockKind, BlockRole};
use congress::text::fold;

use super::opening::{Mark, Part, opening};
use super::{LEVELS, Text};

/// Words by which a place is shown.
const SHOWN_WORDS: usize = 6;

/// A hint with its row.
pub(crate) type Doubt = (u32, String);

/// What the text consists of, in one line.
pub(crate) fn structure(text: &Text) -> String {
    let count = |is: fn(&Block) -> bool| text.blocks.iter().filter(|block| is(block)).count();
    let headings = count(|block| matches!(block.kind, BlockKind::Heading { .. }));
    let levels = (1..=LEVELS).filter_map(|wanted| {
        let is = |block: &&Block| matches!(block.kind, BlockKind::Heading { level, .. } if level == wanted);
        let count = text.blocks.iter().filter(is).count();
        (count > 0).then(|| format!("cấp {wanted}: {count}"))
    });
    let levels: Vec<String> = levels.collect();
    let mut parts = vec![if levels.is_empty() {
        format!("{headings} đề mục")
    } else {
        format!("{headings} đề mục ({})", levels.join(", "))
    }];
    let targets = count(is_table_of_targets);
    let others = [
        (count(|block| matches!(block.kind, BlockKind::Paragraph { .. }) && block.role != BlockRole::Picture), "đoạn"),
        (
            count(|block| matches!(block.kind, BlockKind::ListItem { .. }) && block.role != BlockRole::Footnote),
            "mục liệt kê",
        ),
        (count(|block| matches!(block.kind, BlockKind::Table { .. })), "bảng"),
        (targets, "bảng chỉ tiêu"),
        (count(|block| block.role == BlockRole::Footnote), "chú thích"),
        (count(|block| block.role == BlockRole::Picture), "ảnh"),
    ];
    parts.extend(others.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")));
    parts.join(", ")
}

/// A table whose head names targets: what the resolution wanted beside what was reached.
fn is_table_of_targets(block: &Block) -> bool {
    let BlockKind::Table { rows } = &block.kind else { return false };
    let head = rows.iter().take(2).flatten().flatten().map(|run| run.text.as_str()).collect::<Vec<_>>().join(" ");
    fold(&head).contains("chi tieu")
}

/// The first words of a block, by which a person finds it.
pub(crate) fn shown(words: &str) -> String {
    let mut words = words.split_whitespace();
    let first: Vec<&str> = words.by_ref().take(SHOWN_WORDS).collect();
    let more = if words.next().is_some() { "…" } else { "" };
    format!("“{}{more}”", first.join(" "))
}

/// What looks wrong in the outline.
pub(crate) fn doubts(text: &Text) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let headings: Vec<(usize, u8, String)> = (0..).zip(&text.blocks).filter_map(heading).collect();
    let row = |at: usize| text.rows.get(at).copied().unwrap_or(0);
    if let Some((first, ..)) = headings.first()
        && *first > 0
    {
        let words = text.blocks.first().map(Block::plain_text).unwrap_or_default();
        let message =
            format!("có {first} đoạn đứng trước đề mục đầu tiên, từ {}; hãy xem có thiếu đề mục không", shown(&words));
        doubts.push((row(0), message));
    }
    let next = headings.iter().skip(1).map(|(at, level, _)| (*at, *level)).chain([(text.blocks.len(), 0)]);
    for ((at, level, words), (next, below)) in headings.iter().zip(next) {
        if next == at + 1 && below <= *level {
            doubts.push((
                row(*at),
                format!("đề mục {} không có nội dung bên dưới; hãy bổ sung hoặc bỏ đi", shown(words)),
            ));
        }
    }
    doubts.extend(jumps(&headings).into_iter().map(|(at, message)| (row(at), message)));
    doubts.sort_by_key(|(row, _)| *row);
    doubts
}

fn heading((at, block): (usize, &Block)) -> Option<(usize, u8, String)> {
    match &block.kind {
        BlockKind::Heading { level, .. } => Some((at, *level, block.plain_text())),
        _ => None,
    }
}

/// Numbers that do not follow the one before them in the same part.
fn jumps(headings: &[(usize, u8, String)]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    // The last number at each level and of each kind, with its name; articles are counted through the whole text.
    let mut last: BTreeMap<(u8, u8), (u32, String)> = BTreeMap::new();
    // The last number of one figure, of two, in the same part.
    let mut above: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for (at, level, words) in headings {
        let opening = opening(words);
        match opening.as_ref().map(|it| &it.mark) {
            Some(Mark::Decimal(groups)) => {
                let parent = above.get(&(groups.len() - 1));
                if parent.is_some_and(|parent| !groups.starts_with(parent)) {
                    let message = format!("đề mục {}: số không theo mục ở trên; hãy xem lại số đề mục", shown(words));
                    found.push((*at, message));
                    continue;
                }
                above.insert(groups.len(), groups.clone());
            }
            Some(mark) if mark.rank() < 30 => above.clear(),
            _ => {}
        }
        let is_article = |mark: &Mark| matches!(mark, Mark::Part(Part::Article, _));
        let articles = Mark::Part(Part::Article, None).rank();
        last.retain(|(above, rank), _| *above <= *level || *rank == articles);
        let Some((opening, order)) = opening.and_then(|it| it.mark.order().map(|order| (it, order))) else { continue };
        let key = (if is_article(&opening.mark) { 0 } else { *level }, opening.mark.rank());
        let before = last.insert(key, (order, opening.name.clone()));
        let expected = before.as_ref().map_or(1, |(order, _)| order + 1);
        if order != expected {
            let message = match before {
                // Some count a, b, c, d, e.
                Some((_, name)) if name == "d" && opening.name == "e" => continue,
                Some((_, name)) => {
                    format!("đề mục {}: số nhảy, trước nó là “{name}”; hãy xem lại số đề mục", shown(words))
                }
                None => {
                    format!("đề mục {}: số không bắt đầu từ 1; hãy xem có thiếu đề mục ở trước không", shown(words))
                }
            };
            found.push((*at, message));
        }
    }
    found
}

//! Runs of words: split, without the emphasis that all share, neighbours of one look as one.

use congress::entities::{Run, RunStyle};

/// Splits runs at a byte of their words; gives the second part.
pub(super) fn split(runs: &mut Vec<Run>, at: usize) -> Vec<Run> {
    let mut left = at;
    for index in 0..runs.len() {
        let length = runs[index].text.len();
        if left < length {
            let mut second = runs.split_off(index);
            if let Some(first) = second.first_mut()
                && left > 0
                && first.text.is_char_boundary(left)
            {
                let rest = first.text.split_off(left);
                let before =
                    Run { text: std::mem::replace(&mut first.text, rest), note: String::new(), ..first.clone() };
                runs.push(before);
            }
            return second;
        }
        left -= length;
    }
    Vec::new()
}

/// Without the emphasis that all words share, as that of a heading.
pub(super) fn plain(mut runs: Vec<Run>) -> Vec<Run> {
    let words = || runs.iter().filter(|run| !run.text.trim().is_empty());
    let is_bold = words().all(|run| matches!(run.style, RunStyle::Bold | RunStyle::BoldItalic));
    let is_italic = words().all(|run| matches!(run.style, RunStyle::Italic | RunStyle::BoldItalic));
    let is_underlined = words().all(|run| run.underlined);
    for run in &mut runs {
        run.style = match (run.style, is_bold, is_italic) {
            (RunStyle::BoldItalic, true, false) => RunStyle::Italic,
            (RunStyle::BoldItalic, false, true) => RunStyle::Bold,
            (RunStyle::BoldItalic, true, true) | (RunStyle::Bold, true, _) | (RunStyle::Italic, _, true) => {
                RunStyle::Plain
            }
            (style, ..) => style,
        };
        run.underlined &= !is_underlined;
    }
    merged(runs)
}

/// Neighbours of the same look as one run; white space takes the look of what stands before it.
pub(super) fn merged(runs: Vec<Run>) -> Vec<Run> {
    let mut merged: Vec<Run> = Vec::new();
    for run in runs {
        match merged.last_mut() {
            Some(last) if last.note.is_empty() && (last.looks_like(&run) || run.text.trim().is_empty()) => {
                last.text.push_str(&run.text);
                last.note = run.note;
            }
            _ => merged.push(run),
        }
    }
    merged
}

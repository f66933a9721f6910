//! Where in a document one is, in the words of its own headings: `Phần thứ nhất, mục II.2.3`.

use std::fmt;

use super::opening::{Mark, opening};

/// Letters of a heading without a number that are enough to recognise it by.
const WORDS_CHARS_MAX: usize = 60;

#[derive(Clone, PartialEq, Eq, Debug)]
enum Label {
    /// `Phần thứ nhất`, `Điều 5`, `Phụ lục`
    Part(String),
    /// `II`, `2`, `2.3`, `a`
    Number(String),
    /// A heading without a number.
    Words(String),
}

/// The headings above the current place, from the top.
#[derive(Debug, Default)]
pub(super) struct Place(Vec<(u8, Label)>);

impl Place {
    /// Level of the last heading.
    pub(super) fn level(&self) -> Option<u8> {
        self.0.last().map(|(level, _)| *level)
    }

    /// Goes to the part below a heading.
    pub(super) fn enter(&mut self, level: u8, heading: &str) {
        self.0.retain(|(above, _)| *above < level);
        self.0.push((level, label(heading)));
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        let mut numbers: Vec<&str> = Vec::new();
        for (_, label) in &self.0 {
            match label {
                Label::Number(number) => {
                    // 2.3 says 2 already.
                    let above = numbers
                        .last()
                        .is_some_and(|last| number.strip_prefix(last).is_some_and(|n| n.starts_with('.')));
                    if above {
                        numbers.pop();
                    }
                    numbers.push(number);
                }
                Label::Part(words) | Label::Words(words) => {
                    close(&mut parts, &mut numbers);
                    // `Phụ lục 1` below `Phụ lục` says it all.
                    if parts
                        .last()
                        .is_some_and(|last| words.strip_prefix(last.as_str()).is_some_and(|n| n.starts_with(' ')))
                    {
                        parts.pop();
                    }
                    parts.push(words.clone());
                }
            }
        }
        close(&mut parts, &mut numbers);
        f.write_str(&parts.join(", "))
    }
}

/// Ends a row of numbers; below an article they are clauses.
fn close(parts: &mut Vec<String>, numbers: &mut Vec<&str>) {
    if !numbers.is_empty() {
        let called = if parts.last().is_some_and(|part| part.starts_with("Điều")) { "khoản" } else { "mục" };
        parts.push(format!("{called} {}", numbers.join(".")));
        numbers.clear();
    }
}

/// How a heading is called.
fn label(heading: &str) -> Label {
    match opening(heading) {
        Some(opening) if matches!(opening.mark, Mark::Part(..)) => return Label::Part(opening.name),
        Some(opening) => return Label::Number(opening.name),
        None => {}
    }
    let words = heading.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(WORDS_CHARS_MAX) {
        Some((end, _)) => Label::Words(format!("{}…", words[..end].trim_end())),
        None => Label::Words(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_said_in_the_numbers_of_the_headings() {
        let walk = [
            (1, "Mở đầu", "Mở đầu"),
            (1, "Phần thứ nhất. KIỂM ĐIỂM VIỆC THỰC HIỆN", "Phần thứ nhất"),
            (2, "I. BỐI CẢNH", "Phần thứ nhất, mục I"),
            (3, "2. Khó khăn", "Phần thứ nhất, mục I.2"),
            (4, "2.3. Về đầu tư công", "Phần thứ nhất, mục I.2.3"),
            (5, "a) Chuyển đổi số", "Phần thứ nhất, mục I.2.3.a"),
            (2, "II. KẾT QUẢ", "Phần thứ nhất, mục II"),
            (3, "Đánh giá chung", "Phần thứ nhất, mục II, Đánh giá chung"),
            (1, "PHẦN II: PHƯƠNG HƯỚNG", "Phần II"),
            (2, "5 năm nhìn lại", "Phần II, 5 năm nhìn lại"),
            (1, "Chương I. QUY ĐỊNH CHUNG", "Chương I"),
            (2, "Điều 5. Đại biểu", "Chương I, Điều 5"),
            (3, "1. Quyền", "Chương I, Điều 5, khoản 1"),
            (1, "Chương trình hành động", "Chương trình hành động"),
            (1, "Phụ lục. Số liệu", "Phụ lục"),
            (2, "Phụ lục 1. Bảng", "Phụ lục 1"),
            (1, "PHỤ LỤC 2", "Phụ lục 2"),
        ];
        let mut place = Place::default();
        for (level, heading, expected) in walk {
            place.enter(level, heading);
            assert_eq!(place.to_string(), expected, "{heading}");
        }
    }
}

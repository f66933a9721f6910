//! Where in a document one is, in the words of its own headings: `Phần thứ nhất, mục II.2.3`.

use std::fmt;

/// Words that open a part with a number of its own.
const PARTS: [&[&str]; 6] = [&["phần"], &["phụ", "lục"], &["chương"], &["mục"], &["điều"], &["tiểu", "mục"]];
/// Numbers in words, as in `Phần một`.
const NUMBERS: [&str; 10] = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"];
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

fn label(heading: &str) -> Label {
    let words: Vec<&str> = heading.split_whitespace().collect();
    if let Some(part) = part(&words) {
        return Label::Part(part);
    }
    if let Some(number) = words.first().and_then(|word| number(word)) {
        return Label::Number(number.to_owned());
    }
    let words = words.join(" ");
    match words.char_indices().nth(WORDS_CHARS_MAX) {
        Some((end, _)) => Label::Words(format!("{}…", words[..end].trim_end())),
        None => Label::Words(words),
    }
}

/// The opening words of a part with its number, written as in a sentence.
fn part(words: &[&str]) -> Option<String> {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|w| bare(w).to_lowercase() == word);
    let opening = PARTS.iter().find(|opening| (0..opening.len()).all(|at| is(at, opening[at])))?;
    let name = sentence(&opening.join(" "));
    if words[opening.len() - 1].ends_with(['.', ':']) || words.len() == opening.len() {
        return Some(name);
    }
    let ordinal = bare(words[opening.len()]);
    let lower = ordinal.to_lowercase();
    if lower == "thứ" {
        return Some(format!("{name} thứ {}", bare(words.get(opening.len() + 1)?).to_lowercase()));
    }
    if NUMBERS.contains(&lower.as_str()) {
        return Some(format!("{name} {lower}"));
    }
    let is_number = is_roman(ordinal) || ordinal.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !ordinal.is_empty()).then(|| format!("{name} {ordinal}"))
}

/// A number at the head of a heading: `II.`, `2.`, `2.3.`, `2.3`, `a)`.
fn number(word: &str) -> Option<&str> {
    let ends = word.ends_with(['.', ')', ':']);
    let number = bare(word);
    let groups = number.split('.');
    let is_decimal =
        groups.clone().all(|group| (1..=2).contains(&group.len()) && group.bytes().all(|b| b.is_ascii_digit()));
    let is_letter = number.chars().count() == 1 && number.chars().all(char::is_alphabetic);
    ((is_decimal && (ends || groups.count() > 1)) || (ends && (is_letter || is_roman(number)))).then_some(number)
}

fn is_roman(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| b"IVXLC".contains(&byte))
}

fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ')', ':', ',', '-', '–'])
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
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

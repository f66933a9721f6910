//! The number with which a heading or a clause opens: `Phần thứ nhất`, `Điều 5.`, `II.`, `I -`, `1.`, `2.3.`, `a)`.
//! What the number means for the outline is decided elsewhere.

/// Words that open a part with a number of its own.
const PARTS: [(&[&str], Part); 6] = [
    (&["phần"], Part::Division),
    (&["phụ", "lục"], Part::Annex),
    (&["chương"], Part::Chapter),
    (&["mục"], Part::Section),
    (&["điều"], Part::Article),
    (&["tiểu", "mục"], Part::Subsection),
];
/// Numbers in words, as in `Phần một`.
const NUMBERS: [&str; 10] = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"];
/// Words of an opening: `Tiểu mục thứ nhất`.
const WORDS_MAX: usize = 4;
/// The letters that count, in their order.
const LETTERS: &str = "abcdđeghiklmnopqrstuvxy";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Part {
    /// Phần
    Division,
    Annex,
    Chapter,
    Section,
    Subsection,
    Article,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    Part(Part, Option<u32>),
    /// `A.`
    Capital(u32),
    Roman(u32),
    /// `2`, `2.3`, from the top.
    Decimal(Vec<u32>),
    /// `a)`
    Letter(u32),
}

/// A text taken apart behind its number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Opening<'t> {
    pub(crate) mark: Mark,
    /// As in a sentence: `Phần thứ nhất`, `II`, `2.3`, `a`.
    pub(crate) name: String,
    /// As printed, with its sign: `II.`.
    pub(crate) printed: &'t str,
    /// The words behind it.
    pub(crate) rest: &'t str,
}

/// The number at the head of a text, if it has one.
pub(crate) fn opening(text: &str) -> Option<Opening<'_>> {
    let ends = word_ends(text);
    let words: Vec<&str> = text.split_whitespace().take(WORDS_MAX).collect();
    let taken = |count: usize| {
        let end = ends.get(count.checked_sub(1)?).copied()?;
        Some((text[..end].trim_start(), text[end..].trim_start()))
    };
    if let Some((mark, name, count)) = part(&words) {
        let (printed, rest) = taken(count)?;
        return Some(Opening { mark, name, printed, rest });
    }
    let (mark, name, count) = number(&words)?;
    let (printed, rest) = taken(count)?;
    Some(Opening { mark, name: name.to_owned(), printed, rest })
}

/// Where the first words end, in bytes.
fn word_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut is_inside = false;
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() && is_inside {
            ends.push(at);
            if ends.len() == WORDS_MAX {
                return ends;
            }
        }
        is_inside = !letter.is_whitespace();
    }
    if is_inside {
        ends.push(text.len());
    }
    ends
}

/// The opening words of a part with its number, written as in a sentence, and how many words they are.
fn part(words: &[&str]) -> Option<(Mark, String, usize)> {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|w| bare(w).to_lowercase() == word);
    let (opening, part) = PARTS.iter().find(|(opening, _)| (0..opening.len()).all(|at| is(at, opening[at])))?;
    let name = sentence(&opening.join(" "));
    let count = opening.len();
    if words[count - 1].ends_with(['.', ':']) || words.len() == count {
        return Some((Mark::Part(*part, None), name, count));
    }
    let ordinal = bare(words[count]);
    let lower = ordinal.to_lowercase();
    if lower == "thứ" {
        let ordinal = bare(words.get(count + 1)?).to_lowercase();
        let number = if ordinal == "nhất" { Some(1) } else { in_words(&ordinal) };
        return Some((Mark::Part(*part, number), format!("{name} thứ {ordinal}"), count + 2));
    }
    if let Some(number) = in_words(&lower) {
        return Some((Mark::Part(*part, Some(number)), format!("{name} {lower}"), count + 1));
    }
    let number = if is_roman(ordinal) { Some(roman(ordinal)) } else { ordinal.parse().ok() };
    let is_number = is_roman(ordinal) || ordinal.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !ordinal.is_empty()).then(|| (Mark::Part(*part, number), format!("{name} {ordinal}"), count + 1))
}

fn in_words(word: &str) -> Option<u32> {
    let word = if word == "tư" { "bốn" } else { word };
    NUMBERS.iter().position(|number| *number == word).and_then(|at| u32::try_from(at + 1).ok())
}

/// A number at the head of a text: `II.`, `II -`, `2.`, `2.3.`, `2.3`, `a)`.
fn number<'t>(words: &[&'t str]) -> Option<(Mark, &'t str, usize)> {
    let word = *words.first()?;
    let number = bare(word);
    let is_dashed = word == number && is_roman(number) && words.get(1).is_some_and(|next| ["-", "–"].contains(next));
    let ends = word.ends_with(['.', ')', ':', '-', '–']) || is_dashed;
    let count = if is_dashed { 2 } else { 1 };
    let is_group = |group: &str| (1..=2).contains(&group.len()) && group.bytes().all(|b| b.is_ascii_digit());
    if number.split('.').all(is_group) {
        let groups: Vec<u32> = number.split('.').filter_map(|group| group.parse().ok()).collect();
        return (ends || groups.len() > 1).then_some((Mark::Decimal(groups), number, count));
    }
    // A hundred sections, or fifty, there are not: these are letters.
    if ends && is_roman(number) && !["C", "L"].contains(&number) {
        return Some((Mark::Roman(roman(number)), number, count));
    }
    let mut letters = number.chars();
    let (letter, None) = (letters.next()?, letters.next()) else { return None };
    let lower: String = letter.to_lowercase().collect();
    let at = LETTERS.find(&lower).map(|at| LETTERS[..at].chars().count());
    let order = at.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(0);
    let mark = if letter.is_uppercase() { Mark::Capital(order) } else { Mark::Letter(order) };
    (ends && letter.is_alphabetic()).then_some((mark, number, count))
}

fn is_roman(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| b"IVXLC".contains(&byte))
}

fn roman(text: &str) -> u32 {
    let worth = |letter: u8| match letter {
        b'I' => 1,
        b'V' => 5,
        b'X' => 10,
        b'L' => 50,
        _ => 100,
    };
    let (mut sum, mut last) = (0_u32, 0);
    for letter in text.bytes().rev().map(worth) {
        sum = if letter < last { sum.saturating_sub(letter) } else { sum.saturating_add(letter) };
        last = last.max(letter);
    }
    sum
}

fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ')', ':', ',', '-', '–'])
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl Mark {
    /// Its number among those beside it; `None` where it has none.
    pub(crate) fn order(&self) -> Option<u32> {
        match self {
            Mark::Part(_, order) => *order,
            Mark::Capital(order) | Mark::Letter(order) => (*order > 0).then_some(*order),
            Mark::Roman(order) => Some(*order),
            Mark::Decimal(groups) => groups.last().copied(),
        }
    }

    /// How deep such a number stands in the outlines of congress papers (domain.md 5): what is less stands above.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Mark::Part(Part::Division | Part::Annex, _) => 10,
            Mark::Part(Part::Chapter, _) => 12,
            Mark::Part(Part::Section, _) => 14,
            Mark::Capital(_) => 15,
            Mark::Part(Part::Subsection, _) => 16,
            Mark::Part(Part::Article, _) => 18,
            Mark::Roman(_) => 20,
            Mark::Decimal(groups) => match groups.len() {
                1 => 30,
                2 => 40,
                _ => 45,
            },
            Mark::Letter(_) => 50,
        }
    }

    /// The level at which such a number stands when nothing is above it: Phần, I, 1, 1.1, a).
    pub(crate) fn level(&self) -> u8 {
        match self.rank() {
            ..=15 => 1,
            16..=20 => 2,
            21..=30 => 3,
            31..=45 => 4,
            _ => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_told_from_the_words() {
        let decimal = |groups: &[u32]| Mark::Decimal(groups.to_vec());
        let cases = [
            ("Phần thứ nhất. KIỂM ĐIỂM", Some((Mark::Part(Part::Division, Some(1)), "Phần thứ nhất.", "KIỂM ĐIỂM"))),
            ("PHẦN THỨ HAI", Some((Mark::Part(Part::Division, Some(2)), "PHẦN THỨ HAI", ""))),
            ("Phần thứ tư: Tổ chức", Some((Mark::Part(Part::Division, Some(4)), "Phần thứ tư:", "Tổ chức"))),
            ("Điều 5. Đại biểu", Some((Mark::Part(Part::Article, Some(5)), "Điều 5.", "Đại biểu"))),
            ("Phụ lục", Some((Mark::Part(Part::Annex, None), "Phụ lục", ""))),
            ("II. KẾT QUẢ", Some((Mark::Roman(2), "II.", "KẾT QUẢ"))),
            ("XIV- Tán thành", Some((Mark::Roman(14), "XIV-", "Tán thành"))),
            ("IX - Tổ chức", Some((Mark::Roman(9), "IX -", "Tổ chức"))),
            ("B. PHƯƠNG HƯỚNG", Some((Mark::Capital(2), "B.", "PHƯƠNG HƯỚNG"))),
            ("C. TỔ CHỨC", Some((Mark::Capital(3), "C.", "TỔ CHỨC"))),
            ("2. Khó khăn", Some((decimal(&[2]), "2.", "Khó khăn"))),
            ("2.3 Về đầu tư", Some((decimal(&[2, 3]), "2.3", "Về đầu tư"))),
            ("  1.2.3.\tVề", Some((decimal(&[1, 2, 3]), "1.2.3.", "Về"))),
            ("đ) Chuyển đổi số", Some((Mark::Letter(5), "đ)", "Chuyển đổi số"))),
            ("5 năm nhìn lại", None),
            ("5 - 7 đại biểu", None),
            ("Chương trình hành động", None),
            ("2-10-2020 là ngày", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let found = opening(text);
            assert_eq!(found.map(|it| (it.mark, it.printed, it.rest)), expected, "{text}");
        }
    }
}

//! Where sentences end, so that a text can be read aloud one by one. Figures (`1.586`), abbreviations (`TP. Thanh Lâm`),
//! numbers at the head of a paragraph (`II. Kết quả`) and initials do not end one; a mark that ends one may stand within
//! quotes.

use std::ops::Range;

/// Speech engines stop of themselves after about a quarter of a minute; what is longer is taken apart at its clauses.
const CHARS_MAX: usize = 280;

/// Folded to lower case, without the dot that follows.
const ABBREVIATIONS: [&str; 25] = [
    "tp", "tx", "tt", "q", "p", "h", "x", "ths", "ts", "pgs", "gs", "bs", "ks", "cn", "đ/c", "đc", "tr", "nxb", "st",
    "stt", "ttg", "bt", "pbt", "vd", "th.s",
];

/// The sentences of a paragraph as places in bytes, in their order. White space around them belongs to none.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\n' {
            push(&mut found, text, start..at);
            start = at + 1;
        }
        if !matches!(letter, '.' | '!' | '?' | '…') {
            continue;
        }
        let mut end = at + letter.len_utf8();
        while let Some((_, closing)) = letters.next_if(|(_, next)| is_closing(*next)) {
            end += closing.len_utf8();
        }
        if ends(text, start, at, end) {
            push(&mut found, text, start..end);
            start = end;
        }
    }
    push(&mut found, text, start..text.len());
    found
}

/// Further marks, and quotes and brackets that close.
fn is_closing(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '…' | '"' | '”' | '’' | '\'' | ')' | ']' | '»')
}

/// Whether the marks from `at` to `end` end the sentence that began at `start`.
fn ends(text: &str, start: usize, at: usize, end: usize) -> bool {
    let Some(after) = text[end..].chars().next() else { return true };
    if !after.is_whitespace() {
        return false;
    }
    // What goes on in small letters goes on.
    let next = text[end..].trim_start().trim_start_matches(['“', '"', '‘', '(', '«', '–', '-', ' ']).chars().next();
    if next.is_some_and(char::is_lowercase) {
        return false;
    }
    let before = &text[start..at];
    let is_lone_dot = &text[at..end] == ".";
    !(is_lone_dot && (is_number_at_head(before) || is_abbreviation(before)))
}

/// `1`, `2.3`, `IV`, `a` at the head of a paragraph.
fn is_number_at_head(before: &str) -> bool {
    let before = before.trim_start();
    let is_part = |part: &str| {
        let is_figure = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_roman = !part.is_empty() && part.bytes().all(|byte| b"IVXLC".contains(&byte));
        is_figure || is_roman || part.chars().count() == 1
    };
    let before = ["Điều ", "Mục ", "Chương ", "Khoản ", "Biểu ", "Bảng "]
        .iter()
        .find_map(|word| before.strip_prefix(word))
        .unwrap_or(before);
    before.split('.').all(is_part)
}

fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(|letter: char| letter.is_whitespace() || "(“\"‘,;".contains(letter)).next().unwrap_or("");
    let is_letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    is_letter || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

/// Without the white space around it; taken apart where it is long.
fn push(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let words = &text[range.clone()];
    let start = range.start + (words.len() - words.trim_start().len());
    let mut rest = start..start + words.trim().len();
    while let Some(cut) = clause_end(&text[rest.clone()]) {
        let after = rest.start + cut;
        found.push(rest.start..after);
        let next = &text[after..rest.end];
        rest.start = after + (next.len() - next.trim_start().len());
    }
    if !rest.is_empty() {
        found.push(rest);
    }
}

/// Behind the last semicolon, else the last comma, else the last word that a speech engine can be given; `None` where
/// all of it can.
fn clause_end(words: &str) -> Option<usize> {
    let (limit, _) = words.char_indices().nth(CHARS_MAX)?;
    let part = &words[..limit];
    let behind = |mark: &str| part.rfind(mark).map(|at| at + mark.trim_end().len()).filter(|end| *end > 0);
    behind("; ").or_else(|| behind(", ")).or_else(|| part.rfind(' ').filter(|end| *end > 0)).or(Some(limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_sentence_ends_where_a_reader_would_pause() {
        let cases: [(&str, &[&str]); 19] = [
            ("Một. Hai! Ba? Bốn…", &["Một.", "Hai!", "Ba?", "Bốn…"]),
            (
                "Đảng bộ có 1.586 đảng viên. Năm 2025 tăng 20,89 %.",
                &["Đảng bộ có 1.586 đảng viên.", "Năm 2025 tăng 20,89 %."],
            ),
            ("Họp tại TP. Thanh Lâm. Có 350 đại biểu.", &["Họp tại TP. Thanh Lâm.", "Có 350 đại biểu."]),
            ("Giao PGS. TS. Lê Văn Nam chủ trì. Xong.", &["Giao PGS. TS. Lê Văn Nam chủ trì.", "Xong."]),
            ("II. Kết quả đạt được", &["II. Kết quả đạt được"]),
            ("2.1. Về kinh tế. Tăng trưởng khá.", &["2.1. Về kinh tế.", "Tăng trưởng khá."]),
            ("Điều 5. Trang phục", &["Điều 5. Trang phục"]),
            ("a. Chuyển đổi số. b. Cải cách.", &["a. Chuyển đổi số. b. Cải cách."]),
            ("“Đoàn kết là sức mạnh.” Đại hội quyết nghị.", &["“Đoàn kết là sức mạnh.”", "Đại hội quyết nghị."]),
            ("Ai hỏi “Vì sao?” thì phải trả lời. Rõ.", &["Ai hỏi “Vì sao?” thì phải trả lời.", "Rõ."]),
            ("Nói: “Được. Làm ngay.” Rồi đi.", &["Nói: “Được.", "Làm ngay.”", "Rồi đi."]),
            ("Lúa, ngô, v.v. được mùa. Tốt.", &["Lúa, ngô, v.v. được mùa.", "Tốt."]),
            ("Lúa, ngô, v.v. Năm sau khác.", &["Lúa, ngô, v.v.", "Năm sau khác."]),
            ("Ngày 30/9/2026. 72 tổ chức.", &["Ngày 30/9/2026.", "72 tổ chức."]),
            ("Mất 5 năm. (Theo báo cáo.) Xong", &["Mất 5 năm.", "(Theo báo cáo.)", "Xong"]),
            ("Dòng một\nDòng hai.", &["Dòng một", "Dòng hai."]),
            ("Đồng chí Nguyễn V. A phát biểu.", &["Đồng chí Nguyễn V. A phát biểu."]),
            ("Chờ đã... Thôi.", &["Chờ đã...", "Thôi."]),
            ("  \n ", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_sentence_is_taken_apart_at_its_clauses() {
        let clause = "phát huy vai trò nêu gương của cán bộ, đảng viên trong mọi việc";
        let text = [clause; 8].join("; ") + ".";
        let parts = told(&text);
        assert!(parts.len() > 1 && parts.iter().all(|part| part.chars().count() <= CHARS_MAX), "{parts:?}");
        assert!(parts[..parts.len() - 1].iter().all(|part| part.ends_with(';')), "{parts:?}");
        assert_eq!(told(&"x".repeat(2 * CHARS_MAX + 1)).len(), 3);
    }

    proptest! {
        #[test]
        fn every_letter_is_in_one_sentence_and_in_its_order(text in "[aĐ1IvTP .,;!?…”“()\n]{0,400}") {
            let found = sentences(&text);
            let mut end = 0;
            for range in &found {
                prop_assert!(range.start >= end && range.start < range.end);
                prop_assert!(text[end..range.start].trim().is_empty());
                let words = &text[range.clone()];
                prop_assert_eq!(words.trim(), words);
                prop_assert!(words.chars().count() <= CHARS_MAX);
                end = range.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }
}

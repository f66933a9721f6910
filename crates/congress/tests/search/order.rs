//! What is found and what comes first, by examples.

use congress::search::{Finder, Passage, Terms, Text, Vocabulary, Weight, best_first, snippet};

/// The passages that are found, best first; a passage is its title, `|`, and its words.
fn found(typed: &str, passages: &[(Weight, &str)]) -> Vec<String> {
    let (mut vocabulary, mut text) = (Vocabulary::default(), Text::default());
    for (weight, words) in passages {
        let (title, words) = words.split_once('|').unwrap_or(("", words));
        text.push(&mut vocabulary, Passage { title, words, weight: *weight, ..Passage::default() });
    }
    let mut found = vec![((), Finder::new(&Terms::new(typed), &vocabulary).find(&text))];
    best_first(&mut found);
    let hits = found.pop().map(|(_, hits)| hits).unwrap_or_default();
    hits.iter().map(|hit| text.passage(hit.passage)).map(|it| format!("{}{}", it.title, it.words)).collect()
}

fn check(typed: &str, passages: &[(Weight, &str)], expected: &[&str]) {
    assert_eq!(found(typed, passages), expected, "{typed}");
}

fn body(typed: &str, passages: &[&str], expected: &[&str]) {
    let passages: Vec<_> = passages.iter().map(|words| (Weight::Body, *words)).collect();
    check(typed, &passages, expected);
}

#[test]
fn accents_are_not_needed_and_where_a_tone_stands_does_not_matter() {
    for typed in ["hoa binh", "hòa bình", "hoà bình", "HÒA BÌNH", "ho\u{300}a bi\u{300}nh"] {
        body(typed, &["Hòa bình", "hoà bình", "chiến tranh"], &["Hòa bình", "hoà bình"]);
    }
    body("uỷ ban", &["Ủy ban", "UỶ BAN"], &["Ủy ban", "UỶ BAN"]);
    body("ủy ban", &["Ủy ban", "UỶ BAN"], &["Ủy ban", "UỶ BAN"]);
    body("dang uy", &["Đảng ủy", "đăng ký"], &["Đảng ủy"]);
}

#[test]
fn with_accents_what_has_them_comes_first() {
    body("dân", &["dần dần", "nhân dân", "dấn thân"], &["nhân dân", "dần dần", "dấn thân"]);
    body("dan", &["dần dần", "nhân dân"], &["dần dần", "nhân dân"]);
    // A word without marks among others with them is meant so.
    body("tham nhũng", &["thăm nhũng nhiễu", "tham nhũng"], &["tham nhũng", "thăm nhũng nhiễu"]);
}

#[test]
fn words_are_found_in_any_order_and_those_together_come_first() {
    body(
        "chuyen doi so",
        &["số lượng chuyển giao đổi mới", "chuyển đổi số", "đổi số, chuyển"],
        &["chuyển đổi số", "số lượng chuyển giao đổi mới", "đổi số, chuyển"],
    );
    body("chuyen doi so", &["chuyển đổi"], &[]);
}

#[test]
fn the_last_word_may_be_unfinished_and_a_blank_behind_it_says_that_it_is_whole() {
    body("ky lu", &["kỷ luật", "kỷ cương"], &["kỷ luật"]);
    body("ky lu ", &["kỷ luật"], &[]);
    body("ng hung", &["Nguyễn Văn Hùng"], &[]);
    body("hung ng", &["Nguyễn Văn Hùng"], &["Nguyễn Văn Hùng"]);
    body("so", &["sống", "số"], &["số", "sống"]);
    // The tone of a word comes last when one types.
    body("kỷ luâ", &["kỷ luật"], &["kỷ luật"]);
}

#[test]
fn what_stands_in_quotation_marks_must_stand_so() {
    let passages = ["đổi số, chuyển", "chuyển đổi số", "chuyển số đổi"];
    body("\"chuyen doi so\"", &passages, &["chuyển đổi số"]);
    body("“chuyển đổi” số", &passages, &["chuyển đổi số"]);
    // The second mark is still to come.
    body("\"chuyen doi s", &passages, &["chuyển đổi số"]);
    body("\"\"", &passages, &[]);
}

#[test]
fn titles_come_before_headings_before_text_and_short_ones_before_long_ones() {
    check(
        "bau cu",
        &[
            (Weight::Body, "Bầu cử Ban Chấp hành"),
            (Weight::Heading, "Quy chế bầu cử"),
            (Weight::Title, "Thảo luận|về bầu cử"),
            (Weight::Title, "Hướng dẫn bầu cử và kiểm phiếu|"),
            (Weight::Title, "Bầu cử|"),
        ],
        &["Bầu cử", "Hướng dẫn bầu cử và kiểm phiếu", "Quy chế bầu cử", "Bầu cử Ban Chấp hành", "Thảo luậnvề bầu cử"],
    );
}

#[test]
fn people_are_found_by_their_given_name_first() {
    check(
        "hung",
        &[(Weight::Name, "Hưng Văn Bình|"), (Weight::Body, "hùng mạnh"), (Weight::Name, "Nguyễn Thị Mỹ Hùng|")],
        &["Nguyễn Thị Mỹ Hùng", "Hưng Văn Bình", "hùng mạnh"],
    );
}

#[test]
fn numbers_and_signs_are_searched_as_they_stand() {
    body("2025-2030", &["nhiệm kỳ 2025-2030", "2030 rồi 2025"], &["nhiệm kỳ 2025-2030", "2030 rồi 2025"]);
    body("20,89 %", &["đạt 20,89 % kế hoạch"], &["đạt 20,89 % kế hoạch"]);
    body("nq/tw", &["Nghị quyết số 29-NQ/TW"], &["Nghị quyết số 29-NQ/TW"]);
}

#[test]
fn one_letter_asks_for_nothing() {
    for (typed, is_too_short) in [("", true), ("a", true), ("\"a\"", true), ("%%", true), ("ab", false), ("a b", false)]
    {
        assert_eq!(Terms::new(typed).is_too_short(), is_too_short, "{typed}");
    }
}

#[test]
fn a_snippet_begins_with_a_word_shortly_before_the_first_mark() {
    let words = format!("{} họp tổ thảo luận {}", "chữ ".repeat(40), "nữa ".repeat(80));
    let (mut vocabulary, mut text) = (Vocabulary::default(), Text::default());
    text.push(&mut vocabulary, Passage { words: &words, ..Passage::default() });
    let (_, marks) = Finder::new(&Terms::new("thao luan"), &vocabulary).places(&text, 0);
    let parts = snippet(&words, &marks);
    let shown: String = parts.iter().map(|(_, part)| *part).collect();
    assert!(shown.starts_with("… chữ ") && shown.ends_with('…'), "{shown}");
    assert!(parts.contains(&(true, "thảo luận")), "{parts:?}");
    assert!(shown.chars().count() < 180);
}

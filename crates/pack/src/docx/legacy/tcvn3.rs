//! TCVN 5712:1993, third set (“ABC”): one sign a letter. Capitals with tones have no place of their own; they are typed
//! as small letters in a font that draws capitals.

const LETTERS: [(char, char); 74] = [
    ('\u{a1}', 'Ă'),
    ('\u{a2}', 'Â'),
    ('\u{a3}', 'Ê'),
    ('\u{a4}', 'Ô'),
    ('\u{a5}', 'Ơ'),
    ('\u{a6}', 'Ư'),
    ('\u{a7}', 'Đ'),
    ('\u{a8}', 'ă'),
    ('\u{a9}', 'â'),
    ('\u{aa}', 'ê'),
    ('\u{ab}', 'ô'),
    ('\u{ac}', 'ơ'),
    ('\u{ad}', 'ư'),
    ('\u{ae}', 'đ'),
    ('\u{b5}', 'à'),
    ('\u{b6}', 'ả'),
    ('\u{b7}', 'ã'),
    ('\u{b8}', 'á'),
    ('\u{b9}', 'ạ'),
    ('\u{bb}', 'ằ'),
    ('\u{bc}', 'ẳ'),
    ('\u{bd}', 'ẵ'),
    ('\u{be}', 'ắ'),
    ('\u{c6}', 'ặ'),
    ('\u{c7}', 'ầ'),
    ('\u{c8}', 'ẩ'),
    ('\u{c9}', 'ẫ'),
    ('\u{ca}', 'ấ'),
    ('\u{cb}', 'ậ'),
    ('\u{cc}', 'è'),
    ('\u{ce}', 'ẻ'),
    ('\u{cf}', 'ẽ'),
    ('\u{d0}', 'é'),
    ('\u{d1}', 'ẹ'),
    ('\u{d2}', 'ề'),
    ('\u{d3}', 'ể'),
    ('\u{d4}', 'ễ'),
    ('\u{d5}', 'ế'),
    ('\u{d6}', 'ệ'),
    ('\u{d7}', 'ì'),
    ('\u{d8}', 'ỉ'),
    ('\u{dc}', 'ĩ'),
    ('\u{dd}', 'í'),
    ('\u{de}', 'ị'),
    ('\u{df}', 'ò'),
    ('\u{e1}', 'ỏ'),
    ('\u{e2}', 'õ'),
    ('\u{e3}', 'ó'),
    ('\u{e4}', 'ọ'),
    ('\u{e5}', 'ồ'),
    ('\u{e6}', 'ổ'),
    ('\u{e7}', 'ỗ'),
    ('\u{e8}', 'ố'),
    ('\u{e9}', 'ộ'),
    ('\u{ea}', 'ờ'),
    ('\u{eb}', 'ở'),
    ('\u{ec}', 'ỡ'),
    ('\u{ed}', 'ớ'),
    ('\u{ee}', 'ợ'),
    ('\u{ef}', 'ù'),
    ('\u{f1}', 'ủ'),
    ('\u{f2}', 'ũ'),
    ('\u{f3}', 'ú'),
    ('\u{f4}', 'ụ'),
    ('\u{f5}', 'ừ'),
    ('\u{f6}', 'ử'),
    ('\u{f7}', 'ữ'),
    ('\u{f8}', 'ứ'),
    ('\u{f9}', 'ự'),
    ('\u{fa}', 'ỳ'),
    ('\u{fb}', 'ỷ'),
    ('\u{fc}', 'ỹ'),
    ('\u{fd}', 'ý'),
    ('\u{fe}', 'ỵ'),
];

/// `None` if a sign stands for no letter.
pub(super) fn unicode(text: &str) -> Option<String> {
    text.chars().map(letter).collect()
}

fn letter(sign: char) -> Option<char> {
    match LETTERS.binary_search_by_key(&sign, |(known, _)| *known) {
        Ok(at) => Some(LETTERS[at].1),
        // Signs of print (dashes, quotation marks) stand where Unicode has them, and so does a hard space.
        Err(_) => (sign <= '\u{a0}' || sign >= '\u{2000}').then_some(sign),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_holds_the_whole_alphabet() {
        assert!(LETTERS.is_sorted_by_key(|(sign, _)| *sign));
        let found: String = LETTERS.iter().map(|(_, letter)| *letter).collect();
        for letter in super::super::tests::SMALL_LETTERS.chars().chain("ĂÂÊÔƠƯĐ".chars()) {
            assert_eq!(found.matches(letter).count(), 1, "{letter}");
        }
        assert_eq!(LETTERS.len(), super::super::tests::SMALL_LETTERS.chars().count() + 7);
    }

    #[test]
    fn a_text_is_read_as_its_font_shows_it() {
        assert_eq!(unicode("§¶ng Céng s¶n ViÖt Nam").as_deref(), Some("Đảng Cộng sản Việt Nam"));
        assert_eq!(unicode("tr\u{ad}êng häc, 90 % – “tèt”").as_deref(), Some("trường học, 90 % – “tốt”"));
        assert_eq!(unicode("ngh\u{f0}"), None);
    }
}

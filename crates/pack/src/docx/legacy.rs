//! Fonts from before Unicode. They draw Vietnamese letters where Unicode has others, so a text is only legible in its
//! font; here it is written again in Unicode. What has no letter in the font's table is refused with its words.

mod tcvn3;
mod vni;

use super::story::Piece;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Encoding {
    Unicode,
    Tcvn3 {
        /// The font draws every letter as a capital: `.VnTimeH`.
        is_capital: bool,
    },
    Vni,
    /// One without a table here.
    Unknown,
}

/// Beginnings of names of fonts, in lower case.
const FONTS: [(&str, Encoding); 9] = [
    (".vn", Encoding::Tcvn3 { is_capital: false }),
    ("vni-", Encoding::Vni),
    ("vni ", Encoding::Vni),
    ("vntimes", Encoding::Unknown),
    ("vnarial", Encoding::Unknown),
    ("vncourier", Encoding::Unknown),
    ("vps ", Encoding::Unknown),
    ("vi times", Encoding::Unknown),
    ("vietware", Encoding::Unknown),
];

fn encoding(font: &str) -> Encoding {
    let lower = font.trim().to_lowercase();
    match FONTS.iter().find(|(prefix, _)| lower.starts_with(prefix)) {
        Some((_, Encoding::Tcvn3 { .. })) => Encoding::Tcvn3 { is_capital: font.trim().ends_with('H') },
        Some((_, encoding)) => *encoding,
        None => Encoding::Unicode,
    }
}

/// Letters as the font sees them: some files keep them in the private area for symbols.
fn plain(letter: char) -> char {
    match u32::from(letter) {
        code @ 0xf020..=0xf0ff => char::from_u32(code - 0xf000).unwrap_or(letter),
        _ => letter,
    }
}

/// Whether a text in a legacy font was typed in Unicode all the same: Word then draws it in another font.
fn is_unicode(text: &str) -> bool {
    text.chars().any(|letter| matches!(u32::from(letter), 0x100..=0x1fff))
}

/// Writes the words of a paragraph in Unicode; gives the font from which something was converted. The error is the
/// first run that cannot be, with its font.
pub(super) fn convert(pieces: &mut [Piece]) -> Result<Option<String>, (String, String)> {
    join_tones(pieces);
    let encodings: Vec<Encoding> = pieces
        .iter()
        .map(|piece| {
            let font = piece.look.font.as_deref().unwrap_or("");
            if piece.text.is_ascii() && !font.ends_with('H') || is_unicode(&piece.text) {
                Encoding::Unicode
            } else {
                encoding(font)
            }
        })
        .collect();
    let mut converted = None;
    for (piece, encoding) in pieces.iter_mut().zip(encodings) {
        let font = piece.look.font.as_deref().unwrap_or("").to_owned();
        let text: String = piece.text.chars().map(plain).collect();
        let unicode = match encoding {
            Encoding::Unicode => continue,
            Encoding::Tcvn3 { is_capital } => tcvn3::unicode(&text).map(|text| capital_if(is_capital, text)),
            Encoding::Vni => vni::unicode(&text),
            Encoding::Unknown if text.is_ascii() => continue,
            Encoding::Unknown => None,
        };
        let Some(unicode) = unicode else { return Err((piece.text.clone(), font)) };
        if unicode != piece.text {
            converted = Some(font);
            piece.text = unicode;
        }
    }
    Ok(converted)
}

fn capital_if(is_capital: bool, text: String) -> String {
    if is_capital { text.to_uppercase() } else { text }
}

/// A tone of VNI that begins a run belongs to the last letter of the run before.
fn join_tones(pieces: &mut [Piece]) {
    let is_vni = |piece: &Piece| encoding(piece.look.font.as_deref().unwrap_or("")) == Encoding::Vni;
    for at in 1..pieces.len() {
        let (before, rest) = pieces.split_at_mut(at);
        let (Some(before), Some(piece)) = (before.last_mut(), rest.first_mut()) else { continue };
        let tone = piece.text.chars().next().filter(|tone| vni::is_tone(plain(*tone)));
        let vowel = before.text.chars().next_back().is_some_and(|letter| vni::takes_tone(plain(letter)));
        if let (Some(tone), true, true, true) = (tone, vowel, is_vni(before), is_vni(piece)) {
            before.text.push(tone);
            piece.text.remove(0);
        }
    }
}

/// Signs that these encodings put where letters belong, and that Unicode text has only beside figures and names.
const SIGNS: &str = "¶§µ¸¹¨©ª«¬®¦¢£¤¥";

/// Whether a word looks as if it was typed for a legacy font and its font was changed afterwards.
pub(super) fn looks_legacy(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let is_sign = |letter: char| SIGNS.contains(letter);
    // 5µm is a measure.
    !word.starts_with(|first: char| first.is_ascii_digit())
        && letters.windows(2).any(|pair| {
            (is_sign(pair[0]) && pair[1].is_ascii_lowercase())
                || (pair[0].is_ascii_alphabetic() && "¶µ¸¹¨ª«¬".contains(pair[1]))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docx::styles::Look;

    pub(super) const SMALL_LETTERS: &str = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ";

    fn piece(font: &str, text: &str) -> Piece {
        let look = Look { font: Some(font.into()), ..Look::default() };
        Piece { text: text.to_owned(), look, ..Piece::default() }
    }

    #[test]
    fn words_are_written_in_unicode_by_the_font_they_are_in() {
        let mut pieces = [
            piece(".VnTimeH", "§¹i héi"),
            piece(".VnTime", " ®¹i biÓu"),
            piece("VNI-Times", "Ña"),
            piece("VNI-Times", "ïi hoäi, ca"),
            piece("VNI-Times", "ùn boä"),
            piece(".VnTime", "Đại hội"),
            piece("Times New Roman", "café"),
            piece(".VnTime", "\u{f0a7}\u{f0b6}ng"),
            piece(".VnTimeH", "xix"),
        ];
        assert_eq!(convert(&mut pieces), Ok(Some(".VnTimeH".to_owned())));
        let words: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(words, ["ĐẠI HỘI", " đại biểu", "Đạ", "i hội, cá", "n bộ", "Đại hội", "café", "Đảng", "XIX"]);
    }

    #[test]
    fn what_has_no_letter_is_refused_with_its_run() {
        for (font, text) in
            [(".VnTime", "ngh\u{f0}"), ("VNI-Times", "xû"), ("VPS Times", "Ñaûng"), ("VNtimes new roman", "Ñ")]
        {
            assert_eq!(convert(&mut [piece("Arial", "a"), piece(font, text)]), Err((text.to_owned(), font.to_owned())));
        }
        assert_eq!(convert(&mut [piece("VPS Times", "Quang Minh")]), Ok(None));
    }

    #[test]
    fn words_whose_font_was_changed_are_recognised() {
        for word in ["§¶ng", "s¶n", "®¹i", "tr\u{ad}êng¬", "l·nh®¹o"] {
            assert!(looks_legacy(word), "{word}");
        }
        for word in ["Đảng", "5µm", "§1", "Windows®", "café", "“tốt”", "±5", "và"] {
            assert!(!looks_legacy(word), "{word}");
        }
    }
}

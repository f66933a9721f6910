//! VNI for Windows: a vowel, then a sign for its mark and tone. A few letters have a sign of their own.

/// Signs behind a vowel, each with what they make of the vowels a, e, o, u, y, and of ơ, ư.
const TONES: [(char, &str, &str); 17] = [
    ('ù', "aeouyơư", "áéóúýớứ"),
    ('ø', "aeouyơư", "àèòùỳờừ"),
    ('û', "aeouyơư", "ảẻỏủỷởử"),
    ('õ', "aeouyơư", "ãẽõũỹỡữ"),
    ('ï', "aeouơư", "ạẹọụợự"),
    ('ê', "a", "ă"),
    ('é', "a", "ắ"),
    ('è', "a", "ằ"),
    ('ú', "a", "ẳ"),
    ('ü', "a", "ẵ"),
    ('ë', "a", "ặ"),
    ('â', "aeo", "âêô"),
    ('á', "aeo", "ấếố"),
    ('à', "aeo", "ầềồ"),
    ('å', "aeo", "ẩểổ"),
    ('ã', "aeo", "ẫễỗ"),
    ('ä', "aeo", "ậệộ"),
];
/// Letters with a sign of their own.
const LETTERS: [(char, char); 9] =
    [('ñ', 'đ'), ('ô', 'ơ'), ('ö', 'ư'), ('í', 'í'), ('ì', 'ì'), ('æ', 'ỉ'), ('ó', 'ĩ'), ('ò', 'ị'), ('î', 'ỵ')];

fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

pub(super) fn is_tone(sign: char) -> bool {
    TONES.iter().any(|(tone, ..)| *tone == lower(sign))
}

/// Whether a letter, as VNI writes it, may carry a tone.
pub(super) fn takes_tone(letter: char) -> bool {
    "aeouyôö".contains(lower(letter))
}

/// The vowel with the mark or tone of a sign.
fn with_tone(vowel: char, sign: char) -> Option<char> {
    let (_, vowels, made) = TONES.iter().find(|(tone, ..)| *tone == lower(sign))?;
    let at = vowels.chars().position(|one| one == lower(vowel))?;
    made.chars().nth(at).map(|letter| in_case_of(vowel, letter))
}

fn in_case_of(model: char, letter: char) -> char {
    if model.is_uppercase() { letter.to_uppercase().next().unwrap_or(letter) } else { letter }
}

/// `None` if a sign stands for no letter.
pub(super) fn unicode(text: &str) -> Option<String> {
    let mut read = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(sign) = letters.next() {
        let own = LETTERS.iter().find(|(known, _)| *known == lower(sign)).map(|(_, letter)| in_case_of(sign, *letter));
        // Signs of print stand where Unicode has them.
        let letter = own.or_else(|| (sign <= '\u{a0}' || sign >= '\u{2000}').then_some(sign))?;
        match letters.peek().and_then(|tone| with_tone(letter, *tone)) {
            Some(letter) => {
                letters.next();
                read.push(letter);
            }
            None => read.push(letter),
        }
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The alphabet as VNI writes it, in the order of the one in Unicode.
    const WRITTEN: &str = "aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä ñ eø eû eõ eù eï eâ eà eå eã eá eä \
        ì æ ó í ò oø oû oõ où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï uø uû uõ uù uï ö öø öû öõ öù öï yø yû yõ yù î";

    #[test]
    fn the_whole_alphabet_is_read_small_and_capital() {
        let small: String = WRITTEN.split_whitespace().map(|letter| unicode(letter).unwrap()).collect();
        assert_eq!(small, super::super::tests::SMALL_LETTERS);
        let capital: String = WRITTEN.to_uppercase().split_whitespace().map(|it| unicode(it).unwrap()).collect();
        assert_eq!(capital, super::super::tests::SMALL_LETTERS.to_uppercase());
    }

    #[test]
    fn a_text_is_read_as_its_font_shows_it() {
        assert_eq!(unicode("Ñaûng Coäng saûn Vieät Nam").as_deref(), Some("Đảng Cộng sản Việt Nam"));
        assert_eq!(unicode("ÑAÏI HOÄI ÑAÏI BIEÅU, tröôøng hoïc").as_deref(), Some("ĐẠI HỘI ĐẠI BIỂU, trường học"));
        assert_eq!(unicode("x\u{fb}"), None);
        assert_eq!(unicode("kyø 5 – “toát”").as_deref(), Some("kỳ 5 – “tốt”"));
    }
}

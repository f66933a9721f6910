//! Secrecy marks. A paper marked Mật or above must never enter the system (domain.md 8): the importer refuses it by its
//! field and by a mark that stands on a line of its own.

/// The marks as they are written, with and without accents, letters only.
const MARKS: [(&str, &str, &str); 3] =
    [("mật", "mat", "Mật"), ("tốimật", "toimat", "Tối mật"), ("tuyệtmật", "tuyetmat", "Tuyệt mật")];
/// What may stand before a mark on its line.
const LABELS: [&str; 4] = ["mứcđộmật", "mucdomat", "độmật", "domat"];

/// The mark that a line consists of: `MẬT`, `**Tối mật**`, `[ Mật ]`, `Độ mật: Tuyệt mật`, `M Ậ T`, `TOI MAT`.
/// Words that differ in their tone (mặt, mất) are none.
pub(crate) fn mark(line: &str) -> Option<&'static str> {
    let letters: String = line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let letters = LABELS.iter().find_map(|label| letters.strip_prefix(label)).unwrap_or(&letters);
    MARKS.iter().find(|(accented, plain, _)| letters == *accented || letters == *plain).map(|(_, _, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_in_any_dress_and_other_words_are_not() {
        let cases = [
            ("MẬT", Some("Mật")),
            ("**Tối mật**", Some("Tối mật")),
            ("  > [ tuyệt MẬT ]  ", Some("Tuyệt mật")),
            ("| Mật |", Some("Mật")),
            ("M Ậ T", Some("Mật")),
            ("M\u{200b}ật", Some("Mật")),
            ("TOI MAT", Some("Tối mật")),
            ("toi-mat", Some("Tối mật")),
            ("Độ mật: Mật", Some("Mật")),
            ("Độ mật:", None),
            ("Mặt", None),
            ("Mất", None),
            ("Bí mật", None),
            ("Tài liệu này không mật.", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(mark(line), expected, "{line}");
        }
    }
}

//! Numbers at the head of a block: an article that becomes the next one, because another was put before it, is the same
//! article.

/// Words that a number follows, folded.
const OPENINGS: [&str; 9] = ["phan", "chuong", "muc", "dieu", "khoan", "diem", "bieu", "bang", "luc"];
const ORDINALS: [&str; 12] = ["nhat", "mot", "hai", "ba", "tu", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"];

/// Folded words without the number at their head: `dieu 5. trang phuc` and `dieu 6. trang phuc` are `trang phuc`.
pub(super) fn without_number(folded: &str) -> &str {
    let folded = folded.strip_prefix("phu ").filter(|rest| rest.starts_with("luc ")).unwrap_or(folded);
    let (first, rest) = folded.split_once(' ').unwrap_or((folded, ""));
    if OPENINGS.contains(&first) {
        let (ordinal, after) = rest.split_once(' ').unwrap_or((rest, ""));
        if ordinal == "thu" {
            let (ordinal, after) = after.split_once(' ').unwrap_or((after, ""));
            return if is_ordinal(bare(ordinal)) { after } else { folded };
        }
        return if is_ordinal(bare(ordinal)) { after } else { folded };
    }
    let is_closed = first.ends_with(['.', ')', ':', '/']);
    let number = bare(first);
    let is_decimal = number.contains('.') && is_figure(number);
    let is_numbered = is_closed && (is_figure(number) || number.chars().count() == 1);
    if is_decimal || is_numbered { rest } else { folded }
}

fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ')', ':', ',', '/', '-', '–'])
}

fn is_ordinal(word: &str) -> bool {
    is_figure(word) || ORDINALS.contains(&word)
}

/// `5`, `1.2`, `iv`
fn is_figure(word: &str) -> bool {
    let is_number =
        word.split('.').all(|group| (1..=3).contains(&group.len()) && group.bytes().all(|b| b.is_ascii_digit()));
    let is_roman = !word.is_empty() && word.bytes().all(|byte| b"ivxlc".contains(&byte));
    is_number || is_roman
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_at_the_head_is_left_out_and_nothing_else() {
        let cases = [
            ("dieu 5. trang phuc", "trang phuc"),
            ("dieu 5", ""),
            ("phan thu nhat. kiem diem", "kiem diem"),
            ("chuong ii quy dinh chung", "quy dinh chung"),
            ("phu luc 2. bieu so lieu", "bieu so lieu"),
            ("iv. ket qua", "ket qua"),
            ("1.2. ve dau tu", "ve dau tu"),
            ("1.2 ve dau tu", "ve dau tu"),
            ("a) chuyen doi so", "chuyen doi so"),
            ("5 nam nhin lai", "5 nam nhin lai"),
            ("muc tieu chung", "muc tieu chung"),
            ("phan dau den nam 2030", "phan dau den nam 2030"),
            ("nam. ket luan", "nam. ket luan"),
            ("ket luan", "ket luan"),
            ("", ""),
        ];
        for (words, expected) in cases {
            assert_eq!(without_number(words), expected, "{words}");
        }
    }
}

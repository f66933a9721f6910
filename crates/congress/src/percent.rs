//! Shares, computed from integers with a named base and one rounding rule (domain.md P-1 to P-4).

/// `n` of `base` in hundredths of a percent, rounded half up. `None` for an empty base.
pub fn share(n: u64, base: u64) -> Option<u64> {
    (base > 0).then(|| (20_000 * n + base) / (2 * base))
}

/// `20,90 %`
pub fn share_text(n: u64, base: u64) -> String {
    match share(n, base) {
        Some(hundredths) => format!("{},{:02} %", hundredths / 100, hundredths % 100),
        None => "–".to_owned(),
    }
}

/// At least two thirds of the convened are present (domain.md C-9). Decided on integers, never on a rounded share.
pub fn is_quorate(present: u64, convened: u64) -> bool {
    convened > 0 && 3 * present >= 2 * convened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_round_half_up_to_two_decimals() {
        // Published figures with their corrections: domain.md P-3.
        let cases = [
            (37, 753, "4,91 %"),
            (17, 262, "6,49 %"),
            (9, 111, "8,11 %"),
            (110, 432, "25,46 %"),
            (16, 432, "3,70 %"),
            (14, 67, "20,90 %"),
            (353, 1586, "22,26 %"),
            (1067, 1587, "67,23 %"),
            (1579, 1587, "99,50 %"),
            (10, 43, "23,26 %"),
            (246, 246, "100,00 %"),
        ];
        for (n, base, expected) in cases {
            assert_eq!(share_text(n, base), expected, "{n}/{base}");
        }
        assert_eq!(share_text(0, 0), "–");
    }

    #[test]
    fn two_thirds_are_counted_on_integers() {
        for (present, convened, expected) in [(164, 246, true), (163, 246, false), (233, 350, false), (234, 350, true)]
        {
            assert_eq!(is_quorate(present, convened), expected, "{present}/{convened}");
        }
    }
}

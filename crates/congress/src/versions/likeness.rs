//! How much two texts have in common: the words and the pairs of neighbouring words that both hold. Single words alone
//! would make all texts of one register alike.

/// Words and pairs of words, each by a hash with how often it stands there, ordered by the hash.
pub(super) struct Likeness {
    pub(super) parts: Vec<(u64, u32)>,
    total: u32,
}

impl Likeness {
    pub(super) fn of(folded: &str) -> Self {
        let words: Vec<u64> = folded
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| hashed(SEED, word.bytes()))
            .collect();
        let pairs = words.windows(2).map(|pair| hashed(pair[0], pair[1].to_le_bytes()));
        let mut all: Vec<u64> = pairs.chain(words.iter().copied()).collect();
        all.sort_unstable();
        let mut parts: Vec<(u64, u32)> = Vec::new();
        for part in all {
            match parts.last_mut() {
                Some((last, count)) if *last == part => *count += 1,
                _ => parts.push((part, 1)),
            }
        }
        let total = parts.iter().map(|(_, count)| count).sum();
        Self { parts, total }
    }

    /// From 0, nothing in common, to 1,000, the same words (Sørensen and Dice). Costs as much as the shorter one is
    /// long.
    pub(super) fn with(&self, other: &Self) -> u32 {
        let (short, long) = if self.parts.len() < other.parts.len() { (self, other) } else { (other, self) };
        let held =
            |part: u64| long.parts.binary_search_by_key(&part, |(hash, _)| *hash).map_or(0, |at| long.parts[at].1);
        let shared: u64 = short.parts.iter().map(|(part, count)| u64::from((*count).min(held(*part)))).sum();
        let both = u64::from(self.total) + u64::from(other.total);
        u32::try_from((2_000 * shared).checked_div(both).unwrap_or(0)).unwrap_or(0)
    }

    /// The most that [`Self::with`] could give, by the lengths alone.
    pub(super) fn at_most(&self, other: &Self) -> u32 {
        let (short, both) = (u64::from(self.total.min(other.total)), u64::from(self.total) + u64::from(other.total));
        u32::try_from((2_000 * short).checked_div(both).unwrap_or(0)).unwrap_or(0)
    }
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: the same everywhere and always.
fn hashed(seed: u64, bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_grows_with_what_is_shared_and_is_the_same_from_both_sides() {
        let [whole, edited, half, other] = [
            "dai bieu vang mat bao cao truong doan bang van ban",
            "dai bieu vang mat bao cao truong doan bang mieng",
            "dai bieu vang mat bao cao",
            "nguoi phuc vu khong mang theo thiet bi ghi hinh",
        ]
        .map(Likeness::of);
        assert_eq!(whole.with(&whole), 1_000);
        assert_eq!(whole.with(&other), 0);
        assert!(whole.with(&edited) > 750 && whole.with(&edited) < 1_000, "{}", whole.with(&edited));
        assert!(whole.with(&half) > 600 && whole.with(&half) <= whole.at_most(&half));
        assert_eq!(whole.with(&edited), edited.with(&whole));
        assert_eq!(Likeness::of("").with(&Likeness::of("")), 0);
    }
}

//! Sizes in words: `210 kB`, `1,3 MB`.

use congress::text::number;

pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", number(bytes.div_ceil(1_000))),
        _ => format!("{},{} MB", number(bytes / 1_000_000), bytes % 1_000_000 / 100_000),
    }
}

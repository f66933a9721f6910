//! From a place in a text to the number of its line.

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    /// Number of the first line: a text may be a part of a file.
    first_row: u32,
}

impl Lines {
    pub(crate) fn new(text: &str, first_row: u32) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(after_breaks).collect(), first_row }
    }

    /// The line that holds a byte.
    pub(crate) fn row(&self, byte: usize) -> u32 {
        let before = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        self.first_row.saturating_add(u32::try_from(before).unwrap_or(u32::MAX))
    }
}

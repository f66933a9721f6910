//! Every limit of a congress, each with its reason.

/// Letters of one comment: five printed pages, far beyond what a presidium can take in.
pub const COMMENT_CHARS_MAX: usize = 10_000;
/// Letters of a proposed wording: one printed page.
pub const PROPOSAL_CHARS_MAX: usize = 4_000;
/// Letters of the reason for a redaction or a recall: one sentence that others read.
pub const REASON_CHARS_MAX: usize = 300;
/// Letters quoted from the paragraph that a comment is about.
pub const QUOTE_CHARS_MAX: usize = 400;
/// Minutes that a delegate may ask for; working regulations give 5 to 10 (domain.md T-5).
pub const FLOOR_MINUTES_MAX: u32 = 30;
/// Entries of the floor queue: a province sees 20 to 80 requests (domain.md 7).
pub const QUEUE_ENTRIES_MAX: usize = 300;
/// Facts kept about one person in one session; beyond it someone is playing with a button.
pub const PRESENCE_FACTS_MAX: usize = 50;
/// Letters of one private note.
pub const NOTE_CHARS_MAX: usize = 4_000;
/// Marks of one person: a careful reader of 450 pages sets some hundreds.
pub const MARKS_OF_PERSON_MAX: usize = 2_000;
/// Comments of one person: an eager delegate writes thirty.
pub const COMMENTS_OF_PERSON_MAX: usize = 500;
/// Words that are searched for at once: one sentence that was copied into the box.
pub const SEARCH_TERMS_MAX: usize = 30;
/// Words of texts that a phone keeps for search: four packs of 250,000; at 15 bytes each they fill 15 MB.
pub const SEARCH_WORDS_MAX: usize = 1_000_000;
/// Bytes of attachments that one account keeps on a device: what small phones have to spare (sync.md 2).
pub const FILES_KEPT_BYTES_MAX: u64 = 150 * 1024 * 1024;
/// Attachments above this size wait until every text is there: on a weak line one of them takes as long as all texts.
pub const FILE_LIGHT_BYTES_MAX: u64 = 1024 * 1024;
/// The longest pause between two tries to reach the server (sync.md 6).
pub const FETCH_PAUSE_MS_MAX: u64 = 60_000;
/// The longest pause between two tries of something that comes broken, or that the device does not take: each try may
/// cost megabytes.
pub const FETCH_BROKEN_PAUSE_MS_MAX: u64 = 600_000;
/// Letters of a hash by which a device says that it holds something: 48 bits tell a pack's contents apart.
pub const HELD_MARK_CHARS: usize = 12;

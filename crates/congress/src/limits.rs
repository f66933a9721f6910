//! Every limit of a congress, each with its reason.

/// Letters of one comment: five printed pages, far beyond what a presidium can take in.
pub const COMMENT_CHARS_MAX: usize = 10_000;
/// Letters of a proposed wording: one printed page.
pub const PROPOSAL_CHARS_MAX: usize = 4_000;
/// Letters of the reason for a redaction: one sentence that the author reads.
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

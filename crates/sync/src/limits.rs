//! Every limit of the protocol, each with its reason. Times end in `_ms`, counts in `_max`.

/// Commands in one push: a full evening of offline work of one person fits in one request.
pub const PUSH_COMMANDS_MAX: usize = 50;
/// Bytes of one push: less than ten seconds on a bad mobile link.
pub const PUSH_BYTES_MAX: usize = 256 * 1024;
/// Bytes of one command's payload: three times the longest comment in UTF-8, with its quotation.
pub const COMMAND_BYTES_MAX: usize = 64 * 1024;
/// Length of a command's kind; kinds are short words with a dot.
pub const KIND_BYTES_MAX: usize = 64;
/// Changed rows in one immutable chunk of a scope's log, and the longest tail that is sent inline.
pub const CHUNK_ROWS_MAX: usize = 256;
/// Bytes of a change that travels inside a live event; larger ones are only announced.
pub const LIVE_BYTES_MAX: usize = 8 * 1024;
/// Scopes that one device may ask for: a person holds at most a handful.
pub const SCOPES_MAX: usize = 32;

/// Longest pause after a first failure; doubles with each further one. A pause is drawn between the half and the whole:
/// from 0 on, a device that is unlucky with its draws asks more than 20 times a minute.
pub const RETRY_BASE_MS: u64 = 1_000;
/// Longest pause between two tries. There is no limit of tries.
pub const RETRY_CAP_MS: u64 = 60_000;
/// Longest pause after something new was written while tries fail: a desk scans on without a network.
pub const RETRY_HASTE_MS: u64 = 20_000;
/// Longest pause that a busy server's advice is followed for: a wrong one must not silence a hall.
pub const PAUSE_MAX_MS: u64 = 2 * RETRY_CAP_MS;
/// An answer that has not come by then is counted as lost, whatever the transport says.
pub const ANSWER_WAIT_MS: u64 = 30_000;
/// A live stream without a sign of life for this long is taken for dead (heartbeats come every 15 s).
pub const STREAM_SILENCE_MS: u64 = 45_000;
/// Pull at this pace while no live stream is open.
pub const POLL_MS: u64 = 30_000;
/// Streams that die younger than this count as refused by the network in between.
pub const STREAM_SHORT_MS: u64 = 1_000;
/// After so many short streams the device long-polls instead.
pub const STREAM_SHORT_MAX: u32 = 3;
/// A stream that lived so long was a good one: the next may be opened at once.
pub const STREAM_GOOD_MS: u64 = 30_000;
/// Pause after a long poll: whoever answers at once is still asked calmly.
pub const LONG_POLL_PAUSE_MS: u64 = 5_000;
/// How long a long poll may wait on the server.
pub const LONG_POLL_MS: u64 = 20_000;
/// Answers in a row that may leave a stale base where it is before the next question waits like after a failure: one
/// that was overtaken by news, and one to be sure.
pub const IDLE_PULLS_MAX: u32 = 2;
/// Answers in a row that may lie behind the base (a slow replica, at growing pauses: minutes) before it is begun anew.
pub const BEHIND_PULLS_MAX: u32 = 8;
/// Tombstones are kept so long; a device that was away for longer fetches its scopes anew.
pub const TOMBSTONES_KEEP_MS: u64 = 30 * 24 * 3_600 * 1_000;
/// Accepted commands stay on the device so long, so that phones can refill a server restored from a backup.
pub const SETTLED_KEEP_MS: u64 = 30 * 24 * 3_600 * 1_000;

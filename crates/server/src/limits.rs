//! Every limit of the server, each with its reason. The limits of the protocol stand in `sync::limits`.

use std::time::Duration;

use sync::ids::Timestamp;

/// Pushes that wait for the writer. At some thousand decisions a second this is a wait below one second.
pub const QUEUE_PUSHES_MAX: usize = 1_024;
/// Pushes decided in one commit: one fsync for all of them, and still a short read lock.
pub const GROUP_PUSHES_MAX: usize = 64;
/// Entries read from the store at once, so that a start with a long log needs little memory beside the log itself.
pub const LOG_PAGE_ENTRIES: u32 = 1_000;
/// How often the writer looks for what other processes did (an import, a revocation, what other replicas wrote) and for
/// documents to release. With PostgreSQL most of it is told at once; twice in this time everyone sees it.
pub const POLL_EVERY: Duration = Duration::from_millis(500);
/// How long a pull waits for what its device heard from another replica: a few looks at the database.
pub const CATCH_UP_WAIT: Duration = Duration::from_secs(3);
/// How often a running server forgets what only devices would need that were away for a month.
pub const COMPACT_EVERY_MS: u64 = 24 * 3_600 * 1_000;
/// How long a push waits for its commit before the device is told to come again. The commit may still succeed:
/// the device's next push finds it held.
pub const COMMIT_WAIT: Duration = Duration::from_secs(15);

/// Bytes of an API request other than a push: enrolments and cursors are small.
pub const BODY_BYTES_MAX: usize = 16 * 1_024;
/// A body must have arrived by then: longer than the worst mobile link needs for 256 KB.
pub const BODY_WAIT: Duration = Duration::from_secs(60);
/// Letters of a device's name, as its owner will read it in a list.
pub const LABEL_CHARS_MAX: usize = 80;
/// Letters of the name of a build, as a device reports it.
pub const BUILD_CHARS_MAX: usize = 64;
/// Marks of texts and files by which a device says what it holds: 200 documents with what they changed and three files
/// each; more would not fit into [`BODY_BYTES_MAX`].
pub const HELD_MARKS_MAX: usize = 1_000;
/// The last moment that a browser's clock can show.
pub const TIME_MAX: Timestamp = Timestamp(8_640_000_000_000_000);
/// Devices that one code may serve, at most: a person has a phone, its installed copy, a tablet and a computer.
pub const DEVICES_PER_CODE_MAX: u32 = 20;
/// A token's life in the browser: longer than the preparation and aftermath of a congress.
pub const COOKIE_MAX_AGE_S: u64 = 365 * 24 * 3_600;

/// Enrolment attempts of one address: a whole hall may stand behind one address, and opens its invitations together.
pub const ENROL_BURST: u32 = 2_000;
pub const ENROL_PER_SECOND: u32 = 50;
/// Wrong codes of one address. Codes have 128 bits, so this only keeps noise away from the database.
pub const WRONG_CODES_BURST: u32 = 30;
pub const WRONG_CODES_PER_MINUTE: u32 = 30;
/// Addresses remembered by the limiters before those at rest are forgotten.
pub const ADDRESSES_MAX: usize = 10_000;

/// `last_seen_at` of a device moves at most this often, and is written for all devices together.
pub const SEEN_EVERY_MS: u64 = 60_000;
pub const SEEN_FLUSH_EVERY: Duration = Duration::from_secs(20);

/// Bytes of precompressed answers and attachments kept in memory: a whole pack, not a library, and a third of what a
/// server with a full hall may need.
pub const CACHE_BYTES_MAX: usize = 64 * 1_024 * 1_024;
/// Bytes of one blob. Larger files do not belong on a phone in a hall.
pub const BLOB_BYTES_MAX: usize = 32 * 1_024 * 1_024;
/// Brotli for what is built once and read by hundreds: a fraction of a second for a megabyte.
pub const BROTLI_QUALITY: i32 = 5;
/// Brotli for `index.html`, which is small and built once for each build of the app.
pub const BROTLI_QUALITY_PAGE: i32 = 11;

/// Delegates get at most one event in this time (sync.md 6); the presidium's table gets them at once.
pub const STREAM_CALM: Duration = Duration::from_secs(2);
/// After a look that found nothing for a delegate, the next one waits this long: a busy log is not looked at by every
/// stream at every commit.
pub const STREAM_LOOK: Duration = Duration::from_millis(250);
/// A sign of life on a silent stream; the device's watchdog waits 45 s.
pub const STREAM_HEARTBEAT: Duration = Duration::from_secs(15);
/// Open streams and long polls of one device: two tabs and what lingers after a network change.
pub const STREAMS_PER_DEVICE_MAX: usize = 8;

/// Open files: three connections for each of a few thousand phones, beside the database.
pub const OPEN_FILES_WANTED: u64 = 65_536;
/// Connections that wait to be taken: a whole hall comes back within two seconds of the wifi, and a phone whose
/// connection finds no place tries again after 1, 3, 7, 15 and 31 s. Systems allow 4,096 (`net.core.somaxconn`).
pub const CONNECTIONS_WAITING_MAX: u32 = 4_096;
/// A connection on which nothing is asked for so long is closed. A phone that wakes asks several things within seconds,
/// and then listens to its stream, which is no idle connection.
pub const CONNECTION_IDLE: Duration = Duration::from_secs(15);
/// A silent connection is asked after this time, and again in these steps, whether anybody is there.
pub const TCP_IDLE: Duration = Duration::from_secs(60);
pub const TCP_ASK_EVERY: Duration = Duration::from_secs(15);

/// Seconds after which a device that was turned away may come again, drawn at random between these.
pub const RETRY_AFTER_S: std::ops::RangeInclusive<u64> = 1..=5;
/// How long a stopping server waits for requests that are under way.
pub const SHUTDOWN_WAIT: Duration = Duration::from_secs(5);

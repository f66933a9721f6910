//! What may go wrong, how often, and the wrong designs that the hall must notice.

macro_rules! faults {
    ($($name:ident $text:literal $times:literal,)*) => {
        /// One kind of trouble.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Fault { $($name),* }

        impl Fault {
            pub const ALL: &[Fault] = &[$(Fault::$name),*];

            pub fn text(self) -> &'static str {
                match self { $(Fault::$name => $text),* }
            }

            /// How often it strikes, in ten thousand chances.
            pub fn times(self) -> u64 {
                match self { $(Fault::$name => $times),* }
            }
        }
    };
}

faults! {
    // The network, per message.
    RequestLost "request lost" 500,
    AnswerLost "answer lost after commit" 500,
    RequestTwice "request twice" 300,
    AnswerLate "answer late, up to 10 min" 300,
    Reordered "reordered" 500,
    Error500 "500" 100,
    Busy503 "503" 100,
    TooMany429 "429" 100,
    TooLarge413 "413" 30,
    CaptivePortal "captive portal" 100,
    StaleAnswer "stale cached answer" 100,
    DamagedBody "body cut or flipped" 50,
    StreamRefused "stream refused" 500,
    // The network, per step.
    Partition "partition" 200,
    StreamCut "stream cut" 200,
    // The device, per step.
    AppKilled "app killed" 200,
    PowerLoss "power loss" 50,
    CacheEvicted "cache evicted" 30,
    StorageEvicted "all storage evicted" 10,
    OlderCopy "ledger from an older copy" 20,
    SecondTab "second tab" 200,
    FrozenTab "frozen tab" 200,
    ClockJump "clock jump" 100,
    DeviceRevoked "401" 20,
    UserSwitched "user switched" 200,
    OldApp "426" 50,
    StorageDead "storage dead" 100,
    Quota "quota" 50,
    // The device, per write.
    KilledBetween "killed between two writes" 20,
    AppendAborted "append aborted" 100,
    AppendHung "append hung and done" 100,
    LedgerWriteFailed "ledger write failed" 100,
    CacheWriteFailed "cache write failed" 100,
    // The server: per step, and between any two statements of a push.
    ServerKilled "server killed" 50,
    KilledAtStatement "server killed between statements" 100,
    DiskFull "disk full" 20,
    CommitUnknown "commit done and reported as failed" 50,
    ServerPowerLoss "server power loss" 50,
    ServerRestored "server restored" 20,
    ServerUpdated "server of another version" 100,
    Replica "two server processes" 10_000,
    Compacted "log compacted" 50,
    RoleChanged "role changed" 100,
    // No fault, and asks no chance: so that halls without it go as they went before.
    Redaction "comment hidden for privacy" 10_000,
}

/// A set of faults, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Faults(pub u64);

impl Faults {
    /// A random half.
    pub fn half(bits: u64) -> Self {
        Self(bits & ((1 << Fault::ALL.len()) - 1))
    }

    pub fn of(faults: &[Fault]) -> Self {
        Self(faults.iter().fold(0, |bits, fault| bits | 1 << *fault as u64))
    }

    pub fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u64) != 0
    }

    pub fn without(self, fault: Fault) -> Self {
        Self(self.0 & !(1 << fault as u64))
    }
}

/// A known wrong design, switched on to see that the hall notices.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sabotage {
    /// A command leaves the ledger when it is sent.
    RemoveThenSend,
    /// The server answers before it has stored.
    AnswerWithoutStoring,
    /// The cursor goes into the cache before the rows, in a transaction of its own.
    CursorBeforeRows,
    /// Numbers are given by a sequence: they become visible in another order.
    GsnFromSequence,
    /// A commit is in the page cache and not on disk.
    SynchronousNormal,
    /// A refusal by HTTP status is taken for a verdict.
    DropOnClientError,
    /// Three tries are enough.
    GiveUpAfterRetries,
    /// One epoch for all verdicts of a ledger.
    EpochOfLedger,
    /// Whoever has the cookie has written it.
    CookieDecides,
}

impl Sabotage {
    pub const ALL: [Sabotage; 9] = [
        Self::RemoveThenSend,
        Self::AnswerWithoutStoring,
        Self::CursorBeforeRows,
        Self::GsnFromSequence,
        Self::SynchronousNormal,
        Self::DropOnClientError,
        Self::GiveUpAfterRetries,
        Self::EpochOfLedger,
        Self::CookieDecides,
    ];
}

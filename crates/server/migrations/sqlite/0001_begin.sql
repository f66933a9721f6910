-- The log and its numbers. `head` is the gsn of the last entry; a writer locks this row before it decides.
-- `access_rev` counts revocations, so that a running server notices those made by the command line.
CREATE TABLE congress (
    id TEXT PRIMARY KEY,
    epoch TEXT NOT NULL,
    head BIGINT NOT NULL,
    access_rev BIGINT NOT NULL,
    badge_secret BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

-- `entry` is the JSON of sync::server::LogEntry and the only truth; the other columns are for looking things up.
CREATE TABLE log (
    congress TEXT NOT NULL REFERENCES congress (id),
    gsn BIGINT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT,
    client TEXT,
    seq BIGINT NOT NULL,
    command_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    is_repeat INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (congress, gsn)
);

-- The last line of defence of "exactly once": whatever the program believes, a command is decided once.
CREATE UNIQUE INDEX log_command ON log (congress, command_id) WHERE is_repeat = 0;
CREATE UNIQUE INDEX log_client_seq ON log (congress, client, seq) WHERE client IS NOT NULL;

CREATE TABLE clients (
    congress TEXT NOT NULL REFERENCES congress (id),
    client TEXT NOT NULL,
    person TEXT NOT NULL,
    last_seq BIGINT NOT NULL,
    PRIMARY KEY (congress, client)
);

-- Only the SHA-256 of a code or a token is kept, as lower-case hexadecimal digits.
CREATE TABLE enrolments (
    congress TEXT NOT NULL REFERENCES congress (id),
    code_hash TEXT NOT NULL,
    person TEXT NOT NULL,
    devices_max INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (congress, code_hash)
);
CREATE UNIQUE INDEX enrolments_code ON enrolments (code_hash);
CREATE INDEX enrolments_person ON enrolments (congress, person);

CREATE TABLE devices (
    congress TEXT NOT NULL REFERENCES congress (id),
    person TEXT NOT NULL,
    device_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    enrolment TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (congress, person, device_id),
    FOREIGN KEY (congress, enrolment) REFERENCES enrolments (congress, code_hash)
);
CREATE UNIQUE INDEX devices_token ON devices (congress, token_hash);
CREATE INDEX devices_enrolment ON devices (congress, enrolment);

CREATE TABLE blobs (
    congress TEXT NOT NULL REFERENCES congress (id),
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (congress, sha256)
);

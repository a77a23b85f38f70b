-- The tamper-evident log. Package audit owns these tables; its doc.go has the
-- canonical format.

-- Entries as they were written. A row changes once at most: a pruned entry has a
-- hash and the id of the entry that says so in place of its sealed part, its key
-- and its subject. Verify sees to what SQLite checks here as well: PostgreSQL reads a
-- CHECK anew in each statement, and this is the table that everything writes to.
CREATE TABLE audit_entry (
    id       BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    kind     BIGINT NOT NULL,
    subject  BIGINT,
    seal_key BIGINT,
    public   BYTEA NOT NULL,
    sealed   BYTEA,
    hash     BYTEA,
    pruned   BIGINT
);

-- Entries that have no place in the order yet: a row for each commit, with the id
-- and the subject (0: nobody) of each entry, eight bytes each, big-endian. Its own
-- id is the greatest of theirs: who reads backward by it knows what can still come. Every row
-- leaves again, so the table is vacuumed by count, not by share.
CREATE TABLE audit_pending (
    id      BIGINT PRIMARY KEY,
    entries BYTEA NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- The entries about a subject, by time: those that have their place.
CREATE TABLE audit_own (
    subject BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    PRIMARY KEY (subject, at, id)
);

-- The order: the n entries with ids from id on have the numbers from seq on.
CREATE TABLE audit_run (
    seq BIGINT PRIMARY KEY,
    id  BIGINT NOT NULL UNIQUE,
    n   BIGINT NOT NULL,
    CHECK (seq >= 0 AND n > 0)
);

-- C2SP tlog-tiles of height 8. The partial tile at the end of a level is overwritten.
CREATE TABLE audit_tile (
    level  BIGINT NOT NULL,
    n      BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, n)
);

-- Hashes cannot be compressed: do not try.
ALTER TABLE audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- The last checkpoint of each UTC day; the greatest day has the newest.
CREATE TABLE audit_checkpoint (
    day  BIGINT PRIMARY KEY,
    size BIGINT NOT NULL,
    note BYTEA NOT NULL
);

-- Entries by the control they are evidence for and the UTC day they tell of.
CREATE TABLE audit_count (
    control  TEXT NOT NULL,
    day      BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    PRIMARY KEY (control, day)
);

-- The same since the log began, so that a board reads one row a control.
CREATE TABLE audit_total (
    control   TEXT PRIMARY KEY,
    n         BIGINT NOT NULL,
    first_day BIGINT NOT NULL,
    last_day  BIGINT NOT NULL,
    last_seq  BIGINT NOT NULL
);

-- Where the sequencer stands.
CREATE TABLE audit_state (
    one    BIGINT PRIMARY KEY CHECK (one = 1),
    size   BIGINT NOT NULL,
    fence  BIGINT NOT NULL,
    signer TEXT NOT NULL
);

INSERT INTO audit_state (one, size, fence, signer) VALUES (1, 0, 0, '');

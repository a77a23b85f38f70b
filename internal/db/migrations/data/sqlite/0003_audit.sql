-- The tamper-evident log. Package audit owns these tables; its doc.go has the
-- canonical format.

-- Entries as they were written. A row changes once at most: a pruned entry has a
-- hash and the id of the entry that says so in place of its sealed part, its key
-- and its subject.
CREATE TABLE audit_entry (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    subject  INTEGER,
    seal_key INTEGER,
    public   BLOB NOT NULL,
    sealed   BLOB,
    hash     BLOB,
    pruned   INTEGER,
    CHECK (sealed IS NULL OR hash IS NULL),
    CHECK ((hash IS NULL) = (pruned IS NULL))
) STRICT;

-- Entries that have no place in the order yet: a row for each commit, with the id
-- and the subject (0: nobody) of each entry, eight bytes each, big-endian. Its own
-- id is the greatest of theirs: who reads backward by it knows what can still come.
CREATE TABLE audit_pending (
    id      INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;

-- The entries about a subject, by time: those that have their place.
CREATE TABLE audit_own (
    subject INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    id      INTEGER NOT NULL,
    PRIMARY KEY (subject, at, id)
) STRICT, WITHOUT ROWID;

-- The order: the n entries with ids from id on have the numbers from seq on.
CREATE TABLE audit_run (
    seq INTEGER PRIMARY KEY,
    id  INTEGER NOT NULL UNIQUE,
    n   INTEGER NOT NULL,
    CHECK (seq >= 0 AND n > 0)
) STRICT;

-- C2SP tlog-tiles of height 8. The partial tile at the end of a level is overwritten.
CREATE TABLE audit_tile (
    level  INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, n)
) STRICT;

-- The last checkpoint of each UTC day; the greatest day has the newest.
CREATE TABLE audit_checkpoint (
    day  INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    note BLOB NOT NULL
) STRICT;

-- Entries by the control they are evidence for and the UTC day they tell of.
CREATE TABLE audit_count (
    control  TEXT NOT NULL,
    day      INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (control, day)
) STRICT, WITHOUT ROWID;

-- The same since the log began, so that a board reads one row a control.
CREATE TABLE audit_total (
    control   TEXT PRIMARY KEY,
    n         INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL
) STRICT;

-- Where the sequencer stands.
CREATE TABLE audit_state (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    size   INTEGER NOT NULL,
    fence  INTEGER NOT NULL,
    signer TEXT NOT NULL
) STRICT;

INSERT INTO audit_state (one, size, fence, signer) VALUES (1, 0, 0, '');

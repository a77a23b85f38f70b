-- The business changing hands. Package succession owns these. Nothing in them is
-- personal but the numbers of subjects, which go when everything of one is erased.
CREATE TABLE succession (
	num         INTEGER PRIMARY KEY,
	id          TEXT    NOT NULL UNIQUE,  -- trf_…
	kind        TEXT    NOT NULL CHECK (kind IN ('merger', 'takeover', 'sale', 'reorganisation', 'bankruptcy')),
	recipient   INTEGER NOT NULL,
	items       BLOB    NOT NULL,         -- item numbers, two bytes each, big-endian
	purposes    BLOB    NOT NULL,         -- purpose numbers, the same way
	changed     BLOB    NOT NULL,         -- those of them that are new to the person
	document    TEXT    NOT NULL,
	state       TEXT    NOT NULL CHECK (state IN ('open', 'ready', 'done', 'cancelled')),
	version     INTEGER NOT NULL,         -- of the policy, when it was made ready; 0 before
	people      INTEGER NOT NULL,         -- counted when it was opened
	moved       INTEGER NOT NULL,         -- whose data was handed over
	hash        BLOB,                     -- SHA-256 of what was handed over
	recorded_by TEXT    NOT NULL,
	opened      INTEGER NOT NULL,
	ended       INTEGER
) STRICT;

CREATE INDEX succession_open ON succession (recipient, num) WHERE ended IS NULL;

-- The messages by which people were told.
CREATE TABLE succession_notice (
	succession INTEGER NOT NULL,
	message    INTEGER NOT NULL,
	PRIMARY KEY (succession, message)
) STRICT, WITHOUT ROWID;

-- Which duty of which version was accepted.
CREATE TABLE succession_duty (
	succession  INTEGER NOT NULL,
	version     INTEGER NOT NULL,
	clause      TEXT    NOT NULL,
	document    TEXT    NOT NULL,
	recorded_by TEXT    NOT NULL,
	at          INTEGER NOT NULL,
	PRIMARY KEY (succession, version, clause)
) STRICT, WITHOUT ROWID;

-- What was said to and by one person, beside the messages.
CREATE TABLE succession_word (
	succession INTEGER NOT NULL,
	subject    INTEGER NOT NULL,
	kind       TEXT    NOT NULL CHECK (kind IN ('told', 'objected')),
	how        TEXT    NOT NULL,
	at         INTEGER NOT NULL,
	PRIMARY KEY (subject, succession, kind)
) STRICT, WITHOUT ROWID;

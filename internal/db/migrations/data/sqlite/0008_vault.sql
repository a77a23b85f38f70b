-- One row holds the short values of one retention class that were given
-- together, sealed as one under one key.
CREATE TABLE vault_row (
	subject INTEGER NOT NULL,
	id      INTEGER NOT NULL,
	class   INTEGER NOT NULL,
	bucket  INTEGER NOT NULL,                   -- period of a rolling class, or 0
	key     INTEGER NOT NULL,                   -- in the keys store
	items   BLOB    NOT NULL,                   -- item numbers, two bytes each, big-endian
	point   TEXT    NOT NULL,                   -- collection point
	source  TEXT    NOT NULL DEFAULT '',        -- partner:NAME who passed it on, law:CITE that asks for it, or ''
	at      INTEGER NOT NULL,
	due     INTEGER,                            -- end of retention, where it is already known
	sealed  BLOB    NOT NULL,
	PRIMARY KEY (subject, id)
) STRICT; -- with rowids: without them every row above a kilobyte would take a page of its own besides

-- All rows of a day end at the same time, so the order within it is in the index: that
-- of their coming, so that a new row goes where the last one went.
CREATE INDEX vault_row_due ON vault_row (class, due, id) WHERE due IS NOT NULL;

-- The intent of an erasure or a correction that has begun: which keys die. The
-- rows they sealed are gone by the same act, unless they are many. A row of this
-- table is removed when its key is dead and the log says so.
-- A CHECK names no more than two values at once: of three and more, SQLite makes an
-- index in memory each time the column is written.
CREATE TABLE vault_erasure (
	subject INTEGER NOT NULL,
	key     INTEGER NOT NULL,
	class   INTEGER NOT NULL,
	scope   TEXT    NOT NULL CHECK (scope IN ('everything', 'item') OR scope IN ('class', 'replaced')),
	item    INTEGER NOT NULL,                   -- for scope item, else 0
	request TEXT    NOT NULL,                   -- the request behind it, or ''
	marks   BLOB    NOT NULL,                   -- keyed hashes of the identifiers, for the journal: 32 bytes each
	at      INTEGER NOT NULL,
	PRIMARY KEY (subject, key)
) STRICT, WITHOUT ROWID;

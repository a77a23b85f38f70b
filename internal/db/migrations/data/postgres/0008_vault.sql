-- One row holds the short values of one retention class that were given
-- together, sealed as one under one key.
CREATE TABLE vault_row (
	subject BIGINT NOT NULL,
	id      BIGINT NOT NULL,
	class   BIGINT NOT NULL,
	bucket  BIGINT NOT NULL,                   -- period of a rolling class, or 0
	key     BIGINT NOT NULL,                   -- in the keys store
	items   BYTEA    NOT NULL,                   -- item numbers, two bytes each, big-endian
	point   TEXT    NOT NULL,                   -- collection point
	source  TEXT    NOT NULL DEFAULT '',        -- partner:NAME who passed it on, law:CITE that asks for it, or ''
	at      BIGINT NOT NULL,
	due     BIGINT,                            -- end of retention, where it is already known
	sealed  BYTEA    NOT NULL,
	PRIMARY KEY (subject, id)
);

-- All rows of a day end at the same time, so the order within it is in the index: that
-- of their coming, so that a new row goes where the last one went.
CREATE INDEX vault_row_due ON vault_row (class, due, id) WHERE due IS NOT NULL;

-- The intent of an erasure or a correction that has begun: which keys die. The
-- rows they sealed are gone by the same act, unless they are many. A row of this
-- table is removed when its key is dead and the log says so.
CREATE TABLE vault_erasure (
	subject BIGINT NOT NULL,
	key     BIGINT NOT NULL,
	class   BIGINT NOT NULL,
	scope   TEXT    NOT NULL CHECK (scope IN ('item', 'class', 'everything', 'replaced')),
	item    BIGINT NOT NULL,                   -- for scope item, else 0
	request TEXT    NOT NULL,                   -- the request behind it, or ''
	marks   BYTEA   NOT NULL,                   -- keyed hashes of the identifiers, for the journal: 32 bytes each
	at      BIGINT NOT NULL,
	PRIMARY KEY (subject, key)
);

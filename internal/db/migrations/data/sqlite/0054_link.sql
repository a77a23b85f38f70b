-- Addresses outside the platform that people are led to. Package link owns these.
CREATE TABLE link_external (
	id          INTEGER PRIMARY KEY,
	under       TEXT    NOT NULL,         -- what the policy excludes it under
	title       TEXT    NOT NULL,
	url         TEXT    NOT NULL,
	terms       TEXT    NOT NULL,         -- where that party's own policy stands
	recorded_by TEXT    NOT NULL,
	at          INTEGER NOT NULL,
	ended       INTEGER,
	left_by     INTEGER NOT NULL DEFAULT 0 -- how often somebody was told and went on
) STRICT;

CREATE UNIQUE INDEX link_external_url ON link_external (url) WHERE ended IS NULL;

-- What came of calling an address.
CREATE TABLE link_call (
	id      INTEGER PRIMARY KEY,
	target  TEXT    NOT NULL,             -- recipient/NAME or link/NUMBER
	url     TEXT    NOT NULL,
	outcome TEXT    NOT NULL,
	status  INTEGER NOT NULL,             -- of HTTP; 0: none came
	at      INTEGER NOT NULL,
	entry   INTEGER NOT NULL
) STRICT;

CREATE INDEX link_call_target ON link_call (target, id);

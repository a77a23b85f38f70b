-- Addresses outside the platform that people are led to. Package link owns these.
CREATE TABLE link_external (
	id          BIGINT PRIMARY KEY,
	under       TEXT    NOT NULL,         -- what the policy excludes it under
	title       TEXT    NOT NULL,
	url         TEXT    NOT NULL,
	terms       TEXT    NOT NULL,         -- where that party's own policy stands
	recorded_by TEXT    NOT NULL,
	at          BIGINT NOT NULL,
	ended       BIGINT,
	left_by     BIGINT NOT NULL DEFAULT 0 -- how often somebody was told and went on
);

CREATE UNIQUE INDEX link_external_url ON link_external (url) WHERE ended IS NULL;

-- What came of calling an address.
CREATE TABLE link_call (
	id      BIGINT PRIMARY KEY,
	target  TEXT    NOT NULL,             -- recipient/NAME or link/NUMBER
	url     TEXT    NOT NULL,
	outcome TEXT    NOT NULL,
	status  BIGINT NOT NULL,             -- of HTTP; 0: none came
	at      BIGINT NOT NULL,
	entry   BIGINT NOT NULL
);

CREATE INDEX link_call_target ON link_call (target, id);

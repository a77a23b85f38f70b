-- Cases of people who write, call or come. Package contact owns these. What is
-- personal stands in the events, sealed under the key of the case.
CREATE TABLE contact_case (
	num      BIGINT PRIMARY KEY,             -- from the same numbers as subjects, so that keys can be bound to it
	id       TEXT NOT NULL UNIQUE,        -- case_…
	kind     TEXT NOT NULL CHECK (kind IN ('question', 'comment', 'opinion', 'suggestion', 'complaint', 'leak', 'child')),
	topic    TEXT NOT NULL CHECK (topic IN ('policy', 'data', 'account', 'other')),
	channel  TEXT NOT NULL,
	state    TEXT NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
	owner    TEXT NOT NULL,               -- name of the role whose turn it is
	subject  BIGINT NOT NULL,                -- 0: nobody is known
	first    TEXT NOT NULL,               -- the case that did not satisfy; '' for none
	seal_key BIGINT NOT NULL,
	class    BIGINT NOT NULL,                -- of the key, where it is bound to the subject; else 0
	language TEXT NOT NULL,
	turns    BIGINT NOT NULL,                -- how many events there are
	received BIGINT NOT NULL,
	due      BIGINT,                         -- NULL: no rule sets one
	rule     TEXT NOT NULL,
	cite     TEXT NOT NULL,
	latest   BIGINT,                         -- until when it may be extended
	reason   TEXT NOT NULL,               -- code: why the answer takes longer
	replied  BIGINT,
	late     BIGINT NOT NULL CHECK (late IN (0, 1)),
	ended    BIGINT,
	outcome  TEXT NOT NULL,
	gone     BIGINT                          -- when the key died
);

CREATE INDEX contact_case_open ON contact_case (due, num) WHERE state = 'open';
CREATE INDEX contact_case_state ON contact_case (state, num);
CREATE INDEX contact_case_subject ON contact_case (subject, num);
CREATE INDEX contact_case_kept ON contact_case (ended, num) WHERE gone IS NULL AND ended IS NOT NULL;

CREATE TABLE contact_event (
	num    BIGINT NOT NULL,
	turn   BIGINT NOT NULL,                  -- from 1
	entry  BIGINT NOT NULL,                  -- the log entry that proves it
	at     BIGINT NOT NULL,
	kind   TEXT NOT NULL,                 -- of the log entry
	actor  TEXT NOT NULL CHECK (actor IN ('person', 'staff', 'machine')),
	note   TEXT NOT NULL,                 -- a code; nothing personal
	sealed BYTEA,                          -- NULL: nothing was written, or the key is dead
	PRIMARY KEY (num, turn)
);

-- Cases of people who write, call or come. Package contact owns these. What is
-- personal stands in the events, sealed under the key of the case.
CREATE TABLE contact_case (
	num      INTEGER PRIMARY KEY,             -- from the same numbers as subjects, so that keys can be bound to it
	id       TEXT NOT NULL UNIQUE,        -- case_…
	kind     TEXT NOT NULL CHECK (kind IN ('question', 'comment', 'opinion', 'suggestion', 'complaint', 'leak', 'child')),
	topic    TEXT NOT NULL CHECK (topic IN ('policy', 'data', 'account', 'other')),
	channel  TEXT NOT NULL,
	state    TEXT NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
	owner    TEXT NOT NULL,               -- name of the role whose turn it is
	subject  INTEGER NOT NULL,                -- 0: nobody is known
	first    TEXT NOT NULL,               -- the case that did not satisfy; '' for none
	seal_key INTEGER NOT NULL,
	class    INTEGER NOT NULL,                -- of the key, where it is bound to the subject; else 0
	language TEXT NOT NULL,
	turns    INTEGER NOT NULL,                -- how many events there are
	received INTEGER NOT NULL,
	due      INTEGER,                         -- NULL: no rule sets one
	rule     TEXT NOT NULL,
	cite     TEXT NOT NULL,
	latest   INTEGER,                         -- until when it may be extended
	reason   TEXT NOT NULL,               -- code: why the answer takes longer
	replied  INTEGER,
	late     INTEGER NOT NULL CHECK (late IN (0, 1)),
	ended    INTEGER,
	outcome  TEXT NOT NULL,
	gone     INTEGER                          -- when the key died
) STRICT;

CREATE INDEX contact_case_open ON contact_case (due, num) WHERE state = 'open';
CREATE INDEX contact_case_state ON contact_case (state, num);
CREATE INDEX contact_case_subject ON contact_case (subject, num);
CREATE INDEX contact_case_kept ON contact_case (ended, num) WHERE gone IS NULL AND ended IS NOT NULL;

CREATE TABLE contact_event (
	num    INTEGER NOT NULL,
	turn   INTEGER NOT NULL,                  -- from 1
	entry  INTEGER NOT NULL,                  -- the log entry that proves it
	at     INTEGER NOT NULL,
	kind   TEXT NOT NULL,                 -- of the log entry
	actor  TEXT NOT NULL CHECK (actor IN ('person', 'staff', 'machine')),
	note   TEXT NOT NULL,                 -- a code; nothing personal
	sealed BLOB,                          -- NULL: nothing was written, or the key is dead
	PRIMARY KEY (num, turn)
) STRICT, WITHOUT ROWID;

-- What happens when personal data was lost, changed, taken or seen. Package incident
-- owns these. They hold nothing personal: people by their number.
CREATE TABLE incident (
	num        INTEGER PRIMARY KEY,
	id         TEXT NOT NULL UNIQUE,   -- inc_…
	kind       TEXT NOT NULL CHECK (kind IN ('leak', 'access', 'account', 'loss', 'alteration')),
	level      TEXT NOT NULL CHECK (level IN ('highest', 'high', 'ordinary')),
	state      TEXT NOT NULL CHECK (state IN ('open', 'closed')),
	owner      TEXT NOT NULL,          -- name of the role that leads
	report     TEXT NOT NULL,          -- the case that reported it; '' for none
	touched    TEXT NOT NULL,          -- JSON: what was touched
	happened   TEXT NOT NULL,          -- what people are told
	advice     TEXT NOT NULL,          -- what they can do
	language   TEXT NOT NULL,
	turns      INTEGER NOT NULL,           -- how often it was changed
	discovered INTEGER NOT NULL,
	declared   INTEGER NOT NULL,
	charge     TEXT NOT NULL,          -- id of the staff who leads; '' for nobody yet
	found      INTEGER,                    -- when it was last looked for whom it concerns
	telling    INTEGER,                    -- when the letters were ordered
	ended      INTEGER
) STRICT;

CREATE INDEX incident_state ON incident (state, num);

CREATE TABLE incident_measure (
	num    INTEGER NOT NULL,
	no     INTEGER NOT NULL,               -- from 1
	what   TEXT NOT NULL,
	owner  TEXT NOT NULL,              -- name of a role
	opened INTEGER NOT NULL,
	done   INTEGER,
	staff  TEXT NOT NULL,              -- id of who did it
	note   TEXT NOT NULL,
	PRIMARY KEY (num, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_clock (
	num    INTEGER NOT NULL,
	no     INTEGER NOT NULL,               -- from 1
	duty   TEXT NOT NULL CHECK (duty IN ('plan', 'authority', 'people')),
	law    TEXT NOT NULL,              -- '' for none
	began  INTEGER NOT NULL,
	due    INTEGER,                        -- NULL: at once
	rule   TEXT NOT NULL,
	cite   TEXT NOT NULL,
	done   INTEGER,
	late   INTEGER NOT NULL CHECK (late IN (0, 1)),
	warned INTEGER,
	note   TEXT NOT NULL,
	PRIMARY KEY (num, no)
) STRICT, WITHOUT ROWID;

CREATE INDEX incident_clock_due ON incident_clock (due, num, no) WHERE done IS NULL;

CREATE TABLE incident_person (
	num     INTEGER NOT NULL,
	subject INTEGER NOT NULL,
	found   INTEGER NOT NULL,
	state   TEXT NOT NULL CHECK (state IN ('waiting', 'told', 'unreachable', 'gone')),
	told    INTEGER,
	entry   INTEGER,                       -- the log entry that proves it
	PRIMARY KEY (num, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX incident_person_waiting ON incident_person (num, subject) WHERE state = 'waiting';

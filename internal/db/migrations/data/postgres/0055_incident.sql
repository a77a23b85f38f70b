-- What happens when personal data was lost, changed, taken or seen. Package incident
-- owns these. They hold nothing personal: people by their number.
CREATE TABLE incident (
	num        BIGINT PRIMARY KEY,
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
	turns      BIGINT NOT NULL,           -- how often it was changed
	discovered BIGINT NOT NULL,
	declared   BIGINT NOT NULL,
	charge     TEXT NOT NULL,          -- id of the staff who leads; '' for nobody yet
	found      BIGINT,                    -- when it was last looked for whom it concerns
	telling    BIGINT,                    -- when the letters were ordered
	ended      BIGINT
);

CREATE INDEX incident_state ON incident (state, num);

CREATE TABLE incident_measure (
	num    BIGINT NOT NULL,
	no     BIGINT NOT NULL,               -- from 1
	what   TEXT NOT NULL,
	owner  TEXT NOT NULL,              -- name of a role
	opened BIGINT NOT NULL,
	done   BIGINT,
	staff  TEXT NOT NULL,              -- id of who did it
	note   TEXT NOT NULL,
	PRIMARY KEY (num, no)
);

CREATE TABLE incident_clock (
	num    BIGINT NOT NULL,
	no     BIGINT NOT NULL,               -- from 1
	duty   TEXT NOT NULL CHECK (duty IN ('plan', 'authority', 'people')),
	law    TEXT NOT NULL,              -- '' for none
	began  BIGINT NOT NULL,
	due    BIGINT,                        -- NULL: at once
	rule   TEXT NOT NULL,
	cite   TEXT NOT NULL,
	done   BIGINT,
	late   BIGINT NOT NULL CHECK (late IN (0, 1)),
	warned BIGINT,
	note   TEXT NOT NULL,
	PRIMARY KEY (num, no)
);

CREATE INDEX incident_clock_due ON incident_clock (due, num, no) WHERE done IS NULL;

CREATE TABLE incident_person (
	num     BIGINT NOT NULL,
	subject BIGINT NOT NULL,
	found   BIGINT NOT NULL,
	state   TEXT NOT NULL CHECK (state IN ('waiting', 'told', 'unreachable', 'gone')),
	told    BIGINT,
	entry   BIGINT,                       -- the log entry that proves it
	PRIMARY KEY (num, subject)
);

CREATE INDEX incident_person_waiting ON incident_person (num, subject) WHERE state = 'waiting';

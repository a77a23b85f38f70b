-- The business changing hands. Package succession owns these. Nothing in them is
-- personal but the numbers of subjects, which go when everything of one is erased.
CREATE TABLE succession (
	num         BIGINT PRIMARY KEY,
	id          TEXT    NOT NULL UNIQUE,  -- trf_…
	kind        TEXT    NOT NULL CHECK (kind IN ('merger', 'takeover', 'sale', 'reorganisation', 'bankruptcy')),
	recipient   BIGINT NOT NULL,
	items       BYTEA   NOT NULL,         -- item numbers, two bytes each, big-endian
	purposes    BYTEA   NOT NULL,         -- purpose numbers, the same way
	changed     BYTEA   NOT NULL,         -- those of them that are new to the person
	document    TEXT    NOT NULL,
	state       TEXT    NOT NULL CHECK (state IN ('open', 'ready', 'done', 'cancelled')),
	version     BIGINT NOT NULL,         -- of the policy, when it was made ready; 0 before
	people      BIGINT NOT NULL,         -- counted when it was opened
	moved       BIGINT NOT NULL,         -- whose data was handed over
	hash        BYTEA,                     -- SHA-256 of what was handed over
	recorded_by TEXT    NOT NULL,
	opened      BIGINT NOT NULL,
	ended       BIGINT
);

CREATE INDEX succession_open ON succession (recipient, num) WHERE ended IS NULL;

-- The messages by which people were told.
CREATE TABLE succession_notice (
	succession BIGINT NOT NULL,
	message    BIGINT NOT NULL,
	PRIMARY KEY (succession, message)
);

-- Which duty of which version was accepted.
CREATE TABLE succession_duty (
	succession  BIGINT NOT NULL,
	version     BIGINT NOT NULL,
	clause      TEXT    NOT NULL,
	document    TEXT    NOT NULL,
	recorded_by TEXT    NOT NULL,
	at          BIGINT NOT NULL,
	PRIMARY KEY (succession, version, clause)
);

-- What was said to and by one person, beside the messages.
CREATE TABLE succession_word (
	succession BIGINT NOT NULL,
	subject    BIGINT NOT NULL,
	kind       TEXT    NOT NULL CHECK (kind IN ('told', 'objected')),
	how        TEXT    NOT NULL,
	at         BIGINT NOT NULL,
	PRIMARY KEY (subject, succession, kind)
);

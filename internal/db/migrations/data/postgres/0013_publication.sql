CREATE TABLE policy_version (
	num     BIGINT PRIMARY KEY,                -- what log entries call it
	follows BIGINT  NOT NULL UNIQUE,           -- number of the one before it, 0: there was none; so nobody publishes over another
	version TEXT    NOT NULL,                   -- hash of source, law packs and calendars; a text may come back
	label   TEXT    NOT NULL,
	made    BIGINT NOT NULL,                   -- published
	since   BIGINT NOT NULL,                   -- in force from here on
	numbers BYTEA    NOT NULL,                   -- every name's number up to this version, as JSON
	source  BYTEA    NOT NULL,                   -- the policy file
	reason  TEXT    NOT NULL,                   -- codes, parted by blanks: why it was written; '' for the first
	weight  TEXT    NOT NULL,                   -- technical, minor, major; '' for the first
	again   BIGINT NOT NULL CHECK (again IN (0, 1)),   -- people accept it again
	keeps   BIGINT NOT NULL CHECK (keeps IN (0, 1))    -- it gives fewer rights, and the old ones stay for who does not consent
);

-- The version that is published for a time to come: one at most follows another.
CREATE TABLE policy_plan (
	num     BIGINT PRIMARY KEY,                -- what log entries will call it
	follows BIGINT NOT NULL UNIQUE,            -- number of the version that it takes the place of
	version TEXT    NOT NULL,
	label   TEXT    NOT NULL,
	since   BIGINT NOT NULL,                   -- when it takes effect, at the soonest
	lead    TEXT    NOT NULL,                   -- how long people know before; '' for no time
	reason  TEXT    NOT NULL,
	weight  TEXT    NOT NULL,
	again   BIGINT NOT NULL CHECK (again IN (0, 1)),
	keeps   BIGINT NOT NULL CHECK (keeps IN (0, 1)),
	made    BIGINT NOT NULL,
	told    BIGINT,                            -- when the notices of its change were out; NULL: they are not
	source  BYTEA    NOT NULL
);

-- When the policy was shown before anything was collected. No row says to whom.
CREATE TABLE policy_shown (
	id       TEXT    PRIMARY KEY,
	version  BIGINT NOT NULL,                 -- number of the version that was shown
	surface  TEXT    NOT NULL,
	language TEXT    NOT NULL,
	at       BIGINT NOT NULL,
	entry    BIGINT NOT NULL
);

CREATE TABLE policy_version (
	num     INTEGER PRIMARY KEY,                -- what log entries call it
	follows INTEGER NOT NULL UNIQUE,            -- number of the one before it, 0: there was none; so nobody publishes over another
	version TEXT    NOT NULL,                   -- hash of source, law packs and calendars; a text may come back
	label   TEXT    NOT NULL,
	made    INTEGER NOT NULL,                   -- published
	since   INTEGER NOT NULL,                   -- in force from here on
	numbers BLOB    NOT NULL,                   -- every name's number up to this version, as JSON
	source  BLOB    NOT NULL,                   -- the policy file
	reason  TEXT    NOT NULL,                   -- codes, parted by blanks: why it was written; '' for the first
	weight  TEXT    NOT NULL,                   -- technical, minor, major; '' for the first
	again   INTEGER NOT NULL CHECK (again IN (0, 1)),   -- people accept it again
	keeps   INTEGER NOT NULL CHECK (keeps IN (0, 1))    -- it gives fewer rights, and the old ones stay for who does not consent
) STRICT;

-- The version that is published for a time to come: one at most follows another.
CREATE TABLE policy_plan (
	num     INTEGER PRIMARY KEY,                -- what log entries will call it
	follows INTEGER NOT NULL UNIQUE,            -- number of the version that it takes the place of
	version TEXT    NOT NULL,
	label   TEXT    NOT NULL,
	since   INTEGER NOT NULL,                   -- when it takes effect, at the soonest
	lead    TEXT    NOT NULL,                   -- how long people know before; '' for no time
	reason  TEXT    NOT NULL,
	weight  TEXT    NOT NULL,
	again   INTEGER NOT NULL CHECK (again IN (0, 1)),
	keeps   INTEGER NOT NULL CHECK (keeps IN (0, 1)),
	made    INTEGER NOT NULL,
	told    INTEGER,                            -- when the notices of its change were out; NULL: they are not
	source  BLOB    NOT NULL
) STRICT;

-- When the policy was shown before anything was collected. No row says to whom.
CREATE TABLE policy_shown (
	id       TEXT    PRIMARY KEY,
	version  INTEGER NOT NULL,                 -- number of the version that was shown
	surface  TEXT    NOT NULL,
	language TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	entry    INTEGER NOT NULL
) STRICT;

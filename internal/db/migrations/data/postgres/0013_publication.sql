CREATE TABLE policy_version (
	num     BIGINT PRIMARY KEY,                -- what log entries call it
	follows BIGINT  NOT NULL UNIQUE,           -- number of the one before it, 0: there was none; so nobody publishes over another
	version TEXT    NOT NULL,                   -- hash of source, law packs and calendars; a text may come back
	label   TEXT    NOT NULL,
	since   BIGINT NOT NULL,                   -- in force from here on
	numbers BYTEA    NOT NULL,                   -- every name's number up to this version, as JSON
	source  BYTEA    NOT NULL                    -- the policy file
);

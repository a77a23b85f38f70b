CREATE TABLE policy_version (
	num     BIGINT PRIMARY KEY,                -- what log entries call it
	version TEXT    NOT NULL UNIQUE,            -- hash of source, law packs and calendars
	label   TEXT    NOT NULL,
	since   BIGINT NOT NULL,                   -- in force from here on
	numbers BYTEA    NOT NULL,                   -- every name's number up to this version, as JSON
	source  BYTEA    NOT NULL                    -- the policy file
);

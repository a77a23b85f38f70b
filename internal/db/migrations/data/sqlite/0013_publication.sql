CREATE TABLE policy_version (
	num     INTEGER PRIMARY KEY,                -- what log entries call it
	follows INTEGER NOT NULL UNIQUE,            -- number of the one before it, 0: there was none; so nobody publishes over another
	version TEXT    NOT NULL,                   -- hash of source, law packs and calendars; a text may come back
	label   TEXT    NOT NULL,
	since   INTEGER NOT NULL,                   -- in force from here on
	numbers BLOB    NOT NULL,                   -- every name's number up to this version, as JSON
	source  BLOB    NOT NULL                    -- the policy file
) STRICT;

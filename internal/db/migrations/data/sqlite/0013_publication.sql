CREATE TABLE policy_version (
	num     INTEGER PRIMARY KEY,                -- what log entries call it
	version TEXT    NOT NULL UNIQUE,            -- hash of source, law packs and calendars
	label   TEXT    NOT NULL,
	since   INTEGER NOT NULL,                   -- in force from here on
	numbers BLOB    NOT NULL,                   -- every name's number up to this version, as JSON
	source  BLOB    NOT NULL                    -- the policy file
) STRICT;

-- Counts that were to leave: who gets them, for what, and the check they passed. A
-- row holds no personal data.
CREATE TABLE statistics_release (
	id         INTEGER PRIMARY KEY,
	set_name   TEXT   NOT NULL,                 -- as the policy calls it
	purpose    TEXT   NOT NULL,
	audience   TEXT   NOT NULL CHECK (audience IN ('public', 'partners', 'affiliates', 'processor')),
	recipient  TEXT   NOT NULL,                 -- an organisation; '' for the public
	span_from  INTEGER NOT NULL,
	span_until INTEGER NOT NULL,
	form       TEXT   NOT NULL CHECK (form IN ('json', 'csv')),
	data       BLOB NOT NULL,                   -- what leaves, suppressed
	checked    TEXT   NOT NULL,                 -- the check, as JSON
	hash       BLOB NOT NULL,                   -- SHA-256 of data, as in the log
	asked_by   TEXT   NOT NULL,                 -- member of staff who proposed it
	asked_at   INTEGER NOT NULL,
	by_whom    TEXT   NOT NULL,                 -- … who approved it, or ''
	released   INTEGER                           -- when it could leave; not yet where NULL
) STRICT;

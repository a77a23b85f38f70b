-- What browsers said about cookies and beacons, and what beacons counted. Package
-- cookie owns these. Nothing here says whose browser it is.
CREATE TABLE cookie_browser (
	browser BLOB PRIMARY KEY,     -- SHA-256 of the number that the browser's own cookie holds
	said    INTEGER NOT NULL,
	until   INTEGER NOT NULL,        -- when it is asked again
	signal  INTEGER NOT NULL CHECK (signal IN (0, 1)), -- it asked not to be shared when it was said
	policy  INTEGER NOT NULL,        -- number of the version that was shown
	entry   INTEGER NOT NULL,        -- the log entry that proves it
	answers TEXT NOT NULL          -- JSON: the mark of what was declared of each, and what was let in
) STRICT;

CREATE INDEX cookie_browser_until ON cookie_browser (until);

CREATE TABLE cookie_visit (
	beacon  TEXT NOT NULL,
	page    TEXT NOT NULL,         -- collection point
	day     INTEGER NOT NULL,        -- days since 1970-01-01 UTC
	visits  INTEGER NOT NULL,
	members INTEGER NOT NULL,        -- of these, by people who were signed in
	PRIMARY KEY (beacon, page, day)
) STRICT, WITHOUT ROWID;

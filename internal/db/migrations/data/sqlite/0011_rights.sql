-- A person's request. What is personal about it (who, contact, identifiers, who
-- of the staff touched it) stands in details, sealed under the request's own key.
CREATE TABLE rights_request (
	num          INTEGER PRIMARY KEY,             -- from the same numbers as subjects, so that keys can be bound to it
	id           TEXT    NOT NULL UNIQUE,         -- req_…
	version      INTEGER NOT NULL,
	asks         TEXT    NOT NULL,                -- the right: access, erasure
	scope        TEXT    NOT NULL,                -- everything, class:NAME, item:NAME
	state        TEXT    NOT NULL CHECK (state IN ('received', 'verified', 'surveyed', 'planned', 'approved', 'running',
		'needs-attention', 'verified-after', 'delivered', 'refused', 'withdrawn', 'expired')),
	subject      INTEGER NOT NULL,                -- 0: nobody is known by the identifiers
	policy       TEXT    NOT NULL,                -- version in force when it came, later that of the plan
	label        TEXT    NOT NULL,
	channel      TEXT    NOT NULL,
	language     TEXT    NOT NULL,
	asker        TEXT    NOT NULL CHECK (asker IN ('person', 'staff', 'machine')),
	seal_key     INTEGER NOT NULL,                -- the request key
	details      BLOB,                            -- sealed; NULL once the key is dead
	received     INTEGER NOT NULL,
	verified     INTEGER,
	method       TEXT    NOT NULL,
	reply_due    INTEGER,                         -- NULL: no rule sets one
	reply_rule   TEXT    NOT NULL,
	reply_cite   TEXT    NOT NULL,
	done_due     INTEGER,
	done_rule    TEXT    NOT NULL,
	done_cite    TEXT    NOT NULL,
	stood        INTEGER NOT NULL,                -- microseconds the clocks stood still
	paused       INTEGER,                         -- since when they stand still
	reason       TEXT    NOT NULL,                -- code: why it is paused, was refused, needs attention
	cite         TEXT    NOT NULL,                -- the provision behind a refusal
	cause        TEXT    NOT NULL,                -- in words, for staff; nothing personal
	survey       INTEGER NOT NULL,                -- revision of the newest survey, 0: none
	plan         INTEGER NOT NULL,                -- revision of the plan, 0: none
	plan_hash    TEXT    NOT NULL,
	approved     INTEGER,
	begun        INTEGER NOT NULL CHECK (begun IN (0, 1)),  -- something may have been destroyed
	receipt      BLOB,                            -- body of the receipt; holds nothing personal
	receipt_entry INTEGER,
	fetched      INTEGER NOT NULL,
	expires      INTEGER,                         -- when the package goes
	ended        INTEGER,                         -- when a last state was reached
	closed       INTEGER                          -- when the request key died
) STRICT;

CREATE INDEX rights_request_open ON rights_request (done_due, num) WHERE ended IS NULL;
CREATE INDEX rights_request_silent ON rights_request (reply_due, num) WHERE ended IS NULL AND expires IS NULL;
CREATE INDEX rights_request_subject ON rights_request (subject);

-- What happened to a request, each with the log entry that proves it.
CREATE TABLE rights_event (
	request INTEGER NOT NULL,
	entry   INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	kind    TEXT    NOT NULL,                     -- of the log entry
	state   TEXT    NOT NULL,                     -- of the request after it
	actor   TEXT    NOT NULL CHECK (actor IN ('person', 'staff', 'machine')),
	step    INTEGER NOT NULL,                     -- 0: of the request itself
	system  TEXT    NOT NULL,
	note    TEXT    NOT NULL,                     -- code or words; nothing personal
	PRIMARY KEY (request, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE rights_survey (
	request  INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	system   TEXT    NOT NULL,
	kind     TEXT    NOT NULL,
	found    INTEGER NOT NULL,                    -- rows
	sealed   BLOB,                                -- under the request key
	PRIMARY KEY (request, revision, system)
) STRICT, WITHOUT ROWID;

CREATE TABLE rights_plan (
	request  INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	hash     TEXT    NOT NULL,
	shown    BLOB    NOT NULL,                    -- without row keys
	sealed   BLOB,
	PRIMARY KEY (request, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE rights_step (
	request INTEGER NOT NULL,
	number  INTEGER NOT NULL,                     -- 1000 × revision of the plan + number in the plan
	kind    TEXT    NOT NULL,
	system  TEXT    NOT NULL,
	state   TEXT    NOT NULL CHECK (state IN ('waiting', 'begun', 'done')),
	tries   INTEGER NOT NULL,
	planned INTEGER NOT NULL,
	done    INTEGER NOT NULL,
	extra   INTEGER NOT NULL,                     -- values of an export
	cause   TEXT    NOT NULL,
	ended   INTEGER,
	outcome BLOB,                                 -- counts and notes; nothing personal
	sealed  BLOB,                                 -- intent, or what to search for, under the request key
	PRIMARY KEY (request, number)
) STRICT, WITHOUT ROWID;

-- Rows on their way into a package, and the package, in pieces.
CREATE TABLE rights_spool (
	request INTEGER NOT NULL,
	step    INTEGER NOT NULL,
	part    INTEGER NOT NULL,
	sealed  BLOB    NOT NULL,
	PRIMARY KEY (request, step, part)
) STRICT;

CREATE TABLE rights_parcel (
	request INTEGER NOT NULL,
	part    INTEGER NOT NULL,
	sealed  BLOB    NOT NULL,
	PRIMARY KEY (request, part)
) STRICT;

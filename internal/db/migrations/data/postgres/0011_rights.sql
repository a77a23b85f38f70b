-- A person's request. What is personal about it (who, contact, identifiers, who
-- of the staff touched it) stands in details, sealed under the request's own key.
CREATE TABLE rights_request (
	num          BIGINT  PRIMARY KEY,             -- from the same numbers as subjects, so that keys can be bound to it
	id           TEXT    NOT NULL UNIQUE,         -- req_…
	version      BIGINT  NOT NULL,
	asks         TEXT    NOT NULL,                -- the right: access, erasure
	scope        TEXT    NOT NULL,                -- everything, class:NAME, item:NAME
	state        TEXT    NOT NULL CHECK (state IN ('received', 'verified', 'surveyed', 'planned', 'approved', 'running',
		'needs-attention', 'verified-after', 'delivered', 'refused', 'withdrawn', 'expired')),
	subject      BIGINT  NOT NULL,                -- 0: nobody is known by the identifiers
	policy       TEXT    NOT NULL,                -- version in force when it came, later that of the plan
	label        TEXT    NOT NULL,
	channel      TEXT    NOT NULL,
	language     TEXT    NOT NULL,
	asker        TEXT    NOT NULL CHECK (asker IN ('person', 'staff', 'machine')),
	seal_key     BIGINT  NOT NULL,                -- the request key
	details      BYTEA,                            -- sealed; NULL once the key is dead
	received     BIGINT  NOT NULL,
	verified     BIGINT,
	method       TEXT    NOT NULL,
	reply_due    BIGINT,                         -- NULL: no rule sets one
	reply_rule   TEXT    NOT NULL,
	reply_cite   TEXT    NOT NULL,
	done_due     BIGINT,
	done_rule    TEXT    NOT NULL,
	done_cite    TEXT    NOT NULL,
	stood        BIGINT  NOT NULL,                -- microseconds the clocks stood still
	paused       BIGINT,                         -- since when they stand still
	reason       TEXT    NOT NULL,                -- code: why it is paused, was refused, needs attention
	cite         TEXT    NOT NULL,                -- the provision behind a refusal
	cause        TEXT    NOT NULL,                -- in words, for staff; nothing personal
	survey       BIGINT  NOT NULL,                -- revision of the newest survey, 0: none
	plan         BIGINT  NOT NULL,                -- revision of the plan, 0: none
	plan_hash    TEXT    NOT NULL,
	approved     BIGINT,
	begun        BIGINT  NOT NULL CHECK (begun IN (0, 1)),  -- something may have been destroyed
	receipt      BYTEA,                            -- body of the receipt; holds nothing personal
	receipt_entry BIGINT,
	fetched      BIGINT  NOT NULL,
	expires      BIGINT,                         -- when the package goes
	ended        BIGINT,                         -- when a last state was reached
	closed       BIGINT                           -- when the request key died
);

CREATE INDEX rights_request_open ON rights_request (done_due, num) WHERE ended IS NULL;
CREATE INDEX rights_request_silent ON rights_request (reply_due, num) WHERE ended IS NULL AND expires IS NULL;
CREATE INDEX rights_request_subject ON rights_request (subject);

-- What happened to a request, each with the log entry that proves it.
CREATE TABLE rights_event (
	request BIGINT  NOT NULL,
	entry   BIGINT  NOT NULL,
	at      BIGINT  NOT NULL,
	kind    TEXT    NOT NULL,                     -- of the log entry
	state   TEXT    NOT NULL,                     -- of the request after it
	actor   TEXT    NOT NULL CHECK (actor IN ('person', 'staff', 'machine')),
	step    BIGINT  NOT NULL,                     -- 0: of the request itself
	system  TEXT    NOT NULL,
	note    TEXT    NOT NULL,                     -- code or words; nothing personal
	PRIMARY KEY (request, entry)
);

CREATE TABLE rights_survey (
	request  BIGINT  NOT NULL,
	revision BIGINT  NOT NULL,
	system   TEXT    NOT NULL,
	kind     TEXT    NOT NULL,
	found    BIGINT  NOT NULL,                    -- rows
	sealed   BYTEA,                                -- under the request key
	PRIMARY KEY (request, revision, system)
);

CREATE TABLE rights_plan (
	request  BIGINT  NOT NULL,
	revision BIGINT  NOT NULL,
	hash     TEXT    NOT NULL,
	shown    BYTEA    NOT NULL,                    -- without row keys
	sealed   BYTEA,
	PRIMARY KEY (request, revision)
);

CREATE TABLE rights_step (
	request BIGINT  NOT NULL,
	number  BIGINT  NOT NULL,                     -- 1000 × revision of the plan + number in the plan
	kind    TEXT    NOT NULL,
	system  TEXT    NOT NULL,
	state   TEXT    NOT NULL CHECK (state IN ('waiting', 'begun', 'done')),
	tries   BIGINT  NOT NULL,
	planned BIGINT  NOT NULL,
	done    BIGINT  NOT NULL,
	extra   BIGINT  NOT NULL,                     -- values of an export
	cause   TEXT    NOT NULL,
	ended   BIGINT,
	outcome BYTEA,                                 -- counts and notes; nothing personal
	sealed  BYTEA,                                 -- intent, or what to search for, under the request key
	PRIMARY KEY (request, number)
);

-- Rows on their way into a package, and the package, in pieces.
CREATE TABLE rights_spool (
	request BIGINT  NOT NULL,
	step    BIGINT  NOT NULL,
	part    BIGINT  NOT NULL,
	sealed  BYTEA    NOT NULL,
	PRIMARY KEY (request, step, part)
);

CREATE TABLE rights_parcel (
	request BIGINT  NOT NULL,
	part    BIGINT  NOT NULL,
	sealed  BYTEA    NOT NULL,
	PRIMARY KEY (request, part)
);

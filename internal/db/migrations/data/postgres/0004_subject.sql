-- Numbers come first: PostgreSQL pads a text before a number.
CREATE TABLE subject (
	num        BIGINT PRIMARY KEY,             -- internal, never shown; rows cluster by it
	version    BIGINT NOT NULL,                -- every fact that a decision rests on bumps it
	restricted BIGINT NOT NULL CHECK (restricted IN (0, 1)),
	age        BIGINT NOT NULL CHECK (age BETWEEN 0 AND 2),      -- 0 unknown, 1 adult, 2 minor
	guardian   BIGINT NOT NULL CHECK (guardian IN (0, 1)),
	declined   BIGINT NOT NULL DEFAULT 0 CHECK (declined IN (0, 1)), -- said no to the policy, and not yes since
	declined_at BIGINT NOT NULL DEFAULT 0,                           -- when they last said no; 0: never
	log_key    BIGINT NOT NULL,
	created    BIGINT NOT NULL,                -- microseconds since 1970, UTC, as every time
	closed     BIGINT,                          -- when the account was closed
	id         BYTEA    NOT NULL UNIQUE,         -- the 16 random bytes behind sub_…
	kind       TEXT    NOT NULL,                -- natural, enterprise, visitor
	state      TEXT    NOT NULL CHECK (state IN ('open', 'closed', 'erasing', 'erased')),
	accepted   TEXT    NOT NULL,                -- policy version the person accepted, or ''
	residence  TEXT    NOT NULL DEFAULT ''     -- country they live in, or ''
);

CREATE TABLE identifier (
	digest    BYTEA    NOT NULL,                 -- blind index, 16 bytes
	subject   BIGINT NOT NULL,
	class     BIGINT NOT NULL,                 -- 0, or the retained class it serves
	kind      TEXT    NOT NULL,
	verified  BIGINT NOT NULL CHECK (verified IN (0, 1)),
	exclusive BIGINT NOT NULL CHECK (exclusive IN (0, 1)),
	PRIMARY KEY (digest, subject, class)
);

CREATE INDEX identifier_subject ON identifier (subject);
CREATE UNIQUE INDEX identifier_exclusive ON identifier (digest) WHERE exclusive = 1 AND verified = 1 AND class = 0;

CREATE TABLE subject_hold (
	subject BIGINT NOT NULL,
	class   BIGINT NOT NULL,                   -- 0: everything
	cite    TEXT    NOT NULL,                   -- the provision
	since   BIGINT NOT NULL,
	until   BIGINT,
	PRIMARY KEY (subject, class)
);

CREATE TABLE suppression (
	digest  BYTEA    NOT NULL,                   -- blind index of the identifier, 16 bytes
	scope   TEXT    NOT NULL,                   -- marketing, import, minor
	ground  TEXT    NOT NULL,
	since   BIGINT NOT NULL,
	until   BIGINT,
	PRIMARY KEY (digest, scope)
);

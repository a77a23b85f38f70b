-- Numbers come first: PostgreSQL pads a text before a number.
-- A CHECK names no more than two values at once: of three and more, SQLite makes an
-- index in memory each time the column is written.
CREATE TABLE subject (
	num        INTEGER PRIMARY KEY,             -- internal, never shown; rows cluster by it
	version    INTEGER NOT NULL,                -- every fact that a decision rests on bumps it
	restricted INTEGER NOT NULL CHECK (restricted IN (0, 1)),
	age        INTEGER NOT NULL CHECK (age BETWEEN 0 AND 2),      -- 0 unknown, 1 adult, 2 minor
	guardian   INTEGER NOT NULL CHECK (guardian IN (0, 1)),
	declined   INTEGER NOT NULL DEFAULT 0 CHECK (declined IN (0, 1)), -- said no to the policy, and not yes since
	declined_at INTEGER NOT NULL DEFAULT 0,                           -- when they last said no; 0: never
	log_key    INTEGER NOT NULL,
	created    INTEGER NOT NULL,                -- microseconds since 1970, UTC, as every time
	closed     INTEGER,                          -- when the account was closed
	id         BLOB    NOT NULL UNIQUE,         -- the 16 random bytes behind sub_…
	kind       TEXT    NOT NULL,                -- natural, enterprise, visitor
	state      TEXT    NOT NULL CHECK (state IN ('open', 'closed') OR state IN ('erasing', 'erased')),
	accepted   TEXT    NOT NULL,                -- policy version the person accepted, or ''
	residence  TEXT    NOT NULL DEFAULT ''     -- country they live in, or ''
) STRICT;

CREATE TABLE identifier (
	digest    BLOB    NOT NULL,                 -- blind index, 16 bytes
	subject   INTEGER NOT NULL,
	class     INTEGER NOT NULL,                 -- 0, or the retained class it serves
	kind      TEXT    NOT NULL,
	verified  INTEGER NOT NULL CHECK (verified IN (0, 1)),
	exclusive INTEGER NOT NULL CHECK (exclusive IN (0, 1)),
	PRIMARY KEY (digest, subject, class)
) STRICT, WITHOUT ROWID;

CREATE INDEX identifier_subject ON identifier (subject);
-- An exclusive identifier that was verified belongs to one. There is one writer, so it
-- can look: a unique index would write one more page, at a place of its own, for each
-- identifier that comes or goes. Rows are never updated.
CREATE TRIGGER identifier_exclusive BEFORE INSERT ON identifier
WHEN NEW.exclusive = 1 AND NEW.verified = 1 AND NEW.class = 0 AND NEW.subject IS NOT NULL
BEGIN
	SELECT RAISE(ABORT, 'UNIQUE constraint failed: identifier.digest')
	WHERE EXISTS (SELECT 1 FROM identifier WHERE digest = NEW.digest AND exclusive = 1 AND verified = 1 AND class = 0)
		AND NOT EXISTS (SELECT 1 FROM identifier WHERE digest = NEW.digest AND subject = NEW.subject AND class = 0);
END;

CREATE TABLE subject_hold (
	subject INTEGER NOT NULL,
	class   INTEGER NOT NULL,                   -- 0: everything
	cite    TEXT    NOT NULL,                   -- the provision
	since   INTEGER NOT NULL,
	until   INTEGER,
	PRIMARY KEY (subject, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression (
	digest  BLOB    NOT NULL,                   -- blind index of the identifier, 16 bytes
	scope   TEXT    NOT NULL,                   -- marketing, import, minor
	ground  TEXT    NOT NULL,
	since   INTEGER NOT NULL,
	until   INTEGER,
	PRIMARY KEY (digest, scope)
) STRICT, WITHOUT ROWID;

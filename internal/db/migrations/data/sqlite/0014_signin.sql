-- Codes that were mailed to sign in with (package signin). Nothing here says to
-- whom: these are keyed digests.
CREATE TABLE signin (
	handle  BLOB    NOT NULL PRIMARY KEY,             -- 128 random bits, known to the form
	digest  BLOB    NOT NULL,                         -- blind index of the address
	code    BLOB    NOT NULL,                         -- keyed hash of handle and code
	tries   INTEGER NOT NULL CHECK (tries >= 0),      -- left
	made    INTEGER NOT NULL,                         -- microseconds
	expires INTEGER NOT NULL                          -- microseconds
) STRICT, WITHOUT ROWID;

CREATE INDEX signin_digest ON signin (digest, made);
CREATE INDEX signin_made ON signin (made);

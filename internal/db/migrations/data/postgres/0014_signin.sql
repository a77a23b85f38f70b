-- Codes that were mailed to sign in with (package signin). Nothing here says to
-- whom: these are keyed digests.
CREATE TABLE signin (
	handle  BYTEA  NOT NULL PRIMARY KEY,              -- 128 random bits, known to the form
	digest  BYTEA  NOT NULL,                          -- blind index of the address
	code    BYTEA  NOT NULL,                          -- keyed hash of handle and code
	tries   BIGINT NOT NULL CHECK (tries >= 0),       -- left
	made    BIGINT NOT NULL,                          -- microseconds
	expires BIGINT NOT NULL                           -- microseconds
);

CREATE INDEX signin_digest ON signin (digest, made);
CREATE INDEX signin_made ON signin (made);

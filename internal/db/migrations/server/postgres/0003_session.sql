-- Who is signed in (package session). Nothing here says who it is: the cookie
-- does, sealed; these are digests.
CREATE TABLE session (
	digest BYTEA   NOT NULL PRIMARY KEY,  -- SHA-256 of the cookie's random part
	owner  BYTEA   NOT NULL,              -- keyed digest of kind, platform and who
	until  BIGINT  NOT NULL               -- microseconds
);

CREATE INDEX session_owner ON session (owner);
CREATE INDEX session_until ON session (until);

-- Who is signed in (package session). Nothing here says who it is: the cookie
-- does, sealed; these are digests.
CREATE TABLE session (
	digest BLOB    NOT NULL PRIMARY KEY,  -- SHA-256 of the cookie's random part
	owner  BLOB    NOT NULL,              -- keyed digest of kind, platform and who
	until  INTEGER NOT NULL               -- microseconds
) STRICT, WITHOUT ROWID;

CREATE INDEX session_owner ON session (owner);
CREATE INDEX session_until ON session (until);

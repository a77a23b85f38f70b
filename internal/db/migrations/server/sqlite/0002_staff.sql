-- People of the controller who use console and command line (package staff).
-- Login and name are personal data of staff, which the controller keeps about
-- its own people; nothing here is about subjects.
CREATE TABLE staff (
	id        TEXT    NOT NULL PRIMARY KEY,     -- stf_…
	login     TEXT    NOT NULL UNIQUE,          -- normal form
	name      TEXT    NOT NULL,
	password  TEXT    NOT NULL,                 -- argon2id
	otp       BLOB    NOT NULL,                 -- TOTP secret, sealed under the secret file
	otp_step  INTEGER NOT NULL,                 -- the last step of 30 s whose code was used
	disabled  INTEGER NOT NULL CHECK (disabled IN (0, 1)),
	made      INTEGER NOT NULL,                 -- microseconds, as every time
	changed   INTEGER NOT NULL,                 -- when password or authenticator last did: earlier sign-ins are over
	signed_in INTEGER,
	failed    INTEGER NOT NULL CHECK (failed >= 0), -- attempts since the last sign-in
	locked    INTEGER NOT NULL                  -- no attempt counts before this time
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_role (
	staff    TEXT NOT NULL,
	platform TEXT NOT NULL,                     -- '*': every platform
	role     TEXT NOT NULL,
	PRIMARY KEY (staff, platform, role)
) STRICT, WITHOUT ROWID;

-- Recovery codes not used yet.
CREATE TABLE staff_recovery (
	staff  TEXT NOT NULL,
	digest BLOB NOT NULL,                       -- SHA-256
	PRIMARY KEY (staff, digest)
) STRICT, WITHOUT ROWID;

-- Which secret file belongs here: one row. turn makes changes of roles take turns.
CREATE TABLE staff_state (
	one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	proof BLOB    NOT NULL,
	turn  INTEGER NOT NULL
) STRICT;

CREATE TABLE api_key (
	id       TEXT    NOT NULL PRIMARY KEY,      -- key_…
	digest   BLOB    NOT NULL,                  -- SHA-256 of the secret
	platform TEXT    NOT NULL,
	label    TEXT    NOT NULL,
	scopes   TEXT    NOT NULL,                  -- with spaces between, sorted
	made     INTEGER NOT NULL,
	made_by  TEXT    NOT NULL,                  -- staff id, or '' for the command line
	expires  INTEGER,
	used     INTEGER,                           -- UTC day since 1970
	revoked  INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX api_key_platform ON api_key (platform, made);

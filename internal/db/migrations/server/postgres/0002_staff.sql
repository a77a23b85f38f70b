-- People of the controller who use console and command line (package staff).
-- Login and name are personal data of staff, which the controller keeps about
-- its own people; nothing here is about subjects.
CREATE TABLE staff (
	id        TEXT    NOT NULL PRIMARY KEY,     -- stf_…
	login     TEXT    NOT NULL UNIQUE,          -- normal form
	name      TEXT    NOT NULL,
	password  TEXT    NOT NULL,                 -- argon2id
	otp       BYTEA   NOT NULL,                 -- TOTP secret, sealed under the secret file
	otp_step  BIGINT  NOT NULL,                 -- the last step of 30 s whose code was used
	disabled  BIGINT  NOT NULL CHECK (disabled IN (0, 1)),
	made      BIGINT  NOT NULL,                 -- microseconds, as every time
	changed   BIGINT  NOT NULL,                 -- when password or authenticator last did: earlier sign-ins are over
	signed_in BIGINT,
	failed    BIGINT  NOT NULL CHECK (failed >= 0), -- attempts since the last sign-in
	locked    BIGINT  NOT NULL                  -- no attempt counts before this time
);

CREATE TABLE staff_role (
	staff    TEXT NOT NULL,
	platform TEXT NOT NULL,                     -- '*': every platform
	role     TEXT NOT NULL,
	PRIMARY KEY (staff, platform, role)
);

-- Recovery codes not used yet.
CREATE TABLE staff_recovery (
	staff  TEXT NOT NULL,
	digest BYTEA NOT NULL,                       -- SHA-256
	PRIMARY KEY (staff, digest)
);

-- Which secret file belongs here: one row. turn makes changes of roles take turns.
CREATE TABLE staff_state (
	one   BIGINT  NOT NULL PRIMARY KEY CHECK (one = 1),
	proof BYTEA   NOT NULL,
	turn  BIGINT  NOT NULL
);

CREATE TABLE api_key (
	id       TEXT    NOT NULL PRIMARY KEY,      -- key_…
	digest   BYTEA   NOT NULL,                  -- SHA-256 of the secret
	platform TEXT    NOT NULL,
	label    TEXT    NOT NULL,
	scopes   TEXT    NOT NULL,                  -- with spaces between, sorted
	made     BIGINT  NOT NULL,
	made_by  TEXT    NOT NULL,                  -- staff id, or '' for the command line
	expires  BIGINT,
	used     BIGINT,                           -- UTC day since 1970
	revoked  BIGINT
);

CREATE INDEX api_key_platform ON api_key (platform, made);

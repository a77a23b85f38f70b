-- What the devices of people may read, what is open on them, and the sessions of
-- use in which they are observed. Package device owns these. Names of devices and
-- sessions are made up by the app.
CREATE TABLE device_permission (
	subject    INTEGER NOT NULL,
	id         INTEGER NOT NULL,
	device     TEXT NOT NULL,
	permission TEXT NOT NULL,                 -- as the policy calls it
	said       TEXT NOT NULL CHECK (said IN ('granted', 'refused', 'off')),
	function   TEXT NOT NULL,                 -- in which it was asked for
	at         INTEGER NOT NULL,
	PRIMARY KEY (subject, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_open (
	subject    INTEGER NOT NULL,
	device     TEXT NOT NULL,
	permission TEXT NOT NULL,
	function   TEXT NOT NULL,
	since      INTEGER NOT NULL,
	PRIMARY KEY (subject, device, permission)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_session (
	subject INTEGER NOT NULL,
	session TEXT NOT NULL,
	begun   INTEGER NOT NULL,
	until   INTEGER NOT NULL,                    -- nothing is observed in it from then on
	PRIMARY KEY (subject, session)
) STRICT, WITHOUT ROWID;

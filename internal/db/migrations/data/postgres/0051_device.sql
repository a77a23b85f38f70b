-- What the devices of people may read, what is open on them, and the sessions of
-- use in which they are observed. Package device owns these. Names of devices and
-- sessions are made up by the app.
CREATE TABLE device_permission (
	subject    BIGINT NOT NULL,
	id         BIGINT NOT NULL,
	device     TEXT NOT NULL,
	permission TEXT NOT NULL,                 -- as the policy calls it
	said       TEXT NOT NULL CHECK (said IN ('granted', 'refused', 'off')),
	function   TEXT NOT NULL,                 -- in which it was asked for
	at         BIGINT NOT NULL,
	PRIMARY KEY (subject, id)
);

CREATE TABLE device_open (
	subject    BIGINT NOT NULL,
	device     TEXT NOT NULL,
	permission TEXT NOT NULL,
	function   TEXT NOT NULL,
	since      BIGINT NOT NULL,
	PRIMARY KEY (subject, device, permission)
);

CREATE TABLE device_session (
	subject BIGINT NOT NULL,
	session TEXT NOT NULL,
	begun   BIGINT NOT NULL,
	until   BIGINT NOT NULL,                    -- nothing is observed in it from then on
	PRIMARY KEY (subject, session)
);

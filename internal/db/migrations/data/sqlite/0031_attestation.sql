-- What people have signed: duties that come round. Package attestation owns these.
CREATE TABLE attestation (
	id     INTEGER PRIMARY KEY,
	duty   TEXT NOT NULL,   -- name, or name/recipient
	signer TEXT NOT NULL,   -- id of staff
	signed INTEGER NOT NULL,
	until  INTEGER NOT NULL, -- when the signature holds no longer
	hash   BLOB,            -- SHA-256 of the file that shows it
	note   TEXT NOT NULL,
	entry  INTEGER NOT NULL  -- the log entry that proves it
) STRICT;

CREATE INDEX attestation_duty ON attestation (duty, id);

-- Who of the staff sees to which duty.
CREATE TABLE attestation_owner (
	duty  TEXT PRIMARY KEY,
	owner TEXT NOT NULL    -- id of staff; '' is nobody
) STRICT;

-- What each of the staff was trained in, or promised, before they may see data: the
-- newest signature of each.
CREATE TABLE attestation_person (
	staff  TEXT NOT NULL,   -- id of whom it is about
	duty   TEXT NOT NULL,
	signer TEXT NOT NULL,   -- id of staff
	signed INTEGER NOT NULL,
	until  INTEGER NOT NULL, -- when it holds no longer
	hash   BLOB,            -- SHA-256 of the file that shows it
	note   TEXT NOT NULL,
	entry  INTEGER NOT NULL, -- the log entry that proves it
	PRIMARY KEY (staff, duty)
) STRICT, WITHOUT ROWID;

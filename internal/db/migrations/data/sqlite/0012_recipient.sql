CREATE TABLE recipient_agreement (
	id        INTEGER PRIMARY KEY,
	recipient INTEGER NOT NULL,
	document  TEXT    NOT NULL,
	signed    INTEGER NOT NULL,
	until     INTEGER
) STRICT;

-- What was found out about a recipient.
CREATE TABLE recipient_finding (
	id          INTEGER PRIMARY KEY,
	recipient   INTEGER NOT NULL,
	kind        TEXT    NOT NULL CHECK (kind IN ('ability', 'security', 'audit', 'breach')),
	passed      INTEGER NOT NULL CHECK (passed IN (0, 1)),
	document    TEXT    NOT NULL,
	remedy      TEXT    NOT NULL CHECK (remedy IN ('', 'delete', 'return')),
	until       INTEGER,
	recorded_by TEXT    NOT NULL,
	at          INTEGER NOT NULL,
	entry       INTEGER NOT NULL
) STRICT;

-- Which recipient accepted the instructions of which version of the policy.
CREATE TABLE recipient_acceptance (
	id          INTEGER PRIMARY KEY,
	recipient   INTEGER NOT NULL,
	version     INTEGER NOT NULL,
	hash        BLOB    NOT NULL,
	document    TEXT    NOT NULL,
	recorded_by TEXT    NOT NULL,
	at          INTEGER NOT NULL,
	entry       INTEGER NOT NULL
) STRICT;

-- One row, whose version moves with everything that is written here: what was
-- disclosed on an older one loses.
CREATE TABLE recipient_ledger (
	id      INTEGER PRIMARY KEY,
	version INTEGER NOT NULL
) STRICT;

INSERT INTO recipient_ledger (id, version) VALUES (1, 1);

-- The public keys to which what recipients get is sealed.
CREATE TABLE recipient_key (
	id          INTEGER PRIMARY KEY,
	recipient   INTEGER NOT NULL,
	public      BLOB NOT NULL,
	document    TEXT    NOT NULL,            -- where it is attested whose key it is
	recorded_by TEXT    NOT NULL,
	at          INTEGER NOT NULL,
	entry       INTEGER NOT NULL
) STRICT;

CREATE TABLE recipient_agreement (
	id        BIGINT PRIMARY KEY,
	recipient BIGINT NOT NULL,
	document  TEXT    NOT NULL,
	signed    BIGINT NOT NULL,
	until     BIGINT
);

-- What was found out about a recipient.
CREATE TABLE recipient_finding (
	id          BIGINT PRIMARY KEY,
	recipient   BIGINT NOT NULL,
	kind        TEXT    NOT NULL CHECK (kind IN ('ability', 'security', 'audit', 'breach')),
	passed      BIGINT NOT NULL CHECK (passed IN (0, 1)),
	document    TEXT    NOT NULL,
	remedy      TEXT    NOT NULL CHECK (remedy IN ('', 'delete', 'return')),
	until       BIGINT,
	recorded_by TEXT    NOT NULL,
	at          BIGINT NOT NULL,
	entry       BIGINT NOT NULL
);

-- Which recipient accepted the instructions of which version of the policy.
CREATE TABLE recipient_acceptance (
	id          BIGINT PRIMARY KEY,
	recipient   BIGINT NOT NULL,
	version     BIGINT NOT NULL,
	hash        BYTEA   NOT NULL,
	document    TEXT    NOT NULL,
	recorded_by TEXT    NOT NULL,
	at          BIGINT NOT NULL,
	entry       BIGINT NOT NULL
);

-- One row, whose version moves with everything that is written here: what was
-- disclosed on an older one loses.
CREATE TABLE recipient_ledger (
	id      BIGINT PRIMARY KEY,
	version BIGINT NOT NULL
);

INSERT INTO recipient_ledger (id, version) VALUES (1, 1);

-- The public keys to which what recipients get is sealed.
CREATE TABLE recipient_key (
	id          BIGINT PRIMARY KEY,
	recipient   BIGINT NOT NULL,
	public      BYTEA NOT NULL,
	document    TEXT    NOT NULL,            -- where it is attested whose key it is
	recorded_by TEXT    NOT NULL,
	at          BIGINT NOT NULL,
	entry       BIGINT NOT NULL
);

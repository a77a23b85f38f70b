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

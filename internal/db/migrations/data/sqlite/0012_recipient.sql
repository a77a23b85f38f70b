CREATE TABLE recipient_agreement (
	id        INTEGER PRIMARY KEY,
	recipient INTEGER NOT NULL,
	document  TEXT    NOT NULL,
	signed    INTEGER NOT NULL,
	until     INTEGER
) STRICT;

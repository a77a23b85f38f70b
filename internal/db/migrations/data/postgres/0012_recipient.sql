CREATE TABLE recipient_agreement (
	id        BIGINT PRIMARY KEY,
	recipient BIGINT NOT NULL,
	document  TEXT    NOT NULL,
	signed    BIGINT NOT NULL,
	until     BIGINT
);

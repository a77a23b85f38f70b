CREATE TABLE disclosure (
	subject   BIGINT NOT NULL,
	id        BIGINT NOT NULL,
	recipient BIGINT NOT NULL,
	purpose   BIGINT NOT NULL,
	items     BYTEA    NOT NULL,                 -- item numbers, two bytes each, big-endian
	scenario  TEXT    NOT NULL,
	at        BIGINT NOT NULL,
	entry     BIGINT NOT NULL,                 -- the log entry that granted it
	PRIMARY KEY (subject, id)
);

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

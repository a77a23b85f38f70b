-- When the policy was shown before anything was collected. No row says to whom.
CREATE TABLE policy_shown (
	id       TEXT    PRIMARY KEY,
	version  BIGINT NOT NULL,                 -- number of the version that was shown
	surface  TEXT    NOT NULL,
	language TEXT    NOT NULL,
	at       BIGINT NOT NULL,
	entry    BIGINT NOT NULL
);

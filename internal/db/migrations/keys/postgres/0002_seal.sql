-- What the key store is and where it stands (package seal): one row. Whoever
-- adds wrapped keys changes this row first, guarded by the epoch, so that no
-- key can be added under an epoch that a rotation has left.
CREATE TABLE seal_state (
  one      BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
  platform TEXT NOT NULL,
  pair     BYTEA NOT NULL,
  epoch    BIGINT NOT NULL CHECK (epoch > 0),
  high     BIGINT NOT NULL CHECK (high >= 0)
);

-- The epochs, each with the rotation that led to it.
CREATE TABLE seal_epoch (
  epoch    BIGINT NOT NULL PRIMARY KEY,
  started  BIGINT NOT NULL,
  finished BIGINT CHECK (finished >= started)
);

-- Data keys, wrapped under the key of their epoch. bound is 1 once a sweep has
-- seen a row of the data store name the key.
CREATE TABLE data_key (
  id      BIGINT NOT NULL PRIMARY KEY,
  epoch   BIGINT NOT NULL,
  made    BIGINT NOT NULL,
  bound   BIGINT NOT NULL CHECK (bound IN (0, 1)),
  wrapped BYTEA NOT NULL
);

-- By age: a sweep looks at what is old enough, and at nothing else.
CREATE INDEX data_key_unbound ON data_key (made) WHERE bound = 0;

-- Named secrets (blind index, journal hashes, …), wrapped like data keys.
CREATE TABLE seal_secret (
  name    TEXT NOT NULL PRIMARY KEY,
  epoch   BIGINT NOT NULL,
  made    BIGINT NOT NULL,
  wrapped BYTEA NOT NULL
);

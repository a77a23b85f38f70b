-- What the key store is and where it stands (package seal): one row. Whoever
-- adds wrapped keys changes this row first, guarded by the epoch, so that no
-- key can be added under an epoch that a rotation has left.
CREATE TABLE seal_state (
  one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  platform TEXT NOT NULL,
  pair     BLOB NOT NULL,
  epoch    INTEGER NOT NULL CHECK (epoch > 0),
  high     INTEGER NOT NULL CHECK (high >= 0)
) STRICT;

-- The epochs, each with the rotation that led to it.
CREATE TABLE seal_epoch (
  epoch    INTEGER NOT NULL PRIMARY KEY,
  started  INTEGER NOT NULL,
  finished INTEGER CHECK (finished >= started)
) STRICT;

-- Data keys, wrapped under the key of their epoch. bound is 1 once a sweep has
-- seen a row of the data store name the key.
CREATE TABLE data_key (
  id      INTEGER NOT NULL PRIMARY KEY,
  epoch   INTEGER NOT NULL,
  made    INTEGER NOT NULL,
  bound   INTEGER NOT NULL CHECK (bound IN (0, 1)),
  wrapped BLOB NOT NULL
) STRICT;

-- By age: a sweep looks at what is old enough, and at nothing else.
CREATE INDEX data_key_unbound ON data_key (made) WHERE bound = 0;

-- Named secrets (blind index, journal hashes, …), wrapped like data keys.
CREATE TABLE seal_secret (
  name    TEXT NOT NULL PRIMARY KEY,
  epoch   INTEGER NOT NULL,
  made    INTEGER NOT NULL,
  wrapped BLOB NOT NULL
) STRICT;

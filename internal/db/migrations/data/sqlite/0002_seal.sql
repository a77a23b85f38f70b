-- Which keys a subject's values are sealed under (package seal). A key is bound
-- once, ever: the unique index also keeps a key that was swept from being bound
-- by an act that comes too late.
CREATE TABLE subject_key (
  subject INTEGER NOT NULL CHECK (subject >= 0),
  class   INTEGER NOT NULL,
  bucket  INTEGER NOT NULL,
  key     INTEGER NOT NULL CHECK (key > 0),
  PRIMARY KEY (subject, key)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX subject_key_key ON subject_key (key);

-- The key store that this data store belongs to: one row.
CREATE TABLE seal_pair (
  one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  pair BLOB NOT NULL
) STRICT;

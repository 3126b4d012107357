-- Why: the logs, and the tables that say what they amount to. Cost: an empty database.
-- Ids are blobs of 12 bytes and lists of ids blobs of 12 bytes each; times are milliseconds since 1970.

CREATE TABLE meta (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  position   INTEGER NOT NULL,  -- of the newest entry of all logs
  server_id  TEXT NOT NULL,
  cursor_key BLOB NOT NULL
) STRICT;

-- A message's words are in `messages` alone, so that a deleted text is nowhere else.
CREATE TABLE entries (
  log      BLOB NOT NULL,     -- a byte for whose (0 server, 1 room, 2 user), 12 of the room's or user's id
  seq      INTEGER NOT NULL,
  position INTEGER NOT NULL,  -- grows with seq within a log: what is after a position is found by halving
  kind     INTEGER NOT NULL,  -- body_text.cpp has the numbers
  actor    BLOB NOT NULL,
  at       INTEGER NOT NULL,
  target   INTEGER,           -- of an edit or a deletion: the seq of the message
  body     TEXT,              -- JSON; NULL where `messages` says all
  PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id           BLOB PRIMARY KEY,
  username     TEXT NOT NULL,
  username_key TEXT NOT NULL UNIQUE,  -- folded
  email        TEXT NOT NULL,
  email_key    TEXT UNIQUE,           -- folded; NULL: has none
  display_name TEXT NOT NULL,
  avatar       TEXT NOT NULL,
  settings     TEXT NOT NULL,
  password     TEXT NOT NULL,
  is_superuser INTEGER NOT NULL,
  is_disabled  INTEGER NOT NULL,
  bot          INTEGER NOT NULL,
  created      INTEGER NOT NULL,
  last_seen    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id        BLOB PRIMARY KEY,
  user      BLOB NOT NULL REFERENCES users(id),
  name      TEXT NOT NULL,
  scope     TEXT NOT NULL,
  prefix    TEXT NOT NULL,
  hash      BLOB NOT NULL,
  created   INTEGER NOT NULL,
  last_used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id        BLOB PRIMARY KEY,
  user      BLOB NOT NULL REFERENCES users(id),
  hash      BLOB NOT NULL,
  address   TEXT NOT NULL,
  agent     TEXT NOT NULL,
  created   INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  expires   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rooms (
  id             BLOB PRIMARY KEY,
  kind           TEXT NOT NULL,
  name           TEXT NOT NULL,
  name_key       TEXT UNIQUE,  -- folded; NULL for a direct room
  direct_key     BLOB UNIQUE,  -- the people of a direct room, ascending; NULL for others
  topic          TEXT NOT NULL,
  is_open        INTEGER NOT NULL,
  is_visible     INTEGER NOT NULL,
  mention_all_by TEXT NOT NULL,
  created        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  room   BLOB NOT NULL REFERENCES rooms(id) ON DELETE CASCADE,
  user   BLOB NOT NULL REFERENCES users(id),
  member BLOB NOT NULL,
  role   TEXT NOT NULL,
  joined INTEGER NOT NULL,
  read   INTEGER NOT NULL,  -- the read marker
  level  TEXT NOT NULL,
  posted INTEGER NOT NULL,  -- no message of his has a greater seq: with the marker at or past it, none of his is unread
  PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE bars (
  room BLOB NOT NULL REFERENCES rooms(id) ON DELETE CASCADE,
  user BLOB NOT NULL,
  PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;

-- No foreign key on the busiest table: the writer takes entries only for rooms that are there.
CREATE TABLE messages (
  room         BLOB NOT NULL,
  seq          INTEGER NOT NULL,
  id           BLOB NOT NULL,
  ordinal      INTEGER NOT NULL,
  sender       BLOB NOT NULL,
  created      INTEGER NOT NULL,
  edited       INTEGER,
  deleted      INTEGER,
  mentions_all TEXT,  -- all, here, or NULL
  mentions     BLOB,  -- NULL: nobody
  here         BLOB,  -- NULL: nobody
  reply_to     BLOB,
  text         TEXT NOT NULL,
  PRIMARY KEY (room, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX messages_id ON messages(id);
CREATE INDEX messages_to_all ON messages(room, seq, sender) WHERE mentions_all = 'all';

-- Who is mentioned otherwise than by @all, himself excepted.
CREATE TABLE mentions (
  room BLOB NOT NULL,
  user BLOB NOT NULL,
  seq  INTEGER NOT NULL,
  PRIMARY KEY (room, user, seq)
) STRICT, WITHOUT ROWID;

-- The forms of edited messages before the present one.
CREATE TABLE message_versions (
  room    BLOB NOT NULL,
  seq     INTEGER NOT NULL,
  version INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  text    TEXT NOT NULL,
  PRIMARY KEY (room, seq, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE nonces (
  room   BLOB NOT NULL,
  sender BLOB NOT NULL,
  nonce  TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  PRIMARY KEY (room, sender, nonce)
) STRICT, WITHOUT ROWID;

-- Why: what a message costs must not grow with how many there are.
-- Cost: messages with a nonce are rewritten once.

-- An index of all nonces cost every message a random page, and grew for ever. The message itself keeps its nonce now, and
-- each commit appends one row of hashes, of which the writer makes its index in memory (nonces.hpp). `nonces` goes when its
-- rows have been moved there, by the same migration (migrate.cpp).
ALTER TABLE messages ADD COLUMN nonce TEXT;
UPDATE messages SET nonce = n.nonce FROM nonces n WHERE messages.room = n.room AND messages.seq = n.seq;

CREATE TABLE recent_nonces (
  position INTEGER PRIMARY KEY,  -- of the commit's last entry
  nonces   BLOB NOT NULL         -- hash and seq, 8 bytes each, little-endian
) STRICT;

-- Rooms whose log and messages are still being deleted, a piece at a time: nobody reads them any more.
CREATE TABLE deleted_rooms (
  id BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

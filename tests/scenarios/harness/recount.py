"""What the tables must say, counted anew from the log: one query for each rule, which gives the rows that break it.
The schema is src/store/sqlite/migrations; kinds are the numbers of body_text.cpp; a room's log is x'01' and its id (joined
blobs are text to SQLite, hence the casts)."""

import sqlite3
from pathlib import Path

TOLD = """SELECT log, target, sum(kind = 14) AS edits, sum(kind = 15) AS deletions
    FROM entries WHERE kind IN (14, 15) GROUP BY log, target"""

RULES = {
    "every log is dense from 1": """
        SELECT hex(log), count(*), min(seq), max(seq) FROM entries GROUP BY log
        HAVING min(seq) <> 1 OR max(seq) <> count(*)""",
    "positions are unique and grow with seq": """
        SELECT hex(log), seq FROM (SELECT log, seq, position, lag(position) OVER (PARTITION BY log ORDER BY seq) AS before
                                   FROM entries) WHERE before >= position
        UNION ALL SELECT 'position', position FROM entries GROUP BY position HAVING count(*) > 1""",
    "the position on record is the newest entry's, or a deleted room's": """
        SELECT position FROM meta WHERE position < (SELECT coalesce(max(position), 0) FROM entries)""",
    "a room has a log and a room's log has a room": """
        SELECT hex(id) FROM rooms
        WHERE NOT EXISTS (SELECT 1 FROM entries WHERE log = cast(x'01' || id AS BLOB) AND seq = 1 AND kind = 8)
        UNION ALL SELECT hex(log) FROM entries
        WHERE substr(log, 1, 1) = x'01' AND seq = 1 AND substr(log, 2) NOT IN (SELECT id FROM rooms)""",
    "messages are the entries that posted them": """
        SELECT hex(room), seq FROM messages m
        WHERE NOT EXISTS (SELECT 1 FROM entries
                          WHERE log = cast(x'01' || m.room AS BLOB) AND seq = m.seq AND kind = 13 AND actor = m.sender)
        UNION ALL SELECT hex(log), seq FROM entries e WHERE kind = 13
        AND NOT EXISTS (SELECT 1 FROM messages WHERE room = substr(e.log, 2) AND seq = e.seq)""",
    "ordinals number a room's messages": """
        SELECT hex(room), seq, ordinal FROM (SELECT room, seq, ordinal, row_number() OVER (PARTITION BY room ORDER BY seq)
                                             AS counted FROM messages) WHERE ordinal <> counted""",
    "edits and deletions speak of messages before them": """
        SELECT hex(log), seq FROM entries e WHERE kind IN (14, 15)
        AND NOT EXISTS (SELECT 1 FROM messages WHERE room = substr(e.log, 2) AND seq = e.target AND seq < e.seq)""",
    "a message is edited, or deleted and without text, as the log says": f"""
        WITH told AS ({TOLD})
        SELECT hex(room), m.seq FROM messages m LEFT JOIN told ON log = cast(x'01' || room AS BLOB) AND target = m.seq
        WHERE (deleted IS NOT NULL) <> coalesce(deletions, 0)
        OR (deleted IS NULL AND (edited IS NOT NULL) <> (coalesce(edits, 0) > 0))
        OR (deleted IS NOT NULL AND (text <> '' OR mentions IS NOT NULL OR mentions_all IS NOT NULL))""",
    "each edit has left a version, and a deletion none": f"""
        WITH told AS ({TOLD}),
             kept AS (SELECT room, seq, count(*) AS versions, max(version) AS last FROM message_versions GROUP BY 1, 2)
        SELECT hex(m.room), m.seq FROM messages m LEFT JOIN told ON log = cast(x'01' || m.room AS BLOB) AND target = m.seq
        LEFT JOIN kept k ON k.room = m.room AND k.seq = m.seq
        WHERE coalesce(versions, 0) <> iif(deleted IS NULL, coalesce(edits, 0), 0) OR versions <> last
        UNION ALL SELECT hex(room), seq FROM kept WHERE (room, seq) NOT IN (SELECT room, seq FROM messages)""",
    "mentions are those of messages that stand": """
        SELECT hex(n.room), hex(n.user), n.seq FROM mentions n LEFT JOIN messages m ON m.room = n.room AND m.seq = n.seq
        WHERE m.seq IS NULL OR m.sender = n.user
        OR instr(hex(coalesce(m.mentions, x'')) || hex(coalesce(m.here, x'')), hex(n.user)) = 0""",
    "a sender's nonce is that of one message in a room": """
        SELECT hex(room), hex(sender), nonce FROM messages WHERE nonce IS NOT NULL
        GROUP BY room, sender, nonce HAVING count(*) > 1""",
    "no nonce of a commit is behind the newest entry": """
        SELECT position FROM recent_nonces WHERE position > (SELECT position FROM meta) OR length(nonces) % 16 <> 0""",
    "members are those whose last word is not that they left": """
        WITH words AS (SELECT substr(log, 2) AS room, unhex(json_extract(body, '$.user')) AS user, max(seq) AS seq
                       FROM entries WHERE kind IN (10, 11) GROUP BY 1, 2),
             joined AS (SELECT room, user, words.seq FROM words
                        JOIN entries e ON e.log = cast(x'01' || room AS BLOB) AND e.seq = words.seq WHERE kind = 10)
        SELECT hex(room), hex(user), seq FROM joined WHERE (room, user, seq) NOT IN (SELECT room, user, joined FROM members)
        UNION ALL SELECT hex(room), hex(user), joined FROM members
        WHERE (room, user, joined) NOT IN (SELECT room, user, seq FROM joined)""",
    "a member has the role and the id of his last change": """
        WITH words AS (SELECT substr(log, 2) AS room, unhex(json_extract(body, '$.user')) AS user, max(seq) AS seq
                       FROM entries WHERE kind IN (10, 12) GROUP BY 1, 2)
        SELECT hex(m.room), hex(m.user) FROM members m LEFT JOIN words w ON w.room = m.room AND w.user = m.user
        LEFT JOIN entries e ON e.log = cast(x'01' || m.room AS BLOB) AND e.seq = w.seq
        WHERE m.role IS NOT json_extract(e.body, '$.role') OR m.member IS NOT unhex(json_extract(e.body, '$.member'))""",
    "markers lie within the log": """
        SELECT hex(room), hex(user), read FROM members m
        WHERE read < 0 OR posted < joined OR read > (SELECT max(seq) FROM entries WHERE log = cast(x'01' || m.room AS BLOB))""",
    "no message of a member is behind what he has posted": """
        SELECT hex(m.room), hex(m.user) FROM members m
        JOIN (SELECT room, sender, max(seq) AS seq FROM messages GROUP BY 1, 2) s ON s.room = m.room AND s.sender = m.user
        WHERE s.seq > m.posted""",
    "a room's settings are those of its last change": """
        SELECT hex(id) FROM rooms r WHERE topic IS NOT (SELECT json_extract(body, '$.room.topic') FROM entries
        WHERE log = cast(x'01' || r.id AS BLOB) AND kind IN (8, 9) ORDER BY seq DESC LIMIT 1)""",
    "tokens are those created and not revoked": """
        WITH made AS (SELECT unhex(json_extract(body, '$.token.id')) AS id FROM entries WHERE kind = 3),
             ended AS (SELECT unhex(json_extract(body, '$.token')) AS id FROM entries WHERE kind = 4)
        SELECT hex(id) FROM tokens WHERE id NOT IN (SELECT id FROM made) OR id IN (SELECT id FROM ended)
        UNION ALL SELECT hex(id) FROM made WHERE id NOT IN (SELECT id FROM ended) AND id NOT IN (SELECT id FROM tokens)""",
    "sessions are those opened and not ended": """
        WITH made AS (SELECT unhex(json_extract(body, '$.session.id')) AS id FROM entries WHERE kind = 5),
             ended AS (SELECT unhex(json_extract(body, '$.session')) AS id FROM entries WHERE kind = 6)
        SELECT hex(id) FROM sessions WHERE id NOT IN (SELECT id FROM made) OR id IN (SELECT id FROM ended)
        UNION ALL SELECT hex(id) FROM made WHERE id NOT IN (SELECT id FROM ended) AND id NOT IN (SELECT id FROM sessions)""",
    "users are those created": """
        SELECT hex(id) FROM users WHERE id NOT IN (SELECT unhex(json_extract(body, '$.user.id')) FROM entries WHERE kind = 1)
        UNION ALL SELECT json_extract(body, '$.user.id') FROM entries
        WHERE kind = 1 AND unhex(json_extract(body, '$.user.id')) NOT IN (SELECT id FROM users)""",
    "a display name is that of the last change": """
        WITH told AS (SELECT unhex(json_extract(body, '$.user.id')) AS id, json_extract(body, '$.user.display_name') AS name,
                      row_number() OVER (PARTITION BY json_extract(body, '$.user.id') ORDER BY seq DESC) AS age
                      FROM entries WHERE kind IN (1, 2))
        SELECT hex(u.id) FROM users u LEFT JOIN told t ON t.id = u.id AND age = 1 WHERE u.display_name IS NOT t.name""",
    "nothing is left of a deleted room": """
        SELECT 'messages', hex(room) FROM messages WHERE room NOT IN (SELECT id FROM rooms)
        UNION SELECT 'mentions', hex(room) FROM mentions WHERE room NOT IN (SELECT id FROM rooms)
        UNION SELECT 'versions', hex(room) FROM message_versions WHERE room NOT IN (SELECT id FROM rooms)""",
}


def finish_deleting(database: sqlite3.Connection) -> None:
    """What of deleted rooms is still there goes piece by piece, and may be cut anywhere."""
    for (room,) in database.execute("SELECT id FROM deleted_rooms").fetchall():
        for table in ("messages", "mentions", "message_versions"):
            database.execute(f"DELETE FROM {table} WHERE room = ?", (room,))
        database.execute("DELETE FROM entries WHERE log = ?", (b"\x01" + room,))
    database.commit()


def copy_of(data: Path, to: Path) -> sqlite3.Connection:
    """Of the database of a server that does not run: the original stays as the crash left it."""
    for suffix in ("", "-wal"):
        source = data / f"makechat.db{suffix}"
        (to / f"copy.db{suffix}").write_bytes(source.read_bytes() if source.exists() else b"")
    (to / "copy.db-shm").unlink(missing_ok=True)
    database = sqlite3.connect(to / "copy.db")
    finish_deleting(database)
    database.create_function("unhex", 1, lambda digits: None if digits is None else bytes.fromhex(digits), deterministic=True)
    return database


def check(data: Path, to: Path) -> None:
    """The file is whole, and its tables agree with its log."""
    database = copy_of(data, to)
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        for rule, query in RULES.items():
            broken = database.execute(query).fetchmany(5)
            assert not broken, f"{rule}: {broken}"
    finally:
        database.close()

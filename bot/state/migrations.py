"""The form of the file, step by step. A step that was released is never changed."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE exchanges (
        name TEXT PRIMARY KEY,
        asked INTEGER NOT NULL,
        asker INTEGER NOT NULL,
        server INTEGER,
        channel INTEGER,
        message INTEGER,
        private INTEGER NOT NULL,
        shared INTEGER NOT NULL DEFAULT 0,
        follows TEXT NOT NULL,
        answer TEXT NOT NULL,
        others TEXT NOT NULL
    ) STRICT;
    CREATE INDEX exchanges_by_message ON exchanges (message);
    CREATE INDEX exchanges_by_age ON exchanges (asked);

    CREATE TABLE votes (
        exchange TEXT NOT NULL,
        voter BLOB NOT NULL,
        helpful INTEGER NOT NULL,
        reason TEXT,
        words TEXT,
        PRIMARY KEY (exchange, voter)
    ) STRICT;
    CREATE TABLE secret (value BLOB NOT NULL) STRICT;
    INSERT INTO secret VALUES (randomblob(32));

    CREATE TABLE calls (
        exchange TEXT PRIMARY KEY REFERENCES exchanges (name) ON DELETE CASCADE,
        state TEXT NOT NULL,
        helper INTEGER
    ) STRICT;

    CREATE TABLE servers (
        server INTEGER PRIMARY KEY,
        settings TEXT NOT NULL
    ) STRICT;
    """,
    """
    CREATE INDEX votes_with_voters ON votes (exchange) WHERE length(voter) = 16;
    ALTER TABLE exchanges ADD COLUMN generation TEXT NOT NULL DEFAULT '';
    """,
    """
    ALTER TABLE calls ADD COLUMN channel INTEGER;
    ALTER TABLE calls ADD COLUMN message INTEGER;
    ALTER TABLE calls ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
    """,
    """
    ALTER TABLE calls ADD COLUMN claim INTEGER;
    ALTER TABLE exchanges ADD COLUMN share_claim INTEGER;
    """,
)
"""`exchanges`: questions with their answers, kept for some days. `votes`: who voted shows only as a
hash that cannot be turned back without the secret. `calls`: questions that a person was asked to
answer. `servers`: what admins set. `votes_with_voters`: whose voter is yet to be
scrubbed."""

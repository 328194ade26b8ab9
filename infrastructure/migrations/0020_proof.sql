-- The trees over the logs, their signed heads, and who seals them.
-- depends: 0014_timers

-- Hashes of the tree in tiles of 256 (C2SP tlog-tiles): any proof reads a few rows. A tile grows and never shrinks.
CREATE TABLE proof_tile (
    log_id text COLLATE "C" NOT NULL,
    level int NOT NULL,
    index bigint NOT NULL,
    hashes bytea NOT NULL,
    PRIMARY KEY (log_id, level, index),
    CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0)
);
-- Hashes do not compress, and to try costs time.
ALTER TABLE proof_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- Each signed head. Size and root are those of the note.
CREATE TABLE checkpoint (
    log_id text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (log_id, size)
);

-- What a witness outside said of a head.
CREATE TABLE cosignature (
    log_id text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    lines text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (log_id, size)
);

-- Who may seal a log, by the database's clock, and why nobody does while it is broken.
CREATE TABLE sealing (
    log_id text COLLATE "C" PRIMARY KEY,
    lease_owner uuid,                -- null while nobody seals it
    lease_until timestamptz,
    breach text COLLATE "C",         -- null while all is well
    breach_position bigint,
    breach_since timestamptz
);

-- The leaves of the city's tree over its logs: a head of one of them each, newest last.
CREATE TABLE sealed_head (
    log_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    member text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    head text NOT NULL,              -- the text that was signed
    leaf_hash bytea NOT NULL,
    PRIMARY KEY (log_id, position),
    UNIQUE (log_id, member, size)
);

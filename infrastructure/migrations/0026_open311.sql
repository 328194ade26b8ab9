-- Open311: keys of those who send requests in, and the order in which the public reads them.
-- depends: 0024_erasing

CREATE TABLE open311_key (
    code text COLLATE "C" PRIMARY KEY,
    digest bytea UNIQUE NOT NULL,      -- SHA-256 of the key, which nobody keeps
    name text NOT NULL,                -- who holds it
    area text COLLATE "C" NOT NULL,
    jurisdiction text NOT NULL,        -- '' where its clients name none
    per_minute int NOT NULL CHECK (per_minute > 0),
    added_at timestamptz NOT NULL,
    ended_at timestamptz,              -- null while it opens
    minute timestamptz,                -- the minute that `calls` are counted in; null until it was used
    calls int NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_append') THEN
        GRANT SELECT, INSERT, UPDATE ON open311_key TO wangge_append;
        REVOKE DELETE ON open311_key FROM wangge_append;
    END IF;
END;
$$;

-- What the public may see of requests, the newest first (public_cases.sql says the same).
CREATE INDEX request_board_public ON request_board (log_id, generation, received_at DESC, id)
 WHERE channel = 'web' AND NOT confidential AND complained_about = '' AND category <> ''
   AND kind NOT IN ('complaint', 'report');

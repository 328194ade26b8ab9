-- Following a case by number and code: failed look-ups, for as long as they count. Near cases: where open ones lie.
-- depends: 0024_erasing

CREATE TABLE follow_failure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest bytea NOT NULL,  -- keyed: of the number asked for, or of the network address asked from
    failed_at timestamptz NOT NULL
);
CREATE INDEX follow_failure_by_digest ON follow_failure (digest, failed_at DESC);
CREATE INDEX follow_failure_by_time ON follow_failure (failed_at);

-- A strip of latitude is read off the index, longitude with it; points are never changed, so it costs once a case.
CREATE INDEX issue_board_by_point ON issue_board (log_id, generation, latitude, longitude) INCLUDE (reported_at)
 WHERE latitude IS NOT NULL;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_append') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON follow_failure TO wangge_append;
    END IF;
END;
$$;

-- The event store: every log in the same tables, log_id leading every key, positions dense from 1 in each log.
-- Also what the persistence module runs for CREATE_TABLE, so each statement bears being run again.
-- Nothing refers to a log by a foreign key: checking one would wait for the writer's lock on the log's row.
-- depends: 0004_sign_in_failures

-- A row here is a log's lock. It is never updated: versions of a counter would pile up below long snapshots.
CREATE TABLE IF NOT EXISTS log (
    log_id text COLLATE "C" PRIMARY KEY,
    opened_at timestamptz NOT NULL DEFAULT now()
);
-- As 0002 made it, but for any name, and compared alike everywhere, as co-location by log wants it.
ALTER TABLE log DROP CONSTRAINT IF EXISTS log_log_id_check, ALTER COLUMN log_id TYPE text COLLATE "C";

CREATE TABLE IF NOT EXISTS event (
    log_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    request_id uuid NOT NULL,        -- of the save: all its events or none
    topic text COLLATE "C" NOT NULL,
    schema_version int NOT NULL,
    state bytea NOT NULL,
    actor_ref text NOT NULL,         -- '' when the program itself acts
    correlation_id uuid NOT NULL,    -- what it all began with; the save itself when nobody said
    causation_id uuid,               -- the event that led to it, null when a person did
    recorded_at timestamptz NOT NULL,
    leaf_hash bytea NOT NULL,
    PRIMARY KEY (log_id, position)
);
CREATE UNIQUE INDEX IF NOT EXISTS event_by_stream ON event (log_id, stream_id, version);

-- Room on each page lets a head move on without touching an index.
CREATE TABLE IF NOT EXISTS stream_head (
    log_id text COLLATE "C" NOT NULL,
    stream_id uuid NOT NULL,
    type text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    last_position bigint NOT NULL,
    PRIMARY KEY (log_id, stream_id)
) WITH (fillfactor = 70);

-- What a save with a request key was answered: the position of its first event and how many there are.
CREATE TABLE IF NOT EXISTS request_answer (
    log_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    body_hash text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    version bigint NOT NULL,
    first_position bigint NOT NULL,
    n int NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (log_id, key)
);

CREATE TABLE IF NOT EXISTS personal_detail (
    log_id text COLLATE "C" NOT NULL,
    subject uuid NOT NULL,
    field text COLLATE "C" NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (log_id, subject, field)
);
ALTER TABLE personal_detail
    ALTER COLUMN log_id TYPE text COLLATE "C", ALTER COLUMN field TYPE text COLLATE "C";

-- How far a follower of another log has come, moved in the transaction of what it did.
CREATE TABLE IF NOT EXISTS tracking (
    log_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    request_id uuid,                 -- of the save that moved it, null when none did
    PRIMARY KEY (log_id, name)
) WITH (fillfactor = 50);

-- State of a stream at a version, so that long streams load fast. Thrown away at will.
CREATE TABLE IF NOT EXISTS snapshot (
    log_id text COLLATE "C" NOT NULL,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (log_id, stream_id, version)
);

-- The leaf of an event: each field as four bytes of length and its bytes, numbers as eight bytes, times in
-- microseconds since 1970, most significant byte first. Hashed with RFC 6962's mark of a leaf before it.
CREATE OR REPLACE FUNCTION leaf_hash(
    p_log_id text, p_position bigint, p_stream_id uuid, p_version bigint, p_event_id uuid, p_topic text,
    p_schema_version bigint, p_recorded_micros bigint, p_request_id uuid, p_actor_ref text,
    p_correlation_id uuid, p_causation_id uuid, p_state bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(
        '\x00'::bytea
        || '\x0000000d'::bytea || 'wangge-leaf-1'::bytea
        || int4send(octet_length(p_log_id)) || convert_to(p_log_id, 'UTF8')
        || '\x00000008'::bytea || int8send(p_position)
        || '\x00000010'::bytea || uuid_send(p_stream_id)
        || '\x00000008'::bytea || int8send(p_version)
        || '\x00000010'::bytea || uuid_send(p_event_id)
        || int4send(octet_length(p_topic)) || convert_to(p_topic, 'UTF8')
        || '\x00000008'::bytea || int8send(p_schema_version)
        || '\x00000008'::bytea || int8send(p_recorded_micros)
        || '\x00000010'::bytea || uuid_send(p_request_id)
        || int4send(octet_length(p_actor_ref)) || convert_to(p_actor_ref, 'UTF8')
        || '\x00000010'::bytea || uuid_send(p_correlation_id)
        || coalesce('\x00000010'::bytea || uuid_send(p_causation_id), '\x00000000'::bytea)
        || '\x00000020'::bytea || sha256(p_state))
$$;

-- Add the requests of one batch to one log: one row of answer each, in their order. Log id first, so that Citus
-- can send the call to the node that holds the log. A batch names no stream, key or follower twice.
--   recorded  it has the positions from first_position on
--   known     an earlier call recorded it, under its key or by its own id: the first answer
--   reused    its key was used for another body
--   conflict  stream_id is at version already
--   tracked   its follower is at position version or further
CREATE OR REPLACE FUNCTION append(
    p_log_id text,
    p_request_id uuid[], p_n int[], p_exact boolean[], p_case_id uuid[], p_case_version bigint[],
    p_key text[], p_body_hash text[], p_follower text[], p_followed bigint[],
    p_actor_ref text[], p_correlation_id uuid[], p_causation_id uuid[],
    p_stream_of int[], p_stream_id uuid[], p_type text[], p_first_version bigint[], p_last_version bigint[],
    p_last_nth int[],
    p_event_of int[], p_event_stream_id uuid[], p_version bigint[], p_event_id uuid[], p_topic text[],
    p_schema_version int[], p_state bytea[],
    p_detail_of int[], p_subject uuid[], p_field text[], p_value text[]
) RETURNS TABLE (status text, first_position bigint, n int, stream_id uuid, version bigint)
LANGUAGE plpgsql
-- Its plans are made once a session, maybe while the tables are empty, must still be right when they are not, and
-- cost more than the work if made for each call.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_requests int := cardinality(p_request_id);
    v_status text[] := array_fill('recorded'::text, ARRAY[v_requests]);
    v_first bigint[] := array_fill(NULL::bigint, ARRAY[v_requests]);
    v_before int[] := array_fill(0, ARRAY[v_requests]);  -- events of the batch before the request's own
    v_n int[] := p_n;
    v_stream_id uuid[] := p_case_id;
    v_version bigint[] := p_case_version;
    v_position bigint;
    v_recorded_at timestamptz;
    v_micros bigint;
    v_events int := 0;
    v_found record;
    v_keyed boolean := array_remove(p_key, NULL) <> '{}';
    v_followed boolean := array_remove(p_follower, NULL) <> '{}';
    v_recorded int := 0;
    v_moved int;
    v_known bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE 'a log is appended to in read committed, where each statement sees what the lock waited for';
    END IF;
    PERFORM FROM log WHERE log_id = p_log_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE 'there is no log %', p_log_id;
    END IF;
    SELECT e.position, e.recorded_at INTO v_position, v_recorded_at
      FROM event e WHERE e.log_id = p_log_id ORDER BY e.position DESC LIMIT 1;
    v_position := coalesce(v_position, 0);
    v_recorded_at := greatest(clock_timestamp(), v_recorded_at);
    v_micros := extract(epoch FROM v_recorded_at) * 1000000;

    -- Rows are numbered and the arrays looked into by number: unnest would set up a store for each column.
    -- Lookups are lateral, so that the plan is one look into the key's index each, whatever is known of the table.
    IF v_keyed THEN
        FOR v_found IN
            SELECT i AS request, a.body_hash = p_body_hash[i] AS same, a.case_id, a.version, a.first_position, a.n
              FROM generate_series(1, v_requests) AS i
             CROSS JOIN LATERAL (SELECT k.body_hash, k.case_id, k.version, k.first_position, k.n
                                   FROM request_answer k WHERE k.log_id = p_log_id AND k.key = p_key[i] LIMIT 1) a
        LOOP
            v_status[v_found.request] := CASE WHEN v_found.same THEN 'known' ELSE 'reused' END;
            v_first[v_found.request] := v_found.first_position;
            v_n[v_found.request] := v_found.n;
            v_stream_id[v_found.request] := v_found.case_id;
            v_version[v_found.request] := v_found.version;
        END LOOP;
    END IF;

    FOR v_found IN
        SELECT s.i, s.request, h.version
          FROM (SELECT i, p_stream_of[i] AS request FROM generate_series(1, cardinality(p_stream_id)) AS i) s
          LEFT JOIN LATERAL (SELECT h.version FROM stream_head h
                              WHERE h.log_id = p_log_id AND h.stream_id = p_stream_id[s.i] LIMIT 1) h ON true
         WHERE CASE WHEN p_exact[s.request] THEN p_first_version[s.i] <> coalesce(h.version, 0) + 1
                    ELSE p_first_version[s.i] <= h.version END
    LOOP
        CONTINUE WHEN v_status[v_found.request] <> 'recorded';  -- decided by its key or an earlier stream
        SELECT e.position INTO v_known
          FROM event e
         WHERE e.log_id = p_log_id AND e.stream_id = p_stream_id[v_found.i]
           AND e.version = p_first_version[v_found.i] AND e.request_id = p_request_id[v_found.request];
        IF FOUND THEN
            v_status[v_found.request] := 'known';
            v_first[v_found.request] := v_known;
        ELSE
            v_status[v_found.request] := 'conflict';
            v_stream_id[v_found.request] := p_stream_id[v_found.i];
            v_version[v_found.request] := coalesce(v_found.version, 0);
        END IF;
    END LOOP;

    IF v_followed THEN
        FOR v_found IN
            SELECT i AS request, t.position, t.request_id
              FROM generate_series(1, v_requests) AS i
             CROSS JOIN LATERAL (SELECT f.position, f.request_id FROM tracking f
                                  WHERE f.log_id = p_log_id AND f.name = p_follower[i] LIMIT 1) t
             WHERE t.position >= p_followed[i]
        LOOP
            CONTINUE WHEN v_status[v_found.request] <> 'recorded';
            IF v_found.request_id = p_request_id[v_found.request] THEN
                v_status[v_found.request] := 'known';
                v_first[v_found.request] := v_position + 1;
            ELSE
                v_status[v_found.request] := 'tracked';
                v_version[v_found.request] := v_found.position;
            END IF;
        END LOOP;
    END IF;

    v_position := v_position + 1;
    FOR v_request IN 1..v_requests LOOP
        v_before[v_request] := v_events;
        v_events := v_events + p_n[v_request];
        IF v_status[v_request] = 'recorded' THEN
            v_first[v_request] := v_position;
            v_position := v_position + p_n[v_request];
            v_recorded := v_recorded + 1;
        END IF;
    END LOOP;

    IF v_recorded > 0 THEN
        INSERT INTO event (log_id, position, stream_id, version, event_id, request_id, topic, schema_version, state,
                           actor_ref, correlation_id, causation_id, recorded_at, leaf_hash)
        SELECT p_log_id, e.position, p_event_stream_id[i], p_version[i], p_event_id[i], p_request_id[r], p_topic[i],
               p_schema_version[i], p_state[i], p_actor_ref[r], p_correlation_id[r], p_causation_id[r],
               v_recorded_at,
               leaf_hash(p_log_id, e.position, p_event_stream_id[i], p_version[i], p_event_id[i], p_topic[i],
                         p_schema_version[i], v_micros, p_request_id[r], p_actor_ref[r], p_correlation_id[r],
                         p_causation_id[r], p_state[i])
          FROM (SELECT i, r, v_first[r] + i - 1 - v_before[r] AS position
                  FROM (SELECT i, p_event_of[i] AS r FROM generate_series(1, v_events) AS i OFFSET 0) n
                 WHERE v_status[r] = 'recorded' OFFSET 0) e;

        INSERT INTO stream_head AS h (log_id, stream_id, type, version, last_position)
        SELECT p_log_id, p_stream_id[i], p_type[i], p_last_version[i], v_first[r] + p_last_nth[i]
          FROM (SELECT i, p_stream_of[i] AS r FROM generate_series(1, cardinality(p_stream_id)) AS i OFFSET 0) s
         WHERE v_status[r] = 'recorded'
            ON CONFLICT (log_id, stream_id)
            DO UPDATE SET version = excluded.version, last_position = excluded.last_position;
    END IF;

    IF v_keyed THEN
        INSERT INTO request_answer (log_id, key, body_hash, case_id, version, first_position, n, recorded_at)
        SELECT p_log_id, p_key[r], p_body_hash[r], p_case_id[r], p_case_version[r], v_first[r], p_n[r], v_recorded_at
          FROM generate_series(1, v_requests) AS r
         WHERE p_key[r] IS NOT NULL AND v_status[r] = 'recorded';
    END IF;

    IF v_followed THEN
        INSERT INTO tracking AS t (log_id, name, position, request_id)
        SELECT p_log_id, p_follower[r], p_followed[r], p_request_id[r]
          FROM generate_series(1, v_requests) AS r
         WHERE p_follower[r] IS NOT NULL AND v_status[r] = 'recorded'
            ON CONFLICT (log_id, name)
            DO UPDATE SET position = excluded.position, request_id = excluded.request_id
         WHERE t.position < excluded.position;
        GET DIAGNOSTICS v_moved = ROW_COUNT;
        IF v_moved < (SELECT count(*) FROM generate_series(1, v_requests) AS r
                       WHERE p_follower[r] IS NOT NULL AND v_status[r] = 'recorded') THEN
            -- One that writes no events, so takes no lock of the log, moved it since the look above.
            RAISE unique_violation USING MESSAGE = 'a follower was moved meanwhile';
        END IF;
    END IF;

    IF p_detail_of IS NOT NULL THEN
        INSERT INTO personal_detail (log_id, subject, field, value)
        SELECT p_log_id, p_subject[i], p_field[i], p_value[i]
          FROM generate_series(1, cardinality(p_detail_of)) AS i
         WHERE v_status[p_detail_of[i]] = 'recorded'
            ON CONFLICT (log_id, subject, field) DO UPDATE SET value = excluded.value;
    END IF;

    RETURN QUERY SELECT v_status[r], v_first[r], v_n[r], v_stream_id[r], v_version[r]
                   FROM generate_series(1, v_requests) AS r;
END;
$$;

-- What people told is sealed under a key of their own, and that key is wrapped by one kept outside the database.
-- Run by the persistence module too, after 0005, so each statement bears being run again.
-- depends: 0014_timers

-- Keys stand apart, so that they are backed up on a schedule of their own: a restored log must not bring back
-- the keys of those who were forgotten.
CREATE SCHEMA IF NOT EXISTS vault;

CREATE TABLE IF NOT EXISTS vault.subject_key (
    log_id text COLLATE "C" NOT NULL,
    subject uuid NOT NULL,
    kek_id text COLLATE "C" NOT NULL,   -- of the key that wraps it
    wrapped bytea,                      -- null once destroyed
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    restricted_at timestamptz,          -- set: kept, and shown to nobody
    destroyed_at timestamptz,
    PRIMARY KEY (log_id, subject),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- What telephone numbers are tagged with. Truncated tags in a table that can be emptied, under a key that can go.
CREATE TABLE IF NOT EXISTS vault.index_key (
    log_id text COLLATE "C" PRIMARY KEY,
    kek_id text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL
);

-- A field is sealed, or in the clear as an earlier release wrote it, or neither: erased.
ALTER TABLE personal_detail ADD COLUMN IF NOT EXISTS sealed bytea, ADD COLUMN IF NOT EXISTS tag int,
      ALTER COLUMN value DROP NOT NULL;
ALTER TABLE personal_detail DROP CONSTRAINT IF EXISTS personal_detail_once,
      ADD CONSTRAINT personal_detail_once CHECK (value IS NULL OR sealed IS NULL);
CREATE INDEX IF NOT EXISTS personal_detail_by_tag ON personal_detail (log_id, tag) WHERE tag IS NOT NULL;
CREATE INDEX IF NOT EXISTS personal_detail_in_clear ON personal_detail (log_id, subject) WHERE value IS NOT NULL;

DROP FUNCTION IF EXISTS append(
    text, uuid[], int[], boolean[], uuid[], bigint[], text[], text[], text[], bigint[], text[], uuid[], uuid[],
    int[], uuid[], text[], bigint[], bigint[], int[], int[], uuid[], bigint[], uuid[], text[], int[], bytea[],
    int[], uuid[], text[], text[]);

-- As 0005 made it, with details sealed and the key of a new subject beside them.
-- Add the requests of one batch to one log: one row of answer each, in their order. Log id first, so that Citus
-- can send the call to the node that holds the log. A batch names no stream, key or follower twice. With each answer
-- comes the leaf hash of the last event: what whoever wrote keeps.
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
    p_detail_of int[], p_subject uuid[], p_field text[], p_sealed bytea[], p_tag int[], p_kek_id text[], p_wrapped bytea[]
) RETURNS TABLE (status text, first_position bigint, n int, stream_id uuid, version bigint, leaf_hash bytea)
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
    v_begin bigint;       -- the position of the first event of the batch
    v_leaves bytea[];     -- the leaf hashes of its events, by position
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
    v_begin := v_position;
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
        WITH added AS (
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
                     WHERE v_status[r] = 'recorded' OFFSET 0) e
            RETURNING position, leaf_hash
        )
        SELECT array_agg(a.leaf_hash ORDER BY a.position) INTO v_leaves FROM added a;

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
        INSERT INTO vault.subject_key (log_id, subject, kek_id, wrapped)
        SELECT p_log_id, p_subject[i], p_kek_id[i], p_wrapped[i]
          FROM generate_series(1, cardinality(p_detail_of)) AS i
         WHERE p_wrapped[i] IS NOT NULL AND v_status[p_detail_of[i]] = 'recorded';
        INSERT INTO personal_detail (log_id, subject, field, sealed, tag)
        SELECT p_log_id, p_subject[i], p_field[i], p_sealed[i], p_tag[i]
          FROM generate_series(1, cardinality(p_detail_of)) AS i
         WHERE v_status[p_detail_of[i]] = 'recorded'
            ON CONFLICT (log_id, subject, field)
            DO UPDATE SET sealed = excluded.sealed, tag = excluded.tag, value = NULL;
    END IF;

    RETURN QUERY SELECT v_status[r], v_first[r], v_n[r], v_stream_id[r], v_version[r],
                        CASE v_status[r]
                            WHEN 'recorded' THEN v_leaves[v_first[r] + v_n[r] - v_begin]
                            WHEN 'known' THEN (SELECT e.leaf_hash FROM event e
                                                WHERE e.log_id = p_log_id AND e.position = v_first[r] + v_n[r] - 1)
                        END
                   FROM generate_series(1, v_requests) AS r;
END;
$$;

-- Moves each log out of the table of its own into the event store, in its order. Positions become dense, so the read
-- models, which know the old ones, are emptied and fold the logs again. What was not kept then is not made up: an
-- event counts as a save of its own, an answer's positions begin at its last.
-- depends: 0005_event_store

CREATE FUNCTION move_log(p_log_id text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('log' || p_log_id || '_events') IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('
        INSERT INTO event (log_id, position, stream_id, version, event_id, request_id, topic, schema_version, state,
                           actor_ref, correlation_id, causation_id, recorded_at, leaf_hash)
        SELECT $1, position, stream_id, version, event_id, request_id, topic, schema_version, state, actor_ref,
               request_id, NULL, recorded_at,
               leaf_hash($1, position, stream_id, version, event_id, topic, schema_version,
                         (extract(epoch FROM recorded_at) * 1000000)::bigint, request_id, actor_ref, request_id, NULL,
                         state)
          FROM (SELECT row_number() OVER (ORDER BY notification_id) AS position, originator_id AS stream_id,
                       originator_version AS version, gen_random_uuid() AS event_id,
                       gen_random_uuid() AS request_id, topic,
                       -- A state above its first version said so in its first bytes.
                       CASE WHEN marked THEN (facts->>''$version'')::int ELSE 1 END AS schema_version,
                       CASE WHEN marked THEN ''{''::bytea || substr(state, position('',''::bytea IN state) + 1)
                            ELSE state END AS state,
                       coalesce(facts->>''by'', '''') AS actor_ref,
                       max(recorded_at) OVER (ORDER BY notification_id) AS recorded_at
                  FROM (SELECT *, convert_from(state, ''UTF8'')::jsonb AS facts,
                               substr(state, 1, 12) = ''{"$version":''::bytea AS marked FROM %1$I) e) e
         ORDER BY position', 'log' || p_log_id || '_events') USING p_log_id;
    EXECUTE format('DROP TABLE %I', 'log' || p_log_id || '_events');
END;
$$;
DO $$ BEGIN PERFORM move_log(log_id) FROM log; END; $$;
DROP FUNCTION move_log(text);
DROP FUNCTION open_log(text);
DROP TYPE stored_event_uuid;

INSERT INTO stream_head (log_id, stream_id, type, version, last_position)
SELECT log_id, stream_id, regexp_replace((array_agg(topic ORDER BY version))[1], '[.][^.]*$', ''), max(version),
       max(position)
  FROM event GROUP BY log_id, stream_id;

INSERT INTO request_answer (log_id, key, body_hash, case_id, version, first_position, n, recorded_at)
SELECT k.log_id, k.key, k.body_hash, k.case_id, k.version, e.position, 1, k.recorded_at
  FROM request_key k
  JOIN event e ON e.log_id = k.log_id AND e.stream_id = k.last_case_id AND e.version = k.last_version;
DROP TABLE request_key;

TRUNCATE projection_progress, issue_board, request_board, timeline;

-- prepare --
CREATE TEMPORARY TABLE staged (
    position bigint NOT NULL, stream_id uuid NOT NULL, version bigint NOT NULL, event_id uuid NOT NULL,
    request_id uuid NOT NULL, topic text COLLATE "C" NOT NULL, schema_version int NOT NULL, state bytea NOT NULL,
    actor_ref text NOT NULL, recorded_at timestamptz NOT NULL
) ON COMMIT DELETE ROWS

-- last --
-- No row when there is no such log.
SELECT coalesce((SELECT e.position FROM event e WHERE e.log_id = l.log_id ORDER BY e.position DESC LIMIT 1), 0)
  FROM log l WHERE l.log_id = %(log_id)s

-- stage --
COPY staged (position, stream_id, version, event_id, request_id, topic, schema_version, state, actor_ref, recorded_at)
FROM STDIN (FORMAT BINARY)

-- add --
INSERT INTO event (log_id, position, stream_id, version, event_id, request_id, topic, schema_version, state,
                   actor_ref, correlation_id, causation_id, recorded_at, leaf_hash)
SELECT %(log_id)s, s.position, s.stream_id, s.version, s.event_id, s.request_id, s.topic, s.schema_version, s.state,
       s.actor_ref, s.request_id, NULL, s.recorded_at,
       leaf_hash(%(log_id)s, s.position, s.stream_id, s.version, s.event_id, s.topic, s.schema_version,
                 (extract(epoch FROM s.recorded_at) * 1000000)::bigint, s.request_id, s.actor_ref, s.request_id,
                 NULL, s.state)
  FROM staged s
 ORDER BY s.position

-- heads --
INSERT INTO stream_head (log_id, stream_id, type, version, last_position)
SELECT e.log_id, e.stream_id, split_part(min(e.topic), '.', 1), max(e.version), max(e.position)
  FROM event e
 WHERE e.log_id = %(log_id)s AND e.position > %(after)s
 GROUP BY e.log_id, e.stream_id

-- unfinished --
-- Logs whose last event's stream has no head.
SELECT l.log_id
  FROM log l
 CROSS JOIN LATERAL (SELECT e.stream_id FROM event e WHERE e.log_id = l.log_id ORDER BY e.position DESC LIMIT 1) e
  LEFT JOIN stream_head h ON h.log_id = l.log_id AND h.stream_id = e.stream_id
 WHERE h.stream_id IS NULL
 ORDER BY 1

-- cases --
SELECT count(*) FROM stream_head WHERE type IN ('issue', 'request')

-- settle --
VACUUM (ANALYZE)

-- sizes --
-- Every table with what belongs to it, the largest first.
SELECT c.relname, pg_total_relation_size(c.oid)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = current_schema() AND c.relkind = 'r' AND pg_total_relation_size(c.oid) > 65536
 ORDER BY 2 DESC, 1

-- migrated --
SELECT to_regclass('log') IS NOT NULL

-- foreign_logs --
SELECT DISTINCT log_id FROM log WHERE NOT starts_with(log_id, %(city)s) ORDER BY 1

-- load --
-- The newest snapshot that today's code wrote, then what was recorded after it.
WITH newest AS (
    SELECT version, topic, state FROM snapshot
     WHERE log_id = %(log_id)s AND stream_id = %(stream_id)s AND topic = ANY(%(topics)s::text[])
     ORDER BY version DESC LIMIT 1
)
SELECT version, topic, 1 AS schema_version, state FROM newest
 UNION ALL
(SELECT version, topic, schema_version, state FROM event
  WHERE log_id = %(log_id)s AND stream_id = %(stream_id)s
    AND version > coalesce((SELECT version FROM newest), 0)
  ORDER BY version)

-- read --
SELECT position, recorded_at, stream_id, version, topic, schema_version, state
  FROM event
 WHERE log_id = %(log_id)s AND position > %(after)s
 ORDER BY position LIMIT %(limit)s

-- last_position --
SELECT coalesce(max(position), 0) FROM event WHERE log_id = %(log_id)s

-- first_answer --
SELECT a.body_hash, a.case_id, a.version, a.first_position + a.n - 1, e.leaf_hash
  FROM request_answer a
  LEFT JOIN event e ON e.log_id = a.log_id AND e.position = a.first_position + a.n - 1
 WHERE a.log_id = %(log_id)s AND a.key = %(key)s

-- open --
INSERT INTO log (log_id) SELECT unnest(%(log_ids)s::text[]) ON CONFLICT (log_id) DO NOTHING

-- grown --
-- Streams that went on in a stretch of the log and are long past their newest snapshot.
SELECT e.stream_id
  FROM (SELECT DISTINCT stream_id FROM event
         WHERE log_id = %(log_id)s AND position > %(after)s AND position <= %(upto)s AND version > %(behind)s) e
  JOIN stream_head h ON h.log_id = %(log_id)s AND h.stream_id = e.stream_id
 WHERE h.version > %(behind)s + coalesce((
           SELECT max(s.version) FROM snapshot s
            WHERE s.log_id = %(log_id)s AND s.stream_id = e.stream_id AND s.topic = ANY(%(topics)s::text[])), 0)

-- replace_snapshot --
WITH gone AS (DELETE FROM snapshot WHERE log_id = %(log_id)s AND stream_id = %(stream_id)s AND version < %(version)s)
INSERT INTO snapshot (log_id, stream_id, version, topic, state)
VALUES (%(log_id)s, %(stream_id)s, %(version)s, %(topic)s, %(state)s)
    ON CONFLICT (log_id, stream_id, version) DO UPDATE SET topic = excluded.topic, state = excluded.state

-- followed --
SELECT position FROM tracking WHERE log_id = %(log_id)s AND name = %(follower)s

-- follow --
INSERT INTO tracking (log_id, name, position) VALUES (%(log_id)s, %(follower)s, %(position)s)
    ON CONFLICT (log_id, name) DO UPDATE SET position = excluded.position

-- newest --
SELECT coalesce(max(e.position), 0) FROM event e WHERE e.log_id = %(log_id)s

-- between --
SELECT e.position, e.stream_id::text, e.version, e.topic, e.schema_version, e.state, e.recorded_at
  FROM event e
 WHERE e.log_id = %(log_id)s AND e.position > %(after)s AND e.position <= %(upto)s
   AND e.topic LIKE ANY(%(patterns)s)
 ORDER BY e.position
 LIMIT %(limit)s

-- placings --
-- Every event up to a position that said where one of these cases lies.
SELECT e.position, e.stream_id::text, e.version, e.topic, e.schema_version, e.state, e.recorded_at
  FROM event e
 WHERE e.log_id = %(log_id)s AND e.stream_id = ANY(%(cases)s) AND e.position <= %(upto)s
   AND e.topic = ANY(%(topics)s)
 ORDER BY e.position

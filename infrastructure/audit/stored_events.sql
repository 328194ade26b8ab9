-- at --
SELECT position, stream_id, version, event_id, topic, schema_version, recorded_at, request_id, actor_ref,
       correlation_id, causation_id, state, leaf_hash
  FROM event
 WHERE log_id = %(log_id)s AND position = %(position)s

-- ends --
SELECT min(position), max(position), max(version)
  FROM event
 WHERE log_id = %(log_id)s AND stream_id = %(stream)s

-- versions --
SELECT position, stream_id, version, event_id, topic, schema_version, recorded_at, request_id, actor_ref,
       correlation_id, causation_id, state, leaf_hash
  FROM event
 WHERE log_id = %(log_id)s AND stream_id = %(stream)s AND version BETWEEN %(first)s AND %(last)s
 ORDER BY version

-- last --
SELECT position, stream_id, version, event_id, topic, schema_version, recorded_at, request_id, actor_ref,
       correlation_id, causation_id, state, leaf_hash
  FROM event
 WHERE log_id = %(log_id)s AND stream_id = %(stream)s AND position <= %(upto)s
 ORDER BY version DESC
 LIMIT 1

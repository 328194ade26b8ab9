-- newest --
SELECT l.log_id, coalesce((SELECT max(e.position) FROM event e WHERE e.log_id = l.log_id), 0)
  FROM unnest(%(logs)s::text[]) AS l (log_id)

-- between --
SELECT position, stream_id::text, version, topic, schema_version, state, recorded_at
  FROM event
 WHERE log_id = %(log_id)s AND position > %(after)s AND position <= %(upto)s
 ORDER BY position

-- between_of_shard --
-- A shard is told by the last byte of the stream's id, which is random in all ids we give.
SELECT position, stream_id::text, version, topic, schema_version, state, recorded_at
  FROM event
 WHERE log_id = %(log_id)s AND position > %(after)s AND position <= %(upto)s
   AND get_byte(uuid_send(stream_id), 15) %% %(shards)s = %(shard)s
 ORDER BY position

-- at --
SELECT position, stream_id::text, version, topic, schema_version, state, recorded_at
  FROM event
 WHERE log_id = %(log_id)s AND position = %(position)s

-- events --
SELECT stream_id, version, topic, state
  FROM event
 WHERE log_id = %(log_id)s AND stream_id = %(stream_id)s AND version > %(gt)s AND version <= %(lte)s
 ORDER BY version LIMIT %(limit)s

-- events_newest_first --
SELECT stream_id, version, topic, state
  FROM event
 WHERE log_id = %(log_id)s AND stream_id = %(stream_id)s AND version > %(gt)s AND version <= %(lte)s
 ORDER BY version DESC LIMIT %(limit)s

-- notifications --
SELECT stream_id, version, topic, state, position
  FROM event
 WHERE log_id = %(log_id)s AND position >= %(start)s AND position <= %(stop)s
 ORDER BY position LIMIT %(limit)s

-- notifications_of_topics --
SELECT stream_id, version, topic, state, position
  FROM event
 WHERE log_id = %(log_id)s AND position >= %(start)s AND position <= %(stop)s AND topic = ANY(%(topics)s)
 ORDER BY position LIMIT %(limit)s

-- last_position --
SELECT max(position) FROM event WHERE log_id = %(log_id)s

-- tracked --
SELECT position FROM tracking WHERE log_id = %(log_id)s AND name = %(name)s

-- track --
INSERT INTO tracking AS t (log_id, name, position)
VALUES (%(log_id)s, %(name)s, %(position)s)
    ON CONFLICT (log_id, name) DO UPDATE SET position = excluded.position, request_id = NULL
 WHERE t.position < excluded.position

-- snapshots --
SELECT stream_id, version, topic, state
  FROM snapshot
 WHERE log_id = %(log_id)s AND stream_id = %(stream_id)s AND version > %(gt)s AND version <= %(lte)s
 ORDER BY version LIMIT %(limit)s

-- snapshots_newest_first --
SELECT stream_id, version, topic, state
  FROM snapshot
 WHERE log_id = %(log_id)s AND stream_id = %(stream_id)s AND version > %(gt)s AND version <= %(lte)s
 ORDER BY version DESC LIMIT %(limit)s

-- keep_snapshots --
INSERT INTO snapshot (log_id, stream_id, version, topic, state)
SELECT %(log_id)s, s.stream_id, s.version, s.topic, s.state
  FROM unnest(%(stream_id)s::uuid[], %(version)s::bigint[], %(topic)s::text[], %(state)s::bytea[])
       AS s (stream_id, version, topic, state)

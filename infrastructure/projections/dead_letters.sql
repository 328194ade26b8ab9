-- parked --
SELECT DISTINCT stream_id::text FROM dead_letter
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s
   AND state IN ('poison', 'waiting')

-- park --
INSERT INTO dead_letter (log_id, projection, generation, position, stream_id, version, topic, state, error, attempts)
VALUES (%(log_id)s, %(projection)s, %(generation)s, %(position)s, %(stream_id)s, %(version)s, %(topic)s, %(state)s,
        %(error)s, %(attempts)s)

-- letters --
SELECT log_id, projection, generation, position, stream_id, version, topic, state, error, attempts, parked_at
  FROM dead_letter
 WHERE log_id = ANY(%(logs)s)
   AND (%(stream_id)s::uuid IS NULL OR stream_id = %(stream_id)s)
   AND (%(projection)s::text IS NULL OR projection = %(projection)s)
 ORDER BY log_id, projection, generation, position
 LIMIT %(most)s

-- streams --
SELECT DISTINCT d.log_id, d.projection, d.generation, d.stream_id
  FROM dead_letter d
  JOIN projection_generation g
    ON g.log_id = d.log_id AND g.projection = d.projection AND g.generation = d.generation
 WHERE d.log_id = ANY(%(logs)s) AND d.state IN ('poison', 'waiting') AND g.state IN ('active', 'building')
   AND (%(stream_id)s::uuid IS NULL OR d.stream_id = %(stream_id)s)
   AND (%(projection)s::text IS NULL OR d.projection = %(projection)s)
 ORDER BY d.log_id, d.projection, d.generation, d.stream_id

-- next_of --
SELECT position FROM dead_letter
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s
   AND stream_id = %(stream_id)s AND state IN ('poison', 'waiting')
 ORDER BY position
 LIMIT 1

-- delivered --
DELETE FROM dead_letter
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s AND position = %(position)s

-- failed_again --
UPDATE dead_letter SET state = 'poison', error = %(error)s, attempts = attempts + 1
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s AND position = %(position)s

-- skip --
UPDATE dead_letter SET state = 'skipped'
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND position = %(position)s AND state = 'poison'
RETURNING stream_id

-- counted --
SELECT count(*)
  FROM served_issue i
 WHERE i.log_id = %(log_id)s AND i.number <= %(upto)s
   AND i.grid LIKE ANY(%(areas)s) AND (%(places)s::text[] IS NULL OR i.grid LIKE ALL(%(places)s))
   AND (%(category)s::text IS NULL OR i.category = %(category)s)
   AND (%(channel)s::text IS NULL OR i.channel = %(channel)s)
   AND i.reported_at < %(end)s AND i.filed_at >= %(start)s

-- page --
-- The board says which cases to look at: those filed last, by now, in the period or after it. What was known then is
-- asked of the events themselves.
SELECT i.id, i.number
  FROM issue_board i
 WHERE i.log_id = %(log_id)s
   AND i.generation = (SELECT g.generation FROM projection_generation g
                        WHERE g.log_id = %(log_id)s AND g.projection = 'board' AND g.state = 'active')
   AND i.number > %(after)s AND i.number <= %(upto)s
   AND i.grid LIKE ANY(%(areas)s) AND (%(places)s::text[] IS NULL OR i.grid LIKE ALL(%(places)s))
   AND (%(category)s::text IS NULL OR i.category = %(category)s)
   AND (%(channel)s::text IS NULL OR i.channel = %(channel)s)
   AND i.reported_at < %(end)s AND i.filed_at >= %(start)s
 ORDER BY i.number
 LIMIT %(limit)s

-- steps --
SELECT e.stream_id, e.version, e.topic, e.schema_version, e.state
  FROM event e
 WHERE e.log_id = %(log_id)s AND e.stream_id = ANY(%(ids)s) AND e.position <= %(upto)s
 ORDER BY e.stream_id, e.version

-- calendars --
SELECT e.stream_id, e.version, e.topic, e.schema_version, e.state
  FROM event e
 WHERE e.log_id = %(log_id)s AND e.stream_id = ANY(%(ids)s)
 ORDER BY e.stream_id, e.version

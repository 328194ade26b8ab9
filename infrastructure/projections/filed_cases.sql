-- counted --
SELECT i.category, count(*)
  FROM served_issue i
 WHERE i.log_id = ANY(%(logs)s) AND i.grid LIKE ANY(%(areas)s)
   AND i.filed_at >= %(start)s AND i.filed_at < %(end)s
   AND i.stage NOT IN ('voided', 'merged') AND NOT i.exempt
 GROUP BY i.category

-- filed --
SELECT i.id, i.number, i.category, i.filed_at
  FROM served_issue i
 WHERE i.log_id = %(log_id)s AND i.number > %(after)s AND i.grid LIKE ANY(%(areas)s)
   AND i.category = ANY(%(categories)s)
   AND i.filed_at >= %(start)s AND i.filed_at < %(end)s
   AND i.stage NOT IN ('voided', 'merged') AND NOT i.exempt
 ORDER BY i.number
 LIMIT %(limit)s

-- steps --
SELECT stream_id, version, topic, schema_version, state
  FROM event
 WHERE log_id = %(log_id)s AND stream_id = ANY(%(ids)s) AND topic = ANY(%(topics)s)
 ORDER BY stream_id, version

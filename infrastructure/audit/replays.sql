-- moment --
SELECT e.recorded_at
  FROM event e
 WHERE e.log_id = %(log_id)s AND e.position <= %(position)s
 ORDER BY e.position DESC
 LIMIT 1

-- streams --
SELECT e.position, e.stream_id::text, e.version, e.topic, e.schema_version, e.state, e.recorded_at
  FROM event e
 WHERE e.log_id = %(log_id)s AND e.stream_id = ANY(%(ids)s::uuid[]) AND e.position <= %(position)s
 ORDER BY e.position

-- following --
-- The next step of each of the cases.
SELECT s.id::text, (SELECT min(e.position) FROM event e
                     WHERE e.log_id = %(log_id)s AND e.stream_id = s.id AND e.position > %(position)s)
  FROM unnest(%(ids)s::uuid[]) AS s (id)

-- issues --
SELECT i.number, i.id
  FROM served_issue i
 WHERE i.log_id = %(log_id)s AND i.number <= %(position)s AND i.number < %(before)s
 ORDER BY i.number DESC
 LIMIT %(limit)s

-- led_by --
-- By the facts as they were known then: who held what at that position.
SELECT i.number, i.id
  FROM served_holding h
  JOIN served_issue i ON i.log_id = h.log_id AND i.id = h.case_id
 WHERE h.log_id = %(log_id)s AND h.holder_kind = 'unit' AND h.holder = %(unit)s AND h.case_kind = 'issue'
   AND h.known_from <= %(position)s AND (h.known_to IS NULL OR h.known_to > %(position)s)
   AND i.number < %(before)s
 ORDER BY i.number DESC
 LIMIT %(limit)s

-- steps --
SELECT e.position, e.stream_id::text, e.version, e.topic, e.schema_version, e.state, e.recorded_at
  FROM event e
 WHERE e.log_id = %(log_id)s AND e.position > %(after)s AND e.position <= %(upto)s
   AND (e.topic LIKE 'issue.%%' OR e.topic LIKE 'request.%%' OR e.topic LIKE 'whistle.%%')
   AND (%(case_id)s::uuid IS NULL OR e.stream_id = %(case_id)s)
 ORDER BY e.position
 LIMIT %(limit)s

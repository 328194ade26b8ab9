-- issues --
SELECT 'issue', i.id, i.longitude, i.latitude, NULL::uuid
  FROM served_issue i
 WHERE i.log_id = %(log_id)s AND i.grid = %(grid)s AND i.stage = ANY(%(stages)s)
   AND (%(but_edition)s::int IS NULL OR i.grid_edition <> %(but_edition)s)
   AND (%(after)s::uuid IS NULL OR i.id > %(after)s)
 ORDER BY i.id
 LIMIT %(limit)s

-- requests --
SELECT 'request', r.id, r.longitude, r.latitude, r.issue
  FROM served_request r
 WHERE r.log_id = %(log_id)s AND r.place = %(grid)s AND r.stage = ANY(%(stages)s)
   AND (%(after)s::uuid IS NULL OR r.id > %(after)s)
 ORDER BY r.id
 LIMIT %(limit)s

-- last_assigned --
-- By number within one generation, so that each page reads on in the index where the one before ended.
SELECT i.log_id, i.id, i.number, i.category, i.grid, i.channel, i.lead, i.copies, i.assists, i.assigned_at
  FROM issue_board i
 WHERE i.log_id = %(log_id)s
   AND i.generation = (SELECT g.generation FROM projection_generation g
                        WHERE g.log_id = %(log_id)s AND g.projection = 'board' AND g.state = 'active')
   AND i.number > %(after)s
   AND i.assigned_at IS NOT NULL
   AND i.grid LIKE ANY(%(areas)s)
   AND (%(since)s::timestamptz IS NULL OR i.assigned_at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR i.assigned_at < %(until)s)
 ORDER BY i.number
 LIMIT %(limit)s

-- newest_number --
SELECT coalesce(max(i.number), 0)
  FROM issue_board i
 WHERE i.log_id = %(log_id)s
   AND i.generation = (SELECT g.generation FROM projection_generation g
                        WHERE g.log_id = %(log_id)s AND g.projection = 'board' AND g.state = 'active')

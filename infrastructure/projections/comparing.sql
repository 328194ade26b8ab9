-- one_moment --
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY

-- positions --
SELECT g.state, g.generation, min(p.position)
  FROM projection_generation g
  JOIN projection_progress p ON p.log_id = g.log_id AND p.projection = g.projection AND p.generation = g.generation
 WHERE g.log_id = %(log_id)s AND g.projection = %(projection)s AND g.state IN ('active', 'building')
 GROUP BY g.state, g.generation

-- issue_board --
SELECT coalesce(s.row, r.row)::text, r.row IS NULL, count(*) OVER ()
  FROM (SELECT to_jsonb(t) - 'generation' AS row FROM issue_board t
         WHERE t.log_id = %(log_id)s AND t.generation = %(served)s) s
  FULL JOIN (SELECT to_jsonb(t) - 'generation' AS row FROM issue_board t
              WHERE t.log_id = %(log_id)s AND t.generation = %(rebuilt)s) r ON r.row = s.row
 WHERE s.row IS NULL OR r.row IS NULL
 ORDER BY 1
 LIMIT %(limit)s

-- request_board --
SELECT coalesce(s.row, r.row)::text, r.row IS NULL, count(*) OVER ()
  FROM (SELECT to_jsonb(t) - 'generation' AS row FROM request_board t
         WHERE t.log_id = %(log_id)s AND t.generation = %(served)s) s
  FULL JOIN (SELECT to_jsonb(t) - 'generation' AS row FROM request_board t
              WHERE t.log_id = %(log_id)s AND t.generation = %(rebuilt)s) r ON r.row = s.row
 WHERE s.row IS NULL OR r.row IS NULL
 ORDER BY 1
 LIMIT %(limit)s

-- whistle_board --
SELECT coalesce(s.row, r.row)::text, r.row IS NULL, count(*) OVER ()
  FROM (SELECT to_jsonb(t) - 'generation' AS row FROM whistle_board t
         WHERE t.log_id = %(log_id)s AND t.generation = %(served)s) s
  FULL JOIN (SELECT to_jsonb(t) - 'generation' AS row FROM whistle_board t
              WHERE t.log_id = %(log_id)s AND t.generation = %(rebuilt)s) r ON r.row = s.row
 WHERE s.row IS NULL OR r.row IS NULL
 ORDER BY 1
 LIMIT %(limit)s

-- timeline --
SELECT coalesce(s.row, r.row)::text, r.row IS NULL, count(*) OVER ()
  FROM (SELECT to_jsonb(t) - 'generation' AS row FROM timeline t
         WHERE t.log_id = %(log_id)s AND t.generation = %(served)s) s
  FULL JOIN (SELECT to_jsonb(t) - 'generation' AS row FROM timeline t
              WHERE t.log_id = %(log_id)s AND t.generation = %(rebuilt)s) r ON r.row = s.row
 WHERE s.row IS NULL OR r.row IS NULL
 ORDER BY 1
 LIMIT %(limit)s

-- holding --
SELECT coalesce(s.row, r.row)::text, r.row IS NULL, count(*) OVER ()
  FROM (SELECT to_jsonb(t) - 'generation' AS row FROM holding t
         WHERE t.log_id = %(log_id)s AND t.generation = %(served)s) s
  FULL JOIN (SELECT to_jsonb(t) - 'generation' AS row FROM holding t
              WHERE t.log_id = %(log_id)s AND t.generation = %(rebuilt)s) r ON r.row = s.row
 WHERE s.row IS NULL OR r.row IS NULL
 ORDER BY 1
 LIMIT %(limit)s

-- outcome --
SELECT coalesce(s.row, r.row)::text, r.row IS NULL, count(*) OVER ()
  FROM (SELECT to_jsonb(t) - 'generation' AS row FROM outcome t
         WHERE t.log_id = %(log_id)s AND t.generation = %(served)s) s
  FULL JOIN (SELECT to_jsonb(t) - 'generation' AS row FROM outcome t
              WHERE t.log_id = %(log_id)s AND t.generation = %(rebuilt)s) r ON r.row = s.row
 WHERE s.row IS NULL OR r.row IS NULL
 ORDER BY 1
 LIMIT %(limit)s

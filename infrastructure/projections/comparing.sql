-- one_moment --
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY

-- positions --
SELECT g.state, g.generation, min(p.position)
  FROM projection_generation g
  JOIN projection_progress p ON p.log_id = g.log_id AND p.projection = g.projection AND p.generation = g.generation
 WHERE g.log_id = %(log_id)s AND g.projection = %(projection)s AND g.state IN ('active', 'building')
 GROUP BY g.state, g.generation

-- odd --
-- Rows of a read model that only one of two generations has.
WITH kept AS (
    SELECT 'issue_board' AS name, t.generation, to_jsonb(t) - 'generation' AS row
      FROM issue_board t
     WHERE %(projection)s = 'board' AND t.log_id = %(log_id)s AND t.generation IN (%(served)s, %(rebuilt)s)
     UNION ALL
    SELECT 'request_board' AS name, t.generation, to_jsonb(t) - 'generation' AS row
      FROM request_board t
     WHERE %(projection)s = 'board' AND t.log_id = %(log_id)s AND t.generation IN (%(served)s, %(rebuilt)s)
     UNION ALL
    SELECT 'whistle_board' AS name, t.generation, to_jsonb(t) - 'generation' AS row
      FROM whistle_board t
     WHERE %(projection)s = 'board' AND t.log_id = %(log_id)s AND t.generation IN (%(served)s, %(rebuilt)s)
     UNION ALL
    SELECT 'timeline' AS name, t.generation, to_jsonb(t) - 'generation' AS row
      FROM timeline t
     WHERE %(projection)s = 'timeline' AND t.log_id = %(log_id)s AND t.generation IN (%(served)s, %(rebuilt)s)
     UNION ALL
    SELECT 'holding' AS name, t.generation, to_jsonb(t) - 'generation' AS row
      FROM holding t
     WHERE %(projection)s = 'facts' AND t.log_id = %(log_id)s AND t.generation IN (%(served)s, %(rebuilt)s)
     UNION ALL
    SELECT 'outcome' AS name, t.generation, to_jsonb(t) - 'generation' AS row
      FROM outcome t
     WHERE %(projection)s = 'facts' AND t.log_id = %(log_id)s AND t.generation IN (%(served)s, %(rebuilt)s)
)
SELECT coalesce(s.name, r.name), coalesce(s.row, r.row)::text, r.row IS NULL, count(*) OVER ()
  FROM (SELECT name, row FROM kept WHERE generation = %(served)s) s
  FULL JOIN (SELECT name, row FROM kept WHERE generation = %(rebuilt)s) r ON r.name = s.name AND r.row = s.row
 WHERE s.row IS NULL OR r.row IS NULL
 ORDER BY 1, 2
 LIMIT %(limit)s

-- attempts --
SELECT a.log_id, a.position, a.happened_at, a.recorded_at, a.outcome, a."case", a.grid, a.category,
       ARRAY(SELECT jsonb_array_elements_text(a.units)) AS units, a.by, a.asking_unit, a.edition
  FROM served_duty_attempt a
 WHERE a.log_id = ANY(%(logs)s) AND a.grid LIKE ANY(%(areas)s)
   AND (%(own_units)s::text[] IS NULL OR a.asking_unit = ANY(%(own_units)s) OR a.units ?| %(own_units)s::text[])
   AND (%(start)s::timestamptz IS NULL OR a.happened_at >= %(start)s)
   AND (%(end)s::timestamptz IS NULL OR a.happened_at < %(end)s)
   AND (%(asking_unit)s::text IS NULL OR a.asking_unit = %(asking_unit)s)
   AND (%(unit)s::text IS NULL OR a.units ? %(unit)s)
   AND (%(category)s::text IS NULL OR a.category = %(category)s)
   AND (%(outcome)s::text IS NULL OR a.outcome = %(outcome)s)
   AND (%(after_at)s::timestamptz IS NULL
        OR (a.happened_at, a.log_id, a.position) < (%(after_at)s, %(after_log)s::text, %(after_position)s::bigint))
 ORDER BY a.happened_at DESC, a.log_id DESC, a.position DESC
 LIMIT %(limit)s

-- groups --
-- An attempt that names two units is one attempt wherever units are not told apart.
WITH counted AS (
    SELECT CASE WHEN 'asking_unit' = ANY(%(by)s::text[]) THEN a.asking_unit ELSE '' END COLLATE "C" AS asking_unit,
           CASE WHEN 'unit' = ANY(%(by)s::text[]) THEN u.unit ELSE '' END COLLATE "C" AS unit,
           CASE WHEN 'category' = ANY(%(by)s::text[]) THEN a.category ELSE '' END COLLATE "C" AS category,
           CASE WHEN 'month' = ANY(%(by)s::text[])
                THEN to_char(a.happened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') ELSE '' END COLLATE "C" AS month,
           a.outcome, a.happened_at, (a.log_id, a.position) AS attempt
      FROM served_duty_attempt a
     CROSS JOIN LATERAL jsonb_array_elements_text(a.units) AS u (unit)
     WHERE a.log_id = ANY(%(logs)s) AND a.grid LIKE ANY(%(areas)s)
       AND (%(own_units)s::text[] IS NULL OR a.asking_unit = ANY(%(own_units)s) OR u.unit = ANY(%(own_units)s))
       AND (%(start)s::timestamptz IS NULL OR a.happened_at >= %(start)s)
       AND (%(end)s::timestamptz IS NULL OR a.happened_at < %(end)s)
       AND (%(asking_unit)s::text IS NULL OR a.asking_unit = %(asking_unit)s)
       AND (%(unit)s::text IS NULL OR u.unit = %(unit)s)
       AND (%(category)s::text IS NULL OR a.category = %(category)s)
       AND (%(outcome)s::text IS NULL OR a.outcome = %(outcome)s)
)
SELECT asking_unit, unit, category, month,
       count(DISTINCT attempt) FILTER (WHERE outcome = 'refused') AS refused,
       count(DISTINCT attempt) FILTER (WHERE outcome = 'flagged') AS flagged,
       max(happened_at) AS last_at
  FROM counted
 WHERE %(after)s::text[] IS NULL
    OR (asking_unit, unit, category, month)
       > ((%(after)s::text[])[1], (%(after)s::text[])[2], (%(after)s::text[])[3], (%(after)s::text[])[4])
 GROUP BY asking_unit, unit, category, month
 ORDER BY asking_unit, unit, category, month
 LIMIT %(limit)s

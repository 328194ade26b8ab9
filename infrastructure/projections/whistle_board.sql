-- fetch --
SELECT to_json(w)::text
  FROM whistle_board w
 WHERE w.log_id = %(log_id)s AND w.generation = %(generation)s AND w.id = ANY(%(ids)s::uuid[])

-- begin --
COPY whistle_board (log_id, generation, id, number, version, stage, issue, grid, caller, occasion, about, called,
                    awaited, caller_awaited, late, absent, arrivals, ratings, verdicts, blown_by, blown_at, due,
                    ended_at, measure, changed_at)
FROM STDIN

-- change --
UPDATE whistle_board AS b
   SET version = c.version, stage = c.stage, awaited = c.awaited, caller_awaited = c.caller_awaited, late = c.late,
       absent = c.absent, arrivals = c.arrivals, ratings = c.ratings, verdicts = c.verdicts, ended_at = c.ended_at,
       measure = c.measure, changed_at = c.changed_at
  FROM json_populate_recordset(NULL::whistle_board, %(rows)s::json) AS c
 WHERE b.log_id = %(log_id)s AND b.generation = %(generation)s AND b.id = c.id

-- analyze --
ANALYZE whistle_board (log_id, generation, id)

-- drop --
DELETE FROM whistle_board
 WHERE log_id = %(log_id)s AND generation = %(generation)s AND number > %(after)s AND number <= %(upto)s

-- by_index --
-- What is planned while the tables are empty, or before anybody counted them, must still be right when they are not.
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true)

-- cases --
SELECT c.id::text, c.state
  FROM fact_case c
 WHERE c.log_id = %(log_id)s AND c.generation = %(generation)s AND c.id = ANY(%(ids)s::uuid[])

-- begin_cases --
COPY fact_case (log_id, generation, id, number, state) FROM STDIN

-- change_cases --
UPDATE fact_case AS f
   SET state = c.state
  FROM (SELECT (e ->> 0)::uuid AS id, e ->> 1 AS state FROM json_array_elements(%(cases)s::json) AS e) c
 WHERE f.log_id = %(log_id)s AND f.generation = %(generation)s AND f.id = c.id

-- add_spans --
COPY holding (log_id, generation, case_id, case_kind, nth, holder_kind, holder, stage, level, round, clock, rules,
              place, unit, category, channel, started_at, known_from, ended_at, known_to)
FROM STDIN

-- end_spans --
UPDATE holding AS h
   SET ended_at = e.ended_at, known_to = e.known_to
  FROM unnest(%(ids)s::uuid[], %(nths)s::int[], %(at)s::timestamptz[], %(positions)s::bigint[])
       AS e (case_id, nth, ended_at, known_to)
 WHERE h.log_id = %(log_id)s AND h.generation = %(generation)s AND h.case_id = e.case_id AND h.nth = e.nth

-- add_outcomes --
COPY outcome (log_id, generation, case_id, case_kind, kind, nth, at, place, unit, category, channel, done_at, done_in,
              exempt_in, value, seconds, contacted, solved, satisfaction, known_from, known_to)
FROM STDIN

-- finish_outcomes --
UPDATE outcome AS o
   SET done_at = d.done_at, done_in = d.done_in, seconds = d.seconds
  FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(nths)s::int[], %(at)s::timestamptz[], %(positions)s::bigint[],
              %(seconds)s::bigint[]) AS d (case_id, kind, nth, done_at, done_in, seconds)
 WHERE o.log_id = %(log_id)s AND o.generation = %(generation)s
   AND o.case_id = d.case_id AND o.kind = d.kind AND o.nth = d.nth

-- withdraw_outcomes --
UPDATE outcome AS o
   SET known_to = w.known_to
  FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(nths)s::int[], %(positions)s::bigint[])
       AS w (case_id, kind, nth, known_to)
 WHERE o.log_id = %(log_id)s AND o.generation = %(generation)s
   AND o.case_id = w.case_id AND o.kind = w.kind AND o.nth = w.nth

-- exempt_outcomes --
UPDATE outcome AS o
   SET exempt_in = x.exempt_in
  FROM unnest(%(ids)s::uuid[], %(positions)s::bigint[]) AS x (case_id, exempt_in)
 WHERE o.log_id = %(log_id)s AND o.generation = %(generation)s AND o.case_id = x.case_id AND o.exempt_in IS NULL

-- analyze --
ANALYZE holding (log_id, generation, case_id, started_at), outcome (log_id, generation, case_id, kind, at),
        fact_case (log_id, generation, id)

-- drop_spans --
DELETE FROM holding h
 USING fact_case c
 WHERE c.log_id = %(log_id)s AND c.generation = %(generation)s AND c.number > %(after)s AND c.number <= %(upto)s
   AND h.log_id = c.log_id AND h.generation = c.generation AND h.case_id = c.id

-- drop_outcomes --
DELETE FROM outcome o
 USING fact_case c
 WHERE c.log_id = %(log_id)s AND c.generation = %(generation)s AND c.number > %(after)s AND c.number <= %(upto)s
   AND o.log_id = c.log_id AND o.generation = c.generation AND o.case_id = c.id

-- drop_cases --
DELETE FROM fact_case
 WHERE log_id = %(log_id)s AND generation = %(generation)s AND number > %(after)s AND number <= %(upto)s

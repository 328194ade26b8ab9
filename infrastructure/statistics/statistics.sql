-- outcomes --
-- What every figure over outcome facts and every list behind one reads: the one place that says which facts count.
WITH fact AS (
    SELECT CASE %(by)s WHEN 'log' THEN o.log_id
                       WHEN 'street' THEN CASE WHEN length(o.place) >= 9 THEN left(o.place, 9) ELSE '' END
                       WHEN 'community' THEN CASE WHEN length(o.place) >= 12 THEN left(o.place, 12) ELSE '' END
                       WHEN 'grid' THEN CASE WHEN length(o.place) >= 15 THEN o.place ELSE '' END
                       WHEN 'unit' THEN o.unit
                       WHEN 'category' THEN o.category
                       WHEN 'channel' THEN o.channel
                       WHEN 'period' THEN (%(marks)s::text[])[width_bucket(o.at, %(starts)s::timestamptz[])]
                       ELSE '' END AS key,
           CASE %(then)s WHEN 'log' THEN o.log_id
                         WHEN 'street' THEN CASE WHEN length(o.place) >= 9 THEN left(o.place, 9) ELSE '' END
                         WHEN 'community' THEN CASE WHEN length(o.place) >= 12 THEN left(o.place, 12) ELSE '' END
                         WHEN 'grid' THEN CASE WHEN length(o.place) >= 15 THEN o.place ELSE '' END
                         WHEN 'unit' THEN o.unit
                         WHEN 'category' THEN o.category
                         WHEN 'channel' THEN o.channel
                         WHEN 'period' THEN (%(marks)s::text[])[width_bucket(o.at, %(starts)s::timestamptz[])]
                         ELSE '' END AS then_key,
           CASE %(told)s WHEN 'kind' THEN o.kind
                         WHEN 'value' THEN coalesce(o.value, '')
                         WHEN 'channel' THEN o.channel
                         WHEN 'clock' THEN CASE WHEN o.done_in IS NULL OR o.done_in > a.position THEN 'open'
                                                WHEN o.done_at <= o.at THEN 'in_time'
                                                ELSE 'late' END
                         WHEN 'voice' THEN CASE o.contacted WHEN true THEN 'yes' WHEN false THEN 'no' ELSE '' END
                                           || '/' || coalesce(o.solved, '') || '/' || coalesce(o.satisfaction, '')
                         END AS answer,
           coalesce(o.exempt_in <= a.position AND %(exempts)s, false)
               OR o.channel = ANY(%(excluded_channels)s::text[]) AS exempt,
           CASE WHEN o.done_in <= a.position THEN o.done_at END AS known_done_at,
           o.log_id, o.case_id, o.case_kind, o.kind, o.nth, o.at, o.place, o.unit, o.category, o.channel, o.seconds
      FROM unnest(%(logs)s::text[], %(generations)s::int[], %(positions)s::bigint[]) AS a (log_id, generation, position)
      JOIN outcome o ON o.log_id = a.log_id AND o.generation = a.generation
     WHERE o.log_id = ANY(%(logs)s) AND o.generation = ANY(%(generations)s) AND o.kind = ANY(%(kinds)s::text[])
       AND o.at >= %(from)s::timestamptz AND o.at < %(until)s::timestamptz
       AND o.known_from <= a.position AND (o.known_to IS NULL OR o.known_to > a.position)
       AND (%(case_kind)s::text IS NULL OR o.case_kind = %(case_kind)s)
       AND (%(values)s::text[] IS NULL OR o.value = ANY(%(values)s))
       AND (NOT %(timed)s OR o.seconds IS NOT NULL)
       AND o.place LIKE ANY(%(areas)s::text[])
       AND (%(own_units)s::text[] IS NULL OR o.unit = ANY(%(own_units)s))
       AND (%(places)s::text[] IS NULL OR o.place LIKE ALL(%(places)s))
       AND (%(unit)s::text IS NULL OR o.unit = %(unit)s)
       AND (%(category)s::text IS NULL OR o.category = %(category)s)
       AND (%(channel)s::text IS NULL OR o.channel = %(channel)s)
)

-- tally --
SELECT f.key, f.then_key, f.answer, f.exempt, count(*)
  FROM fact f
 GROUP BY f.key, f.then_key, f.answer, f.exempt
 LIMIT %(most)s

-- spread --
SELECT coalesce(f.key, ''), coalesce(f.then_key, ''), grouping(f.key, f.then_key) > 0, count(*), sum(f.seconds)::bigint,
       (percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY f.seconds))::bigint[],
       ARRAY[count(*) FILTER (WHERE f.step = 0), count(*) FILTER (WHERE f.step = 1),
             count(*) FILTER (WHERE f.step = 2), count(*) FILTER (WHERE f.step = 3),
             count(*) FILTER (WHERE f.step = 4), count(*) FILTER (WHERE f.step = 5),
             count(*) FILTER (WHERE f.step = 6), count(*) FILTER (WHERE f.step = 7),
             count(*) FILTER (WHERE f.step = 8), count(*) FILTER (WHERE f.step = 9)]
  FROM (SELECT key, then_key, seconds, width_bucket(seconds, %(edges)s::bigint[]) AS step FROM fact) f
 GROUP BY GROUPING SETS ((f.key, f.then_key), ())
HAVING count(*) > 0
 LIMIT %(most)s

-- counted --
SELECT f.log_id, f.case_id, f.case_kind, f.kind, f.nth, f.at, f.place, f.unit, f.category, f.channel, f.answer,
       f.exempt, f.known_done_at AS done_at, f.seconds
  FROM fact f
 WHERE (%(key)s::text IS NULL OR f.key = %(key)s)
   AND (%(then_key)s::text IS NULL OR f.then_key = %(then_key)s)
   AND (%(answers)s::text[] IS NULL OR f.answer = ANY(%(answers)s))
   AND (%(exempt)s::boolean IS NULL OR f.exempt = %(exempt)s)
   AND (%(after_at)s::timestamptz IS NULL
        OR (f.at, f.case_id, f.kind, f.nth) < (%(after_at)s, %(after_id)s::uuid, %(after_kind)s::text, %(after_nth)s::int))
 ORDER BY f.at DESC, f.case_id DESC, f.kind DESC, f.nth DESC
 LIMIT %(limit)s

-- soonest --
SELECT f.log_id, f.case_id, f.case_kind, f.kind, f.nth, f.at, f.place, f.unit, f.category, f.channel, f.answer,
       f.exempt, f.known_done_at AS done_at, f.seconds
  FROM fact f
 WHERE (%(key)s::text IS NULL OR f.key = %(key)s)
   AND (%(then_key)s::text IS NULL OR f.then_key = %(then_key)s)
   AND (%(answers)s::text[] IS NULL OR f.answer = ANY(%(answers)s))
   AND (%(exempt)s::boolean IS NULL OR f.exempt = %(exempt)s)
 ORDER BY f.at, f.case_id, f.kind, f.nth
 LIMIT %(limit)s

-- holdings --
-- The same for the spans of holding: those of which some part lies in a window from begins to ends, clipped to it. A
-- window of no length is an instant, and asks who held just before it. The end of a span that was recorded later is not
-- known yet: it lasts, though it may have ended before the window.
WITH fact AS (
    SELECT CASE %(by)s WHEN 'log' THEN h.log_id
                       WHEN 'street' THEN CASE WHEN length(h.place) >= 9 THEN left(h.place, 9) ELSE '' END
                       WHEN 'community' THEN CASE WHEN length(h.place) >= 12 THEN left(h.place, 12) ELSE '' END
                       WHEN 'grid' THEN CASE WHEN length(h.place) >= 15 THEN h.place ELSE '' END
                       WHEN 'unit' THEN h.unit
                       WHEN 'category' THEN h.category
                       WHEN 'channel' THEN h.channel
                       WHEN 'holder_kind' THEN h.holder_kind
                       WHEN 'stage' THEN h.stage
                       WHEN 'level' THEN h.level
                       ELSE '' END AS key,
           CASE %(then)s WHEN 'log' THEN h.log_id
                         WHEN 'street' THEN CASE WHEN length(h.place) >= 9 THEN left(h.place, 9) ELSE '' END
                         WHEN 'community' THEN CASE WHEN length(h.place) >= 12 THEN left(h.place, 12) ELSE '' END
                         WHEN 'grid' THEN CASE WHEN length(h.place) >= 15 THEN h.place ELSE '' END
                         WHEN 'unit' THEN h.unit
                         WHEN 'category' THEN h.category
                         WHEN 'channel' THEN h.channel
                         WHEN 'holder_kind' THEN h.holder_kind
                         WHEN 'stage' THEN h.stage
                         WHEN 'level' THEN h.level
                         ELSE '' END AS then_key,
           greatest(h.started_at, w.begins) AS began,
           least(CASE WHEN h.known_to <= a.position THEN h.ended_at END, w.ends) AS stopped,
           w.nth, h.started_at >= w.begins OR w.nth = 1 AS begun,
           h.log_id, h.case_id, h.case_kind, h.holder_kind, h.nth AS span, h.started_at, h.place, h.unit, h.category,
           h.channel, h.stage, CASE WHEN h.known_to <= a.position THEN h.ended_at END AS known_ended_at
      FROM unnest(%(logs)s::text[], %(generations)s::int[], %(positions)s::bigint[]) AS a (log_id, generation, position)
     CROSS JOIN unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS w (begins, ends, nth)
     CROSS JOIN LATERAL (
         SELECT o.*
           FROM generate_series(-1, 16) AS c (class)
           JOIN holding o ON span_class(o.started_at, o.ended_at) = c.class
          WHERE o.log_id = a.log_id AND o.generation = a.generation AND o.started_at < w.ends
            AND o.started_at > w.begins - CASE WHEN c.class BETWEEN 0 AND 15 THEN interval '1 hour' * 2 ^ c.class
                                               ELSE interval 'infinity' END
            AND (o.ended_at >= w.begins OR o.ended_at IS NULL)
         UNION ALL
         SELECT o.*
           FROM generate_series(0, 30) AS c (class)
           JOIN holding o ON position_class(o.known_from, o.known_to) = c.class
          WHERE %(past)s
            AND o.log_id = a.log_id AND o.generation = a.generation AND o.known_from <= a.position
            AND o.known_from > a.position - CASE WHEN c.class < 30 THEN 1::bigint << c.class ELSE a.position END
            AND o.known_to > a.position AND o.started_at < w.ends AND o.ended_at < w.begins
         ) AS h
     WHERE h.known_from <= a.position
       AND h.place LIKE ANY(%(areas)s::text[])
       AND (%(own_units)s::text[] IS NULL OR h.unit = ANY(%(own_units)s))
       AND (%(places)s::text[] IS NULL OR h.place LIKE ALL(%(places)s))
       AND (%(unit)s::text IS NULL OR h.unit = %(unit)s)
       AND (%(category)s::text IS NULL OR h.category = %(category)s)
       AND (%(channel)s::text IS NULL OR h.channel = %(channel)s)
)

-- held --
SELECT CASE %(by)s WHEN 'period' THEN (%(marks)s::text[])[f.nth] ELSE f.key END AS key,
       CASE %(then)s WHEN 'period' THEN (%(marks)s::text[])[f.nth] ELSE f.then_key END AS then_key,
       extract(epoch FROM sum(f.stopped - f.began)), count(*), count(*) FILTER (WHERE f.begun)
  FROM fact f
 WHERE f.stopped > f.began
 GROUP BY 1, 2
 LIMIT %(most)s

-- holding --
SELECT f.log_id, f.case_id, f.case_kind, f.holder_kind AS kind, f.span AS nth, f.started_at AS at, f.place, f.unit, f.category,
       f.channel, f.stage AS answer, false AS exempt, f.known_ended_at AS done_at,
       extract(epoch FROM f.stopped - f.began)::float8 AS seconds
  FROM fact f
 WHERE f.stopped > f.began
   AND (%(key)s::text IS NULL OR f.key = %(key)s)
   AND (%(then_key)s::text IS NULL OR f.then_key = %(then_key)s)
   AND (%(after_at)s::timestamptz IS NULL
        OR (f.started_at, f.case_id, f.holder_kind, f.span)
           < (%(after_at)s, %(after_id)s::uuid, %(after_kind)s::text, %(after_nth)s::int))
 ORDER BY f.started_at DESC, f.case_id DESC, f.holder_kind DESC, f.span DESC
 LIMIT %(limit)s

-- standing --
SELECT f.key, f.then_key, f.nth - 1, count(*)
  FROM fact f
 GROUP BY f.key, f.then_key, f.nth
 LIMIT %(most)s

-- open_at --
SELECT f.log_id, f.case_id, f.case_kind, f.holder_kind AS kind, f.span AS nth, f.started_at AS at, f.place, f.unit, f.category,
       f.channel, f.stage AS answer, false AS exempt, f.known_ended_at AS done_at,
       extract(epoch FROM f.began - f.started_at)::float8 AS seconds
  FROM fact f
 WHERE (%(key)s::text IS NULL OR f.key = %(key)s)
   AND (%(then_key)s::text IS NULL OR f.then_key = %(then_key)s)
   AND (%(after_at)s::timestamptz IS NULL
        OR (f.started_at, f.case_id, f.holder_kind, f.span)
           < (%(after_at)s, %(after_id)s::uuid, %(after_kind)s::text, %(after_nth)s::int))
 ORDER BY f.started_at DESC, f.case_id DESC, f.holder_kind DESC, f.span DESC
 LIMIT %(limit)s

-- serving --
SELECT g.log_id, g.generation
  FROM projection_generation g
 WHERE g.projection = 'facts' AND g.state = 'active' AND g.log_id = ANY(%(logs)s)

-- reached --
SELECT g.log_id, min(p.position)
  FROM projection_generation g
  JOIN projection_progress p ON p.log_id = g.log_id AND p.projection = g.projection AND p.generation = g.generation
 WHERE g.projection = 'facts' AND g.state = 'active' AND g.log_id = ANY(%(logs)s)
 GROUP BY g.log_id

-- positions_at --
-- Positions are dense and instants of recording never go back, so the last one not later is found by halving.
WITH RECURSIVE halving (log_id, known, beyond) AS (
    SELECT l.log_id, 0::bigint, (SELECT coalesce(max(e.position), 0) + 1 FROM event e WHERE e.log_id = l.log_id)
      FROM unnest(%(logs)s::text[]) AS l (log_id)
    UNION ALL
    SELECT h.log_id,
           CASE WHEN e.recorded_at <= %(moment)s THEN e.position ELSE h.known END,
           CASE WHEN e.recorded_at <= %(moment)s THEN h.beyond ELSE e.position END
      FROM halving h
      JOIN event e ON e.log_id = h.log_id AND e.position = (h.known + h.beyond) / 2
     WHERE h.beyond - h.known > 1
)
SELECT log_id, max(known) FROM halving GROUP BY log_id

-- recorded_at --
SELECT e.recorded_at FROM event e WHERE e.log_id = %(log_id)s AND e.position = %(position)s

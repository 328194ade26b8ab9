-- at_one_instant --
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY

-- positions --
SELECT g.log_id, min(p.position)
  FROM projection_generation g
  JOIN projection_progress p ON p.log_id = g.log_id AND p.projection = g.projection AND p.generation = g.generation
 WHERE g.log_id = ANY(%(logs)s) AND g.projection = %(projection)s AND g.state = 'active'
 GROUP BY g.log_id

-- all --
MOVE FORWARD ALL IN ledger

-- back --
MOVE ABSOLUTE 0 IN ledger

-- returns --
SELECT o.log_id, o.case_id AS id, i.number, o.kind, o.at, o.unit, o.place, o.category, o.channel, o.value AS reason,
       i.stage, i.lead
  FROM served_outcome o
  JOIN served_issue i ON i.log_id = o.log_id AND i.id = o.case_id
 WHERE o.log_id = ANY(%(logs)s) AND o.kind IN ('returned', 'return_refused') AND o.known_to IS NULL
   AND o.place LIKE ANY(%(areas)s)
   AND (%(own_units)s::text[] IS NULL OR o.unit = ANY(%(own_units)s))
   AND (%(since)s::timestamptz IS NULL OR o.at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR o.at < %(until)s)
   AND (%(places)s::text[] IS NULL OR o.place LIKE ALL(%(places)s))
   AND (%(unit)s::text IS NULL OR o.unit = %(unit)s)
   AND (%(category)s::text IS NULL OR o.category = %(category)s)
   AND (%(channel)s::text IS NULL OR o.channel = %(channel)s)
   AND (%(stages)s::text[] IS NULL OR i.stage = ANY(%(stages)s))
 ORDER BY o.at DESC, o.case_id, o.nth DESC
 LIMIT %(limit)s

-- begin_first --
INSERT INTO projection_generation (log_id, projection, generation, state, edition, shards, served_at)
SELECT l.log_id, p.name, 1, 'active', p.edition, p.shards, now()
  FROM unnest(%(logs)s::text[]) AS l (log_id)
 CROSS JOIN unnest(%(projections)s::text[], %(editions)s::int[], %(shards)s::int[]) AS p (name, edition, shards)
 WHERE NOT EXISTS (SELECT FROM projection_generation g WHERE g.log_id = l.log_id AND g.projection = p.name)
    ON CONFLICT DO NOTHING

-- begin_next --
INSERT INTO projection_generation (log_id, projection, generation, state, edition, shards)
SELECT %(log_id)s, %(projection)s, max(generation) + 1, 'building', %(edition)s, %(shards)s
  FROM projection_generation
 WHERE log_id = %(log_id)s AND projection = %(projection)s
    ON CONFLICT DO NOTHING

-- begin_progress --
-- What exists is looked for first: a conflict would wait for whoever moves that row.
INSERT INTO projection_progress (log_id, projection, generation, shard)
SELECT g.log_id, g.projection, g.generation, s.shard
  FROM projection_generation g
 CROSS JOIN LATERAL generate_series(0, g.shards - 1) AS s (shard)
 WHERE g.log_id = ANY(%(logs)s) AND g.state <> 'dropping'
   AND NOT EXISTS (SELECT FROM projection_progress p
                    WHERE p.log_id = g.log_id AND p.projection = g.projection AND p.generation = g.generation
                      AND p.shard = s.shard)
    ON CONFLICT DO NOTHING

-- all --
SELECT log_id, projection, generation, state, edition, shards, begun_at, served_at
  FROM projection_generation
 WHERE log_id = ANY(%(logs)s)
 ORDER BY log_id, projection, generation

-- hold --
SELECT generation, state
  FROM projection_generation
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND state IN ('active', 'building')
 ORDER BY generation
   FOR UPDATE

-- positions --
SELECT min(position) FILTER (WHERE generation = %(generation)s),
       max(position) FILTER (WHERE generation = %(active)s)
  FROM projection_progress
 WHERE log_id = %(log_id)s AND projection = %(projection)s

-- set_state --
UPDATE projection_generation
   SET state = %(state)s, served_at = CASE WHEN %(state)s = 'active' THEN now() ELSE served_at END
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s

-- hand_over --
-- Who followed the one that was served follows the one that is, without a pause.
UPDATE projection_progress p
   SET lease_owner = b.lease_owner, lease_until = b.lease_until
  FROM (SELECT s.shard, o.lease_owner, o.lease_until
          FROM projection_progress s
          LEFT JOIN projection_progress o
            ON o.log_id = s.log_id AND o.projection = s.projection AND o.generation = %(active)s AND o.shard = s.shard
         WHERE s.log_id = %(log_id)s AND s.projection = %(projection)s AND s.generation = %(generation)s) b
 WHERE p.log_id = %(log_id)s AND p.projection = %(projection)s AND p.generation = %(generation)s AND p.shard = b.shard

-- forget_progress --
DELETE FROM projection_progress
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s

-- forget_letters --
DELETE FROM dead_letter
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s

-- forget --
DELETE FROM projection_generation
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s

-- standing --
-- What each generation stands at, how far behind the log that is, and what it could not take.
SELECT g.log_id, g.projection, g.generation, g.state, g.edition, g.shards, g.begun_at, g.served_at,
       coalesce(p.position, 0) AS position, n.newest - coalesce(p.position, 0) AS lag_events,
       coalesce(extract(epoch FROM clock_timestamp() - u.recorded_at), 0)::float8 AS lag_seconds,
       d.poison, d.waiting, d.skipped, p.owners
  FROM projection_generation g
  LEFT JOIN LATERAL (
       SELECT min(position) AS position, count(DISTINCT lease_owner) FILTER (WHERE lease_until > clock_timestamp()) AS owners
         FROM projection_progress p
        WHERE p.log_id = g.log_id AND p.projection = g.projection AND p.generation = g.generation) p ON true
  LEFT JOIN LATERAL (
       SELECT coalesce(max(e.position), 0) AS newest FROM event e WHERE e.log_id = g.log_id) n ON true
  LEFT JOIN LATERAL (
       SELECT e.recorded_at FROM event e
        WHERE e.log_id = g.log_id AND e.position > coalesce(p.position, 0) ORDER BY e.position LIMIT 1) u ON true
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE l.state = 'poison') AS poison,
              count(*) FILTER (WHERE l.state = 'waiting') AS waiting,
              count(*) FILTER (WHERE l.state = 'skipped') AS skipped
         FROM dead_letter l
        WHERE l.log_id = g.log_id AND l.projection = g.projection AND l.generation = g.generation) d ON true
 WHERE g.log_id = ANY(%(logs)s)
 ORDER BY g.log_id, g.projection, g.generation

-- lost_more --
SELECT count(*) FILTER (WHERE generation = %(generation)s) > count(*) FILTER (WHERE generation = %(active)s)
  FROM dead_letter
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND state IN ('poison', 'waiting')

-- dropping --
SELECT log_id, projection, generation
  FROM projection_generation
 WHERE log_id = ANY(%(logs)s) AND state = 'dropping'
 ORDER BY log_id, projection, generation

-- furthest --
SELECT coalesce(max(position), 0)
  FROM projection_progress
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s

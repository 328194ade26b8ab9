-- claim --
-- Every free shard of what is followed, and those held already for longer. A row that somebody is moving now is held.
WITH free AS (
    SELECT p.log_id, p.projection, p.generation, p.shard, g.shards
      FROM projection_progress p
      JOIN projection_generation g
        ON g.log_id = p.log_id AND g.projection = p.projection AND g.generation = p.generation
     WHERE p.log_id = ANY(%(logs)s) AND p.projection = ANY(%(projections)s) AND g.state = %(state)s
       AND (p.lease_owner IS NULL OR p.lease_owner = %(owner)s OR p.lease_until < clock_timestamp())
       FOR UPDATE OF p SKIP LOCKED
)
UPDATE projection_progress p
   SET lease_owner = %(owner)s, lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
  FROM free f
 WHERE p.log_id = f.log_id AND p.projection = f.projection AND p.generation = f.generation AND p.shard = f.shard
RETURNING p.log_id, p.projection, p.generation, p.shard, f.shards, p.position

-- release --
UPDATE projection_progress SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = %(owner)s

-- release_one --
UPDATE projection_progress SET lease_owner = NULL, lease_until = NULL
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s AND shard = %(shard)s
   AND lease_owner = %(owner)s

-- hold_shared --
SELECT state FROM projection_generation
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s
   FOR SHARE

-- hold_alone --
SELECT state FROM projection_generation
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s
   FOR UPDATE

-- move --
UPDATE projection_progress
   SET position = %(upto)s, lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
 WHERE log_id = %(log_id)s AND projection = %(projection)s AND generation = %(generation)s AND shard = %(shard)s
   AND position = %(after)s AND lease_owner = %(owner)s

-- position --
SELECT coalesce(min(p.position), 0)
  FROM projection_generation g
  JOIN projection_progress p ON p.log_id = g.log_id AND p.projection = g.projection AND p.generation = g.generation
 WHERE g.log_id = %(log_id)s AND g.projection = %(projection)s AND g.state = 'active'

-- need_not_last --
-- Nor may a process that went away in mid-batch keep others out for as long as its connection seems alive.
SELECT set_config('synchronous_commit', 'off', true), set_config('idle_in_transaction_session_timeout', '30s', true)

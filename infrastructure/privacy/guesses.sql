-- Failed look-ups by number and code. Counted once they failed, so of many at one instant a few may pass the limit
-- by: at 31^7 codes a number that is nothing, and nobody who types right waits for a lock.

-- free_from --
-- The failure that has to be forgotten before the next try, of whichever of the keys is over its share.
SELECT max(f.failed_at)
  FROM unnest(%(keys)s::bytea[], %(most)s::int[]) AS k (digest, most)
 CROSS JOIN LATERAL (SELECT g.failed_at FROM follow_failure g
                      WHERE g.digest = k.digest AND g.failed_at > %(since)s
                      ORDER BY g.failed_at DESC OFFSET k.most - 1 LIMIT 1) AS f

-- count --
INSERT INTO follow_failure (digest, failed_at)
SELECT digest, %(at)s FROM unnest(%(keys)s::bytea[]) AS k (digest)

-- prune --
DELETE FROM follow_failure
 WHERE id IN (SELECT id FROM follow_failure WHERE failed_at < %(before)s ORDER BY failed_at LIMIT 1000
                 FOR UPDATE SKIP LOCKED)

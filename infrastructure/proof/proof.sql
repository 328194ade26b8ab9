-- tiles --
SELECT t.level, t.index, t.hashes
  FROM proof_tile t
  JOIN (SELECT unnest(%(levels)s::int[]) AS level, unnest(%(indexes)s::bigint[]) AS index) w
    ON w.level = t.level AND w.index = t.index
 WHERE t.log_id = %(log_id)s

-- last_head --
SELECT size, root, note FROM checkpoint WHERE log_id = %(log_id)s ORDER BY size DESC LIMIT 1

-- heads --
SELECT size, root, note FROM checkpoint WHERE log_id = %(log_id)s AND size > %(after)s ORDER BY size LIMIT %(limit)s

-- head --
-- The newest head, or the first that is not smaller than what is asked for.
SELECT size, root, note, sealed_at
  FROM checkpoint
 WHERE log_id = %(log_id)s AND (%(size)s::bigint IS NULL OR size >= %(size)s)
 ORDER BY CASE WHEN %(size)s::bigint IS NULL THEN -size ELSE size END
 LIMIT 1

-- events --
-- Ids and times as the bytes they are, which costs less than to make objects of them.
SELECT position, uuid_send(stream_id), version, uuid_send(event_id), topic, schema_version,
       timestamptz_send(recorded_at), uuid_send(request_id), actor_ref,
       uuid_send(correlation_id), uuid_send(causation_id), state, leaf_hash
  FROM event
 WHERE log_id = %(log_id)s AND position > %(after)s AND position <= %(upto)s
 ORDER BY position LIMIT %(limit)s

-- newest_event --
SELECT coalesce(max(position), 0) FROM event WHERE log_id = %(log_id)s

-- one_event --
SELECT position, stream_id, version, event_id, topic, schema_version, recorded_at, request_id, actor_ref,
       correlation_id, causation_id, sha256(state), leaf_hash
  FROM event
 WHERE log_id = %(log_id)s AND position = %(position)s

-- sealed_heads --
SELECT position, head, leaf_hash
  FROM sealed_head
 WHERE log_id = %(log_id)s AND position > %(after)s AND position <= %(upto)s
 ORDER BY position LIMIT %(limit)s

-- newest_sealed_head --
SELECT coalesce(max(position), 0) FROM sealed_head WHERE log_id = %(log_id)s

-- new_heads --
-- The newest head of each member that the city's tree does not have yet.
SELECT DISTINCT ON (c.log_id) c.log_id, c.size, c.note
  FROM checkpoint c
 WHERE c.log_id = ANY(%(members)s)
   AND c.size > coalesce((SELECT max(h.size) FROM sealed_head h
                           WHERE h.log_id = %(log_id)s AND h.member = c.log_id), 0)
 ORDER BY c.log_id, c.size DESC

-- add_head --
INSERT INTO sealed_head (log_id, position, member, size, head, leaf_hash)
VALUES (%(log_id)s, %(position)s, %(member)s, %(size)s, %(head)s, %(leaf_hash)s)

-- durable --
-- What is published must not be lost with the last commits.
SELECT set_config('synchronous_commit', 'on', true), set_config('idle_in_transaction_session_timeout', '30s', true)

-- put_tile --
INSERT INTO proof_tile AS t (log_id, level, index, hashes)
VALUES (%(log_id)s, %(level)s, %(index)s, %(hashes)s)
    ON CONFLICT (log_id, level, index) DO UPDATE SET hashes = excluded.hashes

-- put_head --
-- Each head goes on from the last there is, whoever holds what lease.
INSERT INTO checkpoint (log_id, size, root, note, sealed_at)
SELECT %(log_id)s, %(size)s, %(root)s, %(note)s, %(at)s
 WHERE NOT EXISTS (SELECT FROM checkpoint WHERE log_id = %(log_id)s AND size > %(after)s)

-- claim --
INSERT INTO sealing AS s (log_id, lease_owner, lease_until)
VALUES (%(log_id)s, %(owner)s, clock_timestamp() + make_interval(secs => %(seconds)s))
    ON CONFLICT (log_id)
    DO UPDATE SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
 WHERE s.lease_owner IS NULL OR s.lease_owner = excluded.lease_owner OR s.lease_until < clock_timestamp()
RETURNING breach, breach_position

-- hold --
-- Held to the end of the transaction: whoever takes over meanwhile waits for what is stored.
UPDATE sealing SET lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
 WHERE log_id = %(log_id)s AND lease_owner = %(owner)s

-- release --
UPDATE sealing SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = %(owner)s

-- raise_alarm --
UPDATE sealing
   SET breach = %(breach)s, breach_position = %(position)s, breach_since = coalesce(breach_since, clock_timestamp())
 WHERE log_id = %(log_id)s

-- clear_alarm --
UPDATE sealing SET breach = NULL, breach_position = NULL, breach_since = NULL
 WHERE log_id = %(log_id)s AND breach IS NOT NULL

-- standing --
SELECT l.log_id,
       coalesce((SELECT max(e.position) FROM event e WHERE e.log_id = l.log_id),
                (SELECT max(h.position) FROM sealed_head h WHERE h.log_id = l.log_id), 0),
       coalesce(c.size, 0), c.sealed_at, s.breach, s.breach_position, s.breach_since
  FROM unnest(%(log_ids)s::text[]) WITH ORDINALITY AS l (log_id, nth)
  LEFT JOIN sealing s ON s.log_id = l.log_id
  LEFT JOIN LATERAL (SELECT h.size, h.sealed_at FROM checkpoint h
                      WHERE h.log_id = l.log_id ORDER BY h.size DESC LIMIT 1) c ON true
 ORDER BY l.nth

-- witnessed --
SELECT coalesce(max(size), 0) FROM cosignature WHERE log_id = %(log_id)s

-- put_cosignature --
INSERT INTO cosignature (log_id, size, lines, received_at)
VALUES (%(log_id)s, %(size)s, %(lines)s, clock_timestamp())
    ON CONFLICT (log_id, size) DO UPDATE SET lines = excluded.lines, received_at = excluded.received_at

-- cosigned --
SELECT lines FROM cosignature WHERE log_id = %(log_id)s AND size = %(size)s

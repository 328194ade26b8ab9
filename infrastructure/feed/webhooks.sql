-- begin --
INSERT INTO webhook_progress (webhook, log_id, position)
SELECT w.webhook, w.log_id, w.position
  FROM unnest(%(webhooks)s::text[], %(logs)s::text[], %(starts)s::bigint[]) AS w (webhook, log_id, position)
    ON CONFLICT DO NOTHING

-- claim --
-- What is behind and due, or has something to be sent again, and nobody works on. A change of the webhook revives it.
WITH free AS (
    SELECT p.webhook, p.log_id, w.version, p.position < w.head
           AND (p.seen_version < w.version OR (NOT p.halted AND p.next_attempt_at <= clock_timestamp())) AS due
      FROM unnest(%(webhooks)s::text[], %(logs)s::text[], %(versions)s::bigint[], %(heads)s::bigint[])
           AS w (webhook, log_id, version, head)
      JOIN webhook_progress p ON p.webhook = w.webhook AND p.log_id = w.log_id
     WHERE (p.lease_owner IS NULL OR p.lease_until < clock_timestamp())
       AND ((p.position < w.head
             AND (p.seen_version < w.version OR (NOT p.halted AND p.next_attempt_at <= clock_timestamp())))
            OR EXISTS (SELECT FROM webhook_delivery d
                        WHERE d.webhook = p.webhook AND d.log_id = p.log_id AND d.state = 'resending'))
     ORDER BY p.next_attempt_at
     LIMIT %(most)s
       FOR UPDATE OF p SKIP LOCKED
)
UPDATE webhook_progress p
   SET lease_owner = %(owner)s, lease_until = clock_timestamp() + make_interval(secs => %(seconds)s),
       seen_version = f.version, halted = p.halted AND p.seen_version = f.version,
       attempts = CASE WHEN p.seen_version = f.version THEN p.attempts ELSE 0 END,
       parked_in_row = CASE WHEN p.seen_version = f.version THEN p.parked_in_row ELSE 0 END
  FROM free f
 WHERE p.webhook = f.webhook AND p.log_id = f.log_id
RETURNING p.webhook, p.log_id, p.position, p.attempts, p.parked_in_row, f.due

-- settle --
-- Done with one event, delivered or parked: its row and the position behind it, or neither when it is not ours any more.
WITH moved AS (
    UPDATE webhook_progress
       SET position = %(position)s, attempts = 0, failure = '', parked_in_row = %(parked_in_row)s,
           lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
     WHERE webhook = %(webhook)s AND log_id = %(log_id)s AND lease_owner = %(owner)s
    RETURNING webhook
)
INSERT INTO webhook_delivery (webhook, log_id, position, topic, state, attempts, status, failure, took_ms, last_at)
SELECT m.webhook, %(log_id)s, %(position)s, %(topic)s, %(state)s, %(attempts)s, %(status)s, %(failure)s, %(took_ms)s,
       clock_timestamp()
  FROM moved m
    ON CONFLICT (webhook, log_id, position) DO UPDATE
   SET state = excluded.state, attempts = excluded.attempts, status = excluded.status, failure = excluded.failure,
       took_ms = excluded.took_ms, last_at = excluded.last_at

-- pass_by --
UPDATE webhook_progress
   SET position = %(position)s, lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
 WHERE webhook = %(webhook)s AND log_id = %(log_id)s AND lease_owner = %(owner)s

-- postpone --
UPDATE webhook_progress
   SET attempts = %(attempts)s, failure = %(failure)s, halted = %(halted)s,
       next_attempt_at = clock_timestamp() + make_interval(secs => %(wait_seconds)s)
 WHERE webhook = %(webhook)s AND log_id = %(log_id)s AND lease_owner = %(owner)s

-- release --
UPDATE webhook_progress SET lease_owner = NULL, lease_until = NULL
 WHERE webhook = %(webhook)s AND log_id = %(log_id)s AND lease_owner = %(owner)s

-- resend --
UPDATE webhook_delivery SET state = 'resending'
 WHERE webhook = %(webhook)s AND log_id = %(log_id)s AND position = %(position)s
RETURNING log_id AS log, position, topic, state, attempts, status, failure, took_ms, last_at

-- resending --
SELECT position FROM webhook_delivery
 WHERE webhook = %(webhook)s AND log_id = %(log_id)s AND state = 'resending'
 ORDER BY position
 LIMIT %(limit)s

-- resent --
UPDATE webhook_delivery
   SET state = %(state)s, attempts = attempts + 1, status = %(status)s, failure = %(failure)s, took_ms = %(took_ms)s,
       last_at = clock_timestamp()
 WHERE webhook = %(webhook)s AND log_id = %(log_id)s AND position = %(position)s

-- standings --
-- Also of one that no worker has begun yet: it stands where it starts.
SELECT w.webhook, w.log_id, s.position,
       coalesce((SELECT max(e.position) FROM event e WHERE e.log_id = w.log_id), 0) - s.position AS backlog,
       (SELECT count(*) FROM webhook_delivery d
         WHERE d.webhook = w.webhook AND d.log_id = w.log_id AND d.state <> 'delivered') AS parked,
       coalesce(p.attempts, 0), CASE WHEN p.attempts > 0 AND NOT p.halted THEN p.next_attempt_at END AS next_attempt_at,
       coalesce(p.halted AND p.seen_version >= w.version, false) AS halted, coalesce(p.failure, '')
  FROM unnest(%(webhooks)s::text[], %(logs)s::text[], %(versions)s::bigint[], %(starts)s::bigint[])
       AS w (webhook, log_id, version, start)
  LEFT JOIN webhook_progress p ON p.webhook = w.webhook AND p.log_id = w.log_id
 CROSS JOIN LATERAL (SELECT coalesce(p.position, w.start)) AS s (position)
 ORDER BY w.webhook, w.log_id

-- find --
SELECT d.log_id AS log, d.position, d.topic, d.state, d.attempts, d.status, d.failure, d.took_ms, d.last_at
  FROM webhook_delivery d
 WHERE d.webhook = %(webhook)s
   AND (%(state)s::text IS NULL OR d.state = %(state)s)
   AND (%(before_at)s::timestamptz IS NULL
        OR (d.last_at, d.log_id, d.position) < (%(before_at)s, %(before_log)s, %(before_position)s))
 ORDER BY d.last_at DESC, d.log_id DESC, d.position DESC
 LIMIT %(limit)s

-- forget --
-- A bounded number at a time, so that nobody waits for it.
DELETE FROM webhook_delivery
 WHERE (webhook, log_id, position) IN (SELECT d.webhook, d.log_id, d.position FROM webhook_delivery d
                                        WHERE d.state = 'delivered'
                                          AND d.last_at < clock_timestamp() - make_interval(days => %(days)s)
                                        LIMIT %(limit)s)

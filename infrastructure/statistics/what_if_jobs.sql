-- forget --
DELETE FROM what_if_job WHERE finished_at < %(kept_since)s

-- asker --
SELECT pg_advisory_xact_lock(hashtextextended('what-if ' || %(asked_by)s, 0))

-- add --
INSERT INTO what_if_job (id, asked_by, asked_at, areas, question, positions)
SELECT %(id)s, %(asked_by)s, %(asked_at)s, %(areas)s, %(question)s, %(positions)s
 WHERE (SELECT count(*) FROM what_if_job j WHERE j.asked_by = %(asked_by)s AND j.state IN ('waiting', 'running'))
       < %(most_open)s

-- find --
SELECT j.id, j.asked_by, j.asked_at, j.areas, j.question, j.positions, j.state, j.total, j.done, j.result, j.failure,
       j.finished_at
  FROM what_if_job j
 WHERE j.asked_by = %(asked_by)s AND (%(id)s::uuid IS NULL OR j.id = %(id)s)
 ORDER BY j.asked_at DESC, j.id
 LIMIT %(limit)s

-- cancel --
UPDATE what_if_job SET state = 'cancelled', finished_at = %(at)s, lease_owner = NULL, lease_until = NULL
 WHERE id = %(id)s AND state IN ('waiting', 'running')

-- changed --
SELECT c.nth, c.log_id, c.case_id, c.number, c.clock, c.unit, c.place, c.due_then, c.due_now, c.late_then, c.late_now
  FROM what_if_case c
 WHERE c.job = %(job)s AND c.nth > %(after)s
   AND (%(late_now)s::boolean IS NULL OR coalesce(c.late_now, false) = %(late_now)s)
   AND (%(clock)s::text IS NULL OR c.clock = %(clock)s)
 ORDER BY c.nth
 LIMIT %(limit)s

-- claim --
-- A job whose worker is gone is taken up where it was left. One that ended several workers is given up below.
UPDATE what_if_job SET state = 'running', lease_owner = %(owner)s, attempts = attempts + 1,
       lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
 WHERE id = (SELECT j.id FROM what_if_job j
              WHERE j.state IN ('waiting', 'running') AND j.attempts < %(most_attempts)s
                AND (j.lease_until IS NULL OR j.lease_until < clock_timestamp())
              ORDER BY j.asked_at, j.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, asked_by, asked_at, areas, question, positions, state, total, done, result, failure, finished_at,
          changed, mark_log, mark_number, tally

-- give_up --
UPDATE what_if_job SET state = 'failed', failure = %(failure)s, finished_at = clock_timestamp(), lease_owner = NULL
 WHERE state = 'running' AND attempts >= %(most_attempts)s
   AND (lease_until IS NULL OR lease_until < clock_timestamp())

-- keep --
UPDATE what_if_job SET total = %(total)s, done = %(done)s, changed = %(changed)s, mark_log = %(mark_log)s,
       mark_number = %(mark_number)s, tally = %(tally)s, attempts = 1,
       lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
 WHERE id = %(id)s AND lease_owner = %(owner)s AND state = 'running'

-- keep_changed --
INSERT INTO what_if_case (job, nth, log_id, case_id, number, clock, unit, place, due_then, due_now, late_then, late_now)
VALUES (%(job)s, %(nth)s, %(log_id)s, %(case_id)s, %(number)s, %(clock)s, %(unit)s, %(place)s, %(due_then)s,
        %(due_now)s, %(late_then)s, %(late_now)s)

-- finish --
UPDATE what_if_job SET state = %(state)s, result = %(result)s, failure = %(failure)s, finished_at = clock_timestamp(),
       lease_owner = NULL, lease_until = NULL
 WHERE id = %(id)s AND lease_owner = %(owner)s AND state = 'running'

-- release --
UPDATE what_if_job SET lease_owner = NULL, lease_until = NULL WHERE id = %(id)s AND lease_owner = %(owner)s

-- append --
SELECT status, first_position, n, stream_id, version, leaf_hash
  FROM append(
       %(log_id)s,
       %(request_id)s, %(n)s, %(exact)s, %(case_id)s, %(case_version)s,
       %(key)s, %(body_hash)s, %(follower)s, %(followed)s,
       %(actor_ref)s, %(correlation_id)s, %(causation_id)s,
       %(stream_of)s, %(stream_id)s, %(type)s, %(first_version)s,
       %(last_version)s, %(last_nth)s,
       %(event_of)s, %(event_stream_id)s, %(version)s, %(event_id)s,
       %(topic)s, %(schema_version)s, %(state)s,
       %(detail_of)s, %(subject)s, %(field)s, %(sealed)s, %(tag)s, %(kek_id)s, %(wrapped)s)

-- open --
INSERT INTO log (log_id) VALUES (%(log_id)s) ON CONFLICT (log_id) DO NOTHING

-- alone --
-- Of several that create the tables at once one does and the others find them: "events" in ASCII.
SELECT pg_advisory_xact_lock(111546262484083)

-- missing --
SELECT WHERE to_regproc('append') IS NULL

-- hint --
SELECT pg_notify(%(channel)s, '')

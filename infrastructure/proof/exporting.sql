-- one_moment --
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY

-- stretch --
SELECT log_id AS log, position, stream_id::text, version, event_id::text, topic, schema_version, recorded_at,
       request_id::text, actor_ref, correlation_id::text, causation_id::text, state, leaf_hash
  FROM event
 WHERE log_id = %(log_id)s AND position BETWEEN %(first)s AND %(last)s
 ORDER BY position

-- stream --
SELECT log_id AS log, position, stream_id::text, version, event_id::text, topic, schema_version, recorded_at,
       request_id::text, actor_ref, correlation_id::text, causation_id::text, state, leaf_hash
  FROM event
 WHERE log_id = %(log_id)s AND stream_id = %(case_id)s AND position <= %(last)s
 ORDER BY version

-- erasures --
-- What certifies that a person was forgotten: of the whole log, or of one case.
SELECT log_id AS log, position, stream_id::text, version, event_id::text, topic, schema_version, recorded_at,
       request_id::text, actor_ref, correlation_id::text, causation_id::text, state, leaf_hash
  FROM event
 WHERE log_id = %(log_id)s AND position <= %(last)s AND topic = 'erasure.certified'
   AND (%(stream)s::uuid IS NULL OR stream_id = %(stream)s)
 ORDER BY position

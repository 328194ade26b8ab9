-- Erasures of a log, found by the heads of their streams. Only what never changes of a head, so that moving it on still
-- touches no index.
-- depends: 0021_sealed_details

CREATE INDEX IF NOT EXISTS stream_head_of_erasures ON stream_head (log_id, stream_id) WHERE type = 'erasure';

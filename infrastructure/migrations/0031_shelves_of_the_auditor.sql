-- Readings and erasures as the auditor's pages list them: of a log, the newest first.
-- depends: 0024_erasing

CREATE INDEX timeline_readings_by_position ON timeline (log_id, generation, position) WHERE topic = 'reading.recorded';
-- Only what never changes of a head, so that moving it on still touches no index.
CREATE INDEX stream_head_of_erasures ON stream_head (log_id, stream_id) WHERE type = 'erasure';

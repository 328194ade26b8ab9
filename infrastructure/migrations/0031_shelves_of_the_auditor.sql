-- Readings as the auditor's pages list them: of a log, the newest first.
-- depends: 0024_erasing

CREATE INDEX timeline_readings_by_position ON timeline (log_id, generation, position) WHERE topic = 'reading.recorded';

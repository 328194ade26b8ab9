-- What the statistics read, in the order they ask for it: a figure and its list are read off an index,
-- without a visit to their rows.
-- depends: 0015_facts

DROP INDEX outcome_by_kind, holding_by_start, holding_lasting;

CREATE INDEX outcome_counted ON outcome (log_id, generation, kind, at)
    INCLUDE (case_id, nth, known_from, known_to, exempt_in, done_at, done_in, seconds, case_kind, place, unit, category,
             channel, value, contacted, solved, satisfaction);

-- Spans by how long they lasted: class k up to 2^k hours, 16 longer, -1 for as long as they last. Of each class only
-- what began within its length before an instant can hold at that instant, however long the history before is.
CREATE FUNCTION span_class(started timestamptz, ended timestamptz) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(width_bucket(ended - started, ARRAY[
        interval '1 hour', '2 hours', '4 hours', '8 hours', '16 hours', '32 hours', '64 hours', '128 hours',
        '256 hours', '512 hours', '1024 hours', '2048 hours', '4096 hours', '8192 hours', '16384 hours', '32768 hours'
    ]), -1)
$$;
CREATE INDEX holding_overlapping ON holding (log_id, generation, span_class(started_at, ended_at), started_at)
    INCLUDE (case_id, nth, case_kind, ended_at, known_from, known_to, place, unit, category, channel, holder_kind, stage,
             level);

-- The same by positions, for spans whose end was recorded after the position asked about: class k below 2^k.
CREATE FUNCTION position_class(first bigint, last bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT width_bucket(last - first, ARRAY[
        1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288,
        1048576, 2097152, 4194304, 8388608, 16777216, 33554432, 67108864, 134217728, 268435456, 536870912
    ]::bigint[])
$$;
CREATE INDEX holding_known ON holding (log_id, generation, position_class(known_from, known_to), known_from)
    INCLUDE (known_to, started_at, ended_at) WHERE known_to IS NOT NULL;

-- An index is read alone where its pages are known to hold nothing but what everybody sees: keep them so.
ALTER TABLE outcome SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE holding SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02);

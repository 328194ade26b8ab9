-- Logs of events (one table a log, shaped as the event library wants it), the keys of requests already
-- answered, and what people told about themselves, which never enters an event.
-- depends: 0001_accounts

CREATE TYPE stored_event_uuid AS (
    originator_id uuid,
    originator_version bigint,
    topic text,
    state bytea
);

CREATE TABLE log (
    log_id text PRIMARY KEY CHECK (log_id ~ '^[0-9]{4}([0-9]{2})?$'),
    opened_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION open_log(p_log_id text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO log (log_id) VALUES (p_log_id) ON CONFLICT (log_id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    EXECUTE format(
        'CREATE TABLE %I (
            originator_id uuid NOT NULL,
            originator_version bigint NOT NULL,
            topic text NOT NULL,
            state bytea NOT NULL,
            notification_id bigserial,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (originator_id, originator_version))',
        'log' || p_log_id || '_events');
    EXECUTE format(
        'CREATE UNIQUE INDEX %I ON %I (notification_id)',
        'log' || p_log_id || '_events_notification_id_idx', 'log' || p_log_id || '_events');
END;
$$;

CREATE TABLE request_key (
    log_id text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    case_id uuid NOT NULL,
    version bigint NOT NULL,
    last_case_id uuid NOT NULL,
    last_version bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (log_id, key)
);

CREATE TABLE personal_detail (
    log_id text NOT NULL,
    subject uuid NOT NULL,
    field text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (log_id, subject, field)
);

-- Guards: nobody changes an event, the owner neither, and the service runs with the rights it needs and no more.
-- They stop mistakes and intruders without an administrator's rights; who has those is found out by the proofs.
-- depends: 0021_sealed_details 0020_proof 0018_what_if

CREATE FUNCTION refuse_to_change_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE 'events are added, never changed: % of event is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON event
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_events();
-- Also where triggers are off by default, as for a replication's worker.
ALTER TABLE event ENABLE ALWAYS TRIGGER event_is_never_changed;

-- Roles are of the whole server, so another database may have made them, maybe just now. Who may not make them
-- goes without: an administrator makes them, and this migration's grants, by hand (docs/privacy.md).
DO $$
DECLARE
    v_role text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY['wangge_append', 'wangge_read'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = v_role) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', v_role);
            END IF;
            IF NOT pg_has_role(current_user, v_role, 'SET') THEN
                EXECUTE format('GRANT %I TO %I', v_role, current_user);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation OR insufficient_privilege OR invalid_grant_operation
              OR internal_error THEN
                NULL;
        END;
    END LOOP;
END;
$$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_append') THEN
        GRANT USAGE ON SCHEMA public, vault TO wangge_append;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO wangge_append;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO wangge_append;
        GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA vault TO wangge_append;
        REVOKE UPDATE, DELETE ON event, log, personal_detail, checkpoint FROM wangge_append;
        GRANT UPDATE (opened_at) ON log TO wangge_append;  -- what it takes to lock a row
        GRANT UPDATE ON personal_detail TO wangge_append;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wangge_append;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO wangge_append;
        IF current_setting('server_version_num')::int >= 170000 THEN
            EXECUTE 'GRANT MAINTAIN ON issue_board, request_board, whistle_board, timeline, holding, outcome, fact_case TO wangge_append';
        END IF;
    END IF;
    -- For auditors' own tools: what happened, and neither words nor credentials.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_read') THEN
        GRANT USAGE ON SCHEMA public TO wangge_read;
        GRANT SELECT ON log, event, stream_head, checkpoint, proof_tile, cosignature, issue_board, request_board,
              whistle_board, timeline, projection_generation, projection_progress, served_issue, served_request,
              served_timeline, holding, outcome, served_holding, served_outcome TO wangge_read;
    END IF;
END;
$$;

-- Erasing: words on their way out, and a sweep of all tables for them.
-- depends: 0023_readings

ALTER TABLE vault.subject_key ADD COLUMN key_digest text COLLATE "C";  -- of the wrapped key, once destroyed

-- The words of somebody being erased, under a key of the erasure's own, until the sweep has looked for them.
CREATE TABLE vault.leaving_words (
    log_id text COLLATE "C" NOT NULL,
    subject uuid NOT NULL,
    kek_id text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (log_id, subject)
);

-- Look for words in every column that can hold any, of every table. With the owner's rights: it tells counts alone.
CREATE FUNCTION sweep_for(p_words text[]) RETURNS TABLE (place text, looked_at bigint, holding bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_table record;
BEGIN
    FOR v_table IN
        SELECT n.nspname, c.relname,
               string_agg(CASE WHEN a.atttypid = 'bytea'::regtype
                               THEN format('position(convert_to(w, ''UTF8'') IN t.%I) > 0', a.attname)
                               ELSE format('position(w IN t.%I::text) > 0', a.attname) END,
                          ' OR ' ORDER BY a.attnum) AS holds
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          JOIN pg_type y ON y.oid = a.atttypid
         WHERE c.relkind IN ('r', 'm') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
           AND (y.typcategory = 'S' OR y.typcategory = 'A'
                OR a.atttypid IN ('bytea'::regtype, 'json'::regtype, 'jsonb'::regtype, 'xml'::regtype))
         GROUP BY n.nspname, c.relname
         ORDER BY n.nspname, c.relname
    LOOP
        place := v_table.nspname || '.' || v_table.relname;
        EXECUTE format('SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM unnest($1) w WHERE %s)) FROM %I.%I t',
                       v_table.holds, v_table.nspname, v_table.relname)
           INTO looked_at, holding USING p_words;
        RETURN NEXT;
    END LOOP;
END;
$$;
REVOKE EXECUTE ON FUNCTION sweep_for(text[]) FROM PUBLIC;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_append') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON vault.leaving_words TO wangge_append;
        GRANT EXECUTE ON FUNCTION sweep_for(text[]) TO wangge_append;
    END IF;
END;
$$;

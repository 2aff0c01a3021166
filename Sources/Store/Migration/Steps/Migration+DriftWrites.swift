extension Migration {
    /// Who wrote declared state beside Charter: the table, and what installs the triggers that fill it.
    static let driftWrites = Migration(
        version: 34, name: "drift writes",
        sql: #"""
            CREATE TABLE charter.drift_write (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                at timestamptz NOT NULL DEFAULT clock_timestamp(),
                txid bigint NOT NULL,
                relation text NOT NULL,
                operation text NOT NULL CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')),
                rows bigint,
                uid uuid,
                org text,
                kind text,
                name text,
                before_digest bytea,
                after_digest bytea,
                session_role text NOT NULL,
                acting_role text NOT NULL,
                application text NOT NULL,
                address text,
                statement text NOT NULL
            );
            CREATE INDEX drift_write_by_uid ON charter.drift_write (uid, id);
            CREATE INDEX drift_write_by_time ON charter.drift_write (at);
            COMMENT ON TABLE charter.drift_write IS
                'Writes of declared state by other hands than Charter''s, by the row; filled while charter migrate --drift-blame is in force';
            COMMENT ON COLUMN charter.drift_write.rows IS 'Rows that the statement wrote; NULL for TRUNCATE';
            COMMENT ON COLUMN charter.drift_write.uid IS
                'Lineage of the row; NULL for TRUNCATE, and for a statement that wrote more rows than are told apart';
            COMMENT ON COLUMN charter.drift_write.before_digest IS
                'charter.row_digest of the row of a resource, SHA-256 of the rows as text elsewhere; NULL where there was none';
            COMMENT ON COLUMN charter.drift_write.acting_role IS 'current_user of the hand, after SET ROLE';
            COMMENT ON COLUMN charter.drift_write.address IS 'Of the client; NULL for a Unix socket';
            COMMENT ON COLUMN charter.drift_write.statement IS 'Without literals, numbers and comments';
            CREATE FUNCTION charter.redacted_statement(statement text) RETURNS text
                LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
                AS $body$
                    SELECT left(btrim(regexp_replace(regexp_replace(regexp_replace(
                        -- What may hide where a literal ends is cut from there on; too much is safe, too little is not.
                        CASE
                            WHEN s.text ~ '/\*([^*]|\*+[^*/])*/\*' THEN regexp_replace(s.text, '(/\*|''|"|\$).*$', '?')
                            WHEN s.text ~ '\\' THEN regexp_replace(s.text, '(''|"|\$|/\*|--).*$', '?')
                            ELSE regexp_replace(s.text,
                                '--[^\n]*|/\*([^*]|\*+[^*/])*\*+/|"[^"]*"|''([^'']|'''')*''|\$([A-Za-z_][A-Za-z_0-9]*)?\$.*$', '?', 'g')
                        END,
                        '(''|"|/\*).*$', '?'), '\m[0-9][0-9A-Za-z_.]*', '?', 'g'), '\s+', ' ', 'g')), 1000)
                    FROM (SELECT left(statement, 8000)) AS s (text)
                $body$;
            COMMENT ON FUNCTION charter.redacted_statement IS
                'A statement without its literals, quoted names, numbers and comments, of at most 1000 characters';
            CREATE FUNCTION charter.note_drift_write() RETURNS trigger
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
                AS $body$
                DECLARE
                    written bigint;
                    told_apart CONSTANT bigint := 10000;
                    gone jsonb[] := '{}';
                    made jsonb[] := '{}';
                BEGIN
                    -- Rows of other tables are made into text by functions of whoever made those.
                    IF TG_TABLE_SCHEMA <> 'charter' THEN RETURN NULL; END IF;
                    IF TG_OP IN ('UPDATE', 'DELETE') THEN
                        SELECT count(*) INTO written FROM old_rows;
                        IF written BETWEEN 1 AND told_apart THEN gone := ARRAY(SELECT to_jsonb(o) FROM old_rows o); END IF;
                    END IF;
                    IF TG_OP IN ('INSERT', 'UPDATE') THEN
                        SELECT count(*) INTO written FROM new_rows;
                        IF written BETWEEN 1 AND told_apart THEN made := ARRAY(SELECT to_jsonb(n) FROM new_rows n); END IF;
                    END IF;
                    IF written = 0 THEN RETURN NULL; END IF;
                    INSERT INTO charter.drift_write (txid, relation, operation, rows, uid, org, kind, name, before_digest, after_digest,
                        session_role, acting_role, application, address, statement)
                    SELECT txid_current(), TG_TABLE_NAME, TG_OP, written, r.uid, r.org, r.kind, r.name, r.before_digest, r.after_digest,
                        session_user, CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END,
                        left(current_setting('application_name'), 200), host(inet_client_addr()),
                        charter.redacted_statement(current_query())
                    FROM (
                        SELECT (s.j ->> 'uid')::uuid AS uid, max(s.j ->> 'org') AS org, max(s.j ->> 'kind') AS kind,
                            (array_agg(s.j ->> 'name' ORDER BY s.is_made DESC))[1] AS name,
                            sha256(convert_to(string_agg(d.text, E'\n' ORDER BY d.text) FILTER (WHERE NOT s.is_made), 'UTF8')) AS before_digest,
                            sha256(convert_to(string_agg(d.text, E'\n' ORDER BY d.text) FILTER (WHERE s.is_made), 'UTF8')) AS after_digest
                        FROM (SELECT unnest(gone), false UNION ALL SELECT unnest(made), true) AS s (j, is_made)
                        CROSS JOIN LATERAL (SELECT CASE WHEN TG_TABLE_NAME = 'resource' THEN (s.j ->> 'org') || '/' || (s.j ->> 'kind')
                            || '/' || (s.j ->> 'name') || E'\n' || (s.j ->> 'canonical') ELSE s.j::text END) AS d (text)
                        GROUP BY 1
                        UNION ALL
                        SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE TG_OP = 'TRUNCATE' OR written > told_apart
                    ) r;
                    RETURN NULL;
                EXCEPTION WHEN OTHERS THEN
                    -- Who wrote is worth knowing, and never worth the write.
                    RAISE WARNING 'charter could not note who wrote charter.%: %', TG_TABLE_NAME, SQLERRM;
                    RETURN NULL;
                END
                $body$;
            COMMENT ON FUNCTION charter.note_drift_write IS 'Fills charter.drift_write; runs with its owner''s rights, whoever writes';
            CREATE FUNCTION charter.blame_drift(writer text, application text) RETURNS void
                LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
                AS $body$
                DECLARE
                    relation text;
                    event record;
                BEGIN
                    FOREACH relation IN ARRAY ARRAY['resource', 'lineage', 'provenance', 'history'] LOOP
                        FOR event IN SELECT * FROM (VALUES
                            ('INSERT', 'REFERENCING NEW TABLE AS new_rows'), ('DELETE', 'REFERENCING OLD TABLE AS old_rows'),
                            ('UPDATE', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'), ('TRUNCATE', '')
                        ) AS e (name, rows) LOOP
                            EXECUTE format(
                                'CREATE OR REPLACE TRIGGER %I AFTER %s ON charter.%I %s FOR EACH STATEMENT '
                                'WHEN (NOT (current_user = %L AND current_setting(''application_name'') = %L)) '
                                'EXECUTE FUNCTION charter.note_drift_write()',
                                'drift_blame_' || lower(event.name), event.name, relation, event.rows, writer, application);
                        END LOOP;
                    END LOOP;
                END
                $body$;
            COMMENT ON FUNCTION charter.blame_drift IS
                'Has writes of declared state noted, but for those of this role under this application_name';
            CREATE FUNCTION charter.stop_blaming_drift() RETURNS void
                LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
                AS $body$
                DECLARE
                    found record;
                BEGIN
                    FOR found IN SELECT tgname, tgrelid::regclass::text AS relation FROM pg_trigger
                        WHERE tgname LIKE 'drift\_blame\_%' AND NOT tgisinternal AND tgfoid = 'charter.note_drift_write'::regproc LOOP
                        EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, found.relation);
                    END LOOP;
                END
                $body$;
            COMMENT ON FUNCTION charter.stop_blaming_drift IS 'Takes the triggers away; what was noted stays';
            -- Who could hang it on a table of their own could note what nobody did; a trigger that is there needs no right to it.
            REVOKE EXECUTE ON FUNCTION charter.note_drift_write, charter.blame_drift, charter.stop_blaming_drift FROM PUBLIC;
            """#)
}

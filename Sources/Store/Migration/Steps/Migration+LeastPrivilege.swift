extension Migration {
    /// What a role of a gateway needs done to the ledger without the right to change its rows or to own its tables; and an index of
    /// the audit.
    static let leastPrivilege = Migration(
        version: 38, name: "least privilege",
        sql: """
            CREATE FUNCTION charter.make_usage_month(year integer, month integer) RETURNS void
                LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
                DECLARE
                    first timestamptz := make_timestamptz(year, month, 1, 0, 0, 0, 'UTC');
                    name text := 'usage_' || year || '_' || lpad(month::text, 2, '0');
                BEGIN
                    EXECUTE format('CREATE TABLE charter.%I (LIKE charter.usage INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
                    EXECUTE format('ALTER TABLE charter.usage ATTACH PARTITION charter.%I FOR VALUES FROM (%L) TO (%L)',
                        name, first, first + interval '1 month');
                END $$;
            COMMENT ON FUNCTION charter.make_usage_month IS
                'Makes the partition of a month of UTC, which takes the owner of the ledger; an error where it is there';
            CREATE FUNCTION charter.remove_usage(
                part text, organization uuid, since timestamptz, until timestamptz, most bigint) RETURNS bigint
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                DECLARE
                    removed bigint;
                BEGIN
                    IF until > since + interval '1 hour' OR since <> date_trunc('hour', since, 'UTC') THEN
                        RAISE EXCEPTION 'an hour of the ledger is removed at a time';
                    END IF;
                    CASE part
                    WHEN 'attempts' THEN
                        DELETE FROM charter.usage WHERE at >= since AND at < until AND ctid = ANY (ARRAY(
                            SELECT u.ctid FROM charter.usage u WHERE u.at >= since AND u.at < until AND u.org_uid = organization
                                AND u.flags & 256 = 0 LIMIT most));
                    WHEN 'corrections' THEN
                        DELETE FROM charter.usage WHERE at >= since AND at < until AND ctid = ANY (ARRAY(
                            SELECT u.ctid FROM charter.usage u WHERE u.at >= since AND u.at < until AND u.org_uid = organization
                                AND u.flags & 256 <> 0 LIMIT most));
                    WHEN 'decisions' THEN
                        UPDATE charter.usage SET detail = '{}' WHERE at >= since AND at < until AND ctid = ANY (ARRAY(
                            SELECT u.ctid FROM charter.usage u WHERE u.at >= since AND u.at < until AND u.org_uid = organization
                                AND u.detail <> '{}' LIMIT most));
                    END CASE;
                    GET DIAGNOSTICS removed = ROW_COUNT;
                    RETURN removed;
                END $$;
            COMMENT ON FUNCTION charter.remove_usage IS
                'What retention takes out of the ledger: attempts, corrections or decision records of an organization''s hour; answers how many';
            REVOKE EXECUTE ON FUNCTION charter.make_usage_month, charter.remove_usage FROM PUBLIC;
            CREATE INDEX audit_by_org ON charter.audit (org, sequence)
            """)
}

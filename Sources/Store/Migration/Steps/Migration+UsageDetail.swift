extension Migration {
    /// Tags and doubts in the ledger, and its sums by hour and by day under everything that a report tells apart.
    static let usageDetail = Migration(
        version: 28, name: "usage detail",
        sql: """
            ALTER TABLE charter.usage
                ADD COLUMN tags jsonb NOT NULL DEFAULT '{}',
                ADD COLUMN flags integer NOT NULL DEFAULT 0;
            CREATE INDEX usage_flagged ON charter.usage (at) WHERE flags <> 0;
            COMMENT ON COLUMN charter.usage.tags IS 'The tags of the key under the revision that admitted the request';
            COMMENT ON COLUMN charter.usage.flags IS
                'What is doubtful about the figures: 1 missing, 2 repeated, 4 negative, 8 too large, 16 after [DONE], 32 below what was relayed, 64 without a price, 128 cut, 256 a correction of prices';
            CREATE TABLE charter.usage_hour (
                org_uid uuid NOT NULL,
                hour timestamptz NOT NULL,
                project_uid uuid NOT NULL,
                member_uid uuid NOT NULL,
                key_uid uuid NOT NULL,
                model text NOT NULL,
                route text NOT NULL,
                endpoint text NOT NULL,
                tags_id uuid NOT NULL,
                tags jsonb NOT NULL,
                org text NOT NULL,
                project text NOT NULL,
                member text NOT NULL,
                key text NOT NULL,
                attempts bigint NOT NULL,
                requests bigint NOT NULL,
                tokens bigint NOT NULL,
                input bigint NOT NULL,
                output bigint NOT NULL,
                cache_read bigint NOT NULL,
                cache_write bigint NOT NULL,
                reasoning bigint NOT NULL,
                cost bigint NOT NULL,
                errors bigint NOT NULL,
                estimated bigint NOT NULL,
                flagged bigint NOT NULL,
                PRIMARY KEY (org_uid, hour, project_uid, member_uid, key_uid, model, route, endpoint, tags_id)
            );
            COMMENT ON TABLE charter.usage_hour IS
                'The ledger summed by hour in UTC, moved in the same transaction as the ledger; kept when its rows go';
            COMMENT ON COLUMN charter.usage_hour.project_uid IS 'The zero UUID where there is none';
            COMMENT ON COLUMN charter.usage_hour.member_uid IS 'The zero UUID where there is none';
            COMMENT ON COLUMN charter.usage_hour.route IS 'Empty where the client named a model';
            COMMENT ON COLUMN charter.usage_hour.tags_id IS 'Stands in the primary key for the tags, which may be long; the zero UUID for none';
            COMMENT ON COLUMN charter.usage_hour.key IS 'The name that was booked last, as in the three columns before';
            COMMENT ON COLUMN charter.usage_hour.cost IS 'In nano-USD';
            COMMENT ON COLUMN charter.usage_hour.errors IS 'Attempts with a status of 400 or more';
            COMMENT ON COLUMN charter.usage_hour.estimated IS 'Attempts whose usage is an estimate';
            COMMENT ON COLUMN charter.usage_hour.flagged IS 'Rows with any flag';

            INSERT INTO charter.usage_hour
            SELECT org_uid, date_trunc('hour', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
                coalesce(project_uid, '00000000-0000-0000-0000-000000000000'),
                coalesce(member_uid, '00000000-0000-0000-0000-000000000000'), key_uid, model, coalesce(route, ''), endpoint,
                '00000000-0000-0000-0000-000000000000', '{}', max(org), coalesce(max(project), ''), coalesce(max(member), ''),
                max(key), count(*), sum(requests), sum(tokens), sum(input), sum(output), sum(cache_read), sum(cache_write),
                sum(reasoning), sum(cost), count(*) FILTER (WHERE status >= 400), count(*) FILTER (WHERE estimated), 0
            FROM charter.usage GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
            -- Where rows of the ledger were removed, the sums that were kept are the truth, without what they did not tell apart.
            DELETE FROM charter.usage_hour h USING (
                SELECT o.org_uid, o.hour, o.project_uid, o.member_uid, o.key_uid, o.model FROM charter.usage_rollup o
                JOIN charter.usage_hour n USING (org_uid, hour, project_uid, member_uid, key_uid, model)
                GROUP BY 1, 2, 3, 4, 5, 6, o.attempts HAVING sum(n.attempts) <> o.attempts) gone
            WHERE (h.org_uid, h.hour, h.project_uid, h.member_uid, h.key_uid, h.model)
                = (gone.org_uid, gone.hour, gone.project_uid, gone.member_uid, gone.key_uid, gone.model);
            INSERT INTO charter.usage_hour
            SELECT o.org_uid, o.hour, o.project_uid, o.member_uid, o.key_uid, o.model, '', '',
                '00000000-0000-0000-0000-000000000000', '{}', coalesce(k.org, ''), coalesce(p.name, ''), coalesce(m.name, ''),
                coalesce(k.name, ''), o.attempts, o.requests, o.tokens, o.input, o.output, 0, 0, 0, o.cost, o.errors, o.estimated, 0
            FROM charter.usage_rollup o
            LEFT JOIN charter.lineage k ON k.uid = o.key_uid
            LEFT JOIN charter.lineage p ON p.uid = o.project_uid
            LEFT JOIN charter.lineage m ON m.uid = o.member_uid
            WHERE NOT EXISTS (SELECT FROM charter.usage_hour h
                WHERE (h.org_uid, h.hour, h.project_uid, h.member_uid, h.key_uid, h.model)
                    = (o.org_uid, o.hour, o.project_uid, o.member_uid, o.key_uid, o.model));
            DROP TABLE charter.usage_rollup;
            CREATE INDEX usage_hour_by_key ON charter.usage_hour (key_uid, hour);
            CREATE INDEX usage_hour_by_time ON charter.usage_hour USING brin (hour);

            CREATE TABLE charter.usage_day (LIKE charter.usage_hour INCLUDING COMMENTS);
            ALTER TABLE charter.usage_day RENAME COLUMN hour TO day;
            ALTER TABLE charter.usage_day
                ADD PRIMARY KEY (org_uid, day, project_uid, member_uid, key_uid, model, route, endpoint, tags_id);
            COMMENT ON TABLE charter.usage_day IS 'The sums by hour added up by day in UTC, in the same transaction';
            INSERT INTO charter.usage_day
            SELECT org_uid, date_trunc('day', hour AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', project_uid, member_uid, key_uid, model,
                route, endpoint, tags_id, tags, max(org), max(project), max(member), max(key), sum(attempts), sum(requests),
                sum(tokens), sum(input), sum(output), sum(cache_read), sum(cache_write), sum(reasoning), sum(cost), sum(errors),
                sum(estimated), sum(flagged)
            FROM charter.usage_hour GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
            """)
}

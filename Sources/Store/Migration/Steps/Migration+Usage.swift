extension Migration {
    static let usage = Migration(
        version: 9, name: "usage",
        sql: """
            CREATE TABLE charter.usage (
                at timestamptz NOT NULL,
                epoch bigint NOT NULL,
                org_uid uuid NOT NULL,
                project_uid uuid,
                member_uid uuid,
                key_uid uuid NOT NULL,
                org text NOT NULL,
                project text,
                member text,
                key text NOT NULL,
                decision text NOT NULL,
                attempt integer NOT NULL,
                endpoint text NOT NULL,
                requested_model text NOT NULL,
                model text NOT NULL,
                route text,
                status integer NOT NULL,
                input bigint NOT NULL,
                output bigint NOT NULL,
                cache_read bigint NOT NULL,
                cache_write bigint NOT NULL,
                reasoning bigint NOT NULL,
                other_meters jsonb NOT NULL,
                tokens bigint NOT NULL,
                requests bigint NOT NULL,
                cost bigint NOT NULL,
                estimated boolean NOT NULL,
                revision bigint NOT NULL,
                price_version text NOT NULL,
                latency_ms bigint NOT NULL,
                first_byte_ms bigint,
                detail text NOT NULL
            ) PARTITION BY RANGE (at);
            CREATE INDEX usage_by_decision ON charter.usage (decision);
            CREATE INDEX usage_by_time ON charter.usage USING brin (at);
            COMMENT ON TABLE charter.usage IS
                'The ledger: one row for each attempt, only added. No unique index: charter.shipped makes it exactly once';
            COMMENT ON COLUMN charter.usage.at IS 'When the attempt settled; the partition is of its month in UTC';
            COMMENT ON COLUMN charter.usage.epoch IS 'The run of a gateway that wrote it';
            COMMENT ON COLUMN charter.usage.key_uid IS 'Lineage, not a foreign key: usage outlives what was declared';
            COMMENT ON COLUMN charter.usage.decision IS 'Names the request; x-charter-decision in its answer';
            COMMENT ON COLUMN charter.usage.attempt IS 'Counts from 1 within the request';
            COMMENT ON COLUMN charter.usage.requested_model IS 'What the client asked for';
            COMMENT ON COLUMN charter.usage.model IS 'What served it: provider/model; empty when nothing was called';
            COMMENT ON COLUMN charter.usage.tokens IS 'What token limits and budgets count';
            COMMENT ON COLUMN charter.usage.requests IS 'What request limits count: 1 on one attempt of a request, 0 on the others';
            COMMENT ON COLUMN charter.usage.cost IS 'In nano-USD';
            COMMENT ON COLUMN charter.usage.estimated IS 'Whether the provider never told the true usage';
            COMMENT ON COLUMN charter.usage.detail IS 'The decision record: compact JSON, kept as text';
            """)
}

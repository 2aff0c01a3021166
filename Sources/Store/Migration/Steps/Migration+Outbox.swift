extension Migration {
    /// What happened and who is to be told of it.
    static let outbox = Migration(
        version: 25, name: "outbox",
        sql: """
            CREATE TABLE charter.event (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                message text NOT NULL UNIQUE DEFAULT 'msg_' || pg_catalog.replace(pg_catalog.gen_random_uuid()::text, '-', ''),
                type text NOT NULL CHECK (type <> ''),
                at timestamptz NOT NULL DEFAULT clock_timestamp(),
                unit text NOT NULL,
                org text NOT NULL,
                revision bigint,
                data text NOT NULL,
                platform_data text NOT NULL,
                subjects text NOT NULL,
                routed_at timestamptz
            );
            CREATE INDEX event_unrouted ON charter.event (id) WHERE routed_at IS NULL;
            CREATE INDEX event_by_time ON charter.event (at);
            COMMENT ON TABLE charter.event IS 'What happened, written in the transaction that made it happen; kept for days';
            COMMENT ON COLUMN charter.event.message IS 'The webhook-id by which receivers know an event that reaches them twice';
            COMMENT ON COLUMN charter.event.unit IS 'Empty where the event is of no unit';
            COMMENT ON COLUMN charter.event.org IS 'The organization whose event it is; empty for the platform';
            COMMENT ON COLUMN charter.event.data IS 'A JSON object for everybody who is told';
            COMMENT ON COLUMN charter.event.platform_data IS 'A JSON object for the platform''s own recipients alone';
            COMMENT ON COLUMN charter.event.subjects IS 'JSON: what it is about, by organization; each is told of its own alone';
            CREATE TABLE charter.event_topic (
                topic text NOT NULL,
                subject text NOT NULL,
                occurrence text NOT NULL,
                event bigint NOT NULL,
                PRIMARY KEY (topic, subject)
            );
            COMMENT ON TABLE charter.event_topic IS 'What was said last of each topic, so that nothing is said twice';
            CREATE TABLE charter.recipient (
                name text PRIMARY KEY,
                digest text NOT NULL,
                claim bigint NOT NULL DEFAULT 0,
                claimed_until timestamptz,
                failures integer NOT NULL DEFAULT 0,
                rests_until timestamptz,
                disabled_at timestamptz,
                disabled_reason text,
                dropped bigint NOT NULL DEFAULT 0,
                CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
            );
            COMMENT ON TABLE charter.recipient IS 'Who is told: one delivery at a time, by whoever holds the claim';
            COMMENT ON COLUMN charter.recipient.digest IS 'Of its declaration: a changed one enables it again';
            COMMENT ON COLUMN charter.recipient.claim IS 'Counts the claims; an answer is recorded by the claim that asked';
            COMMENT ON COLUMN charter.recipient.dropped IS 'Events that it was not told of since too many were waiting';
            CREATE TABLE charter.delivery (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                event bigint NOT NULL REFERENCES charter.event (id) ON DELETE CASCADE,
                recipient text NOT NULL REFERENCES charter.recipient (name),
                lane text,
                state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up', 'superseded')),
                attempts integer NOT NULL DEFAULT 0,
                next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                expires_at timestamptz NOT NULL,
                last_at timestamptz,
                last_status integer,
                last_answer text,
                settled_at timestamptz,
                UNIQUE (event, recipient),
                CHECK ((state = 'waiting') = (settled_at IS NULL))
            );
            CREATE INDEX delivery_waiting ON charter.delivery (recipient, id) WHERE state = 'waiting';
            CREATE INDEX delivery_settled ON charter.delivery (settled_at) WHERE state <> 'waiting';
            COMMENT ON TABLE charter.delivery IS 'One event on its way to one recipient';
            COMMENT ON COLUMN charter.delivery.lane IS 'Of several in one lane, only the newest still matters';
            COMMENT ON COLUMN charter.delivery.last_answer IS 'The beginning of what was answered last, or why nothing was';
            """)
}

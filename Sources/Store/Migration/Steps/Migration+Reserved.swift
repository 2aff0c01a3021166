extension Migration {
    /// What gateways hold of budgets for requests under way, and answers to calls that may be repeated.
    static let reserved = Migration(
        version: 43, name: "reserved",
        sql: """
            CREATE TABLE charter.reserved (
                epoch bigint NOT NULL,
                gateway text NOT NULL CHECK (gateway <> ''),
                uid uuid NOT NULL,
                counter text NOT NULL,
                subject text NOT NULL,
                part_start timestamptz NOT NULL,
                amount bigint NOT NULL CHECK (amount > 0),
                at timestamptz NOT NULL,
                PRIMARY KEY (epoch, uid, counter, subject, part_start)
            );
            CREATE INDEX reserved_by_counter ON charter.reserved (uid);
            CREATE INDEX reserved_by_time ON charter.reserved (at);
            COMMENT ON TABLE charter.reserved IS
                'Runtime: what each gateway holds of budgets for requests under way; written anew every few seconds, and over with its time';
            COMMENT ON COLUMN charter.reserved.epoch IS 'Of the process, as one that hands over has its gateway''s name until it ends';
            COMMENT ON COLUMN charter.reserved.uid IS 'Lineage of the budget, or of what else declares it';
            COMMENT ON COLUMN charter.reserved.counter IS 'What it counts over which window, as usd/month@Europe/Berlin';
            COMMENT ON COLUMN charter.reserved.subject IS 'Whose usage it counts and at which models, by uid and names; empty for all of the uid''s';
            COMMENT ON COLUMN charter.reserved.part_start IS 'The beginning of the window, or of the part of one that rolls';
            COMMENT ON COLUMN charter.reserved.amount IS 'In nano-USD, tokens or requests';
            CREATE TABLE charter.answered_call (
                org text NOT NULL CHECK (org <> ''),
                caller text NOT NULL CHECK (caller <> ''),
                idempotency_key text NOT NULL CHECK (idempotency_key <> ''),
                call text NOT NULL,
                answer text NOT NULL,
                at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (org, caller, idempotency_key)
            );
            CREATE INDEX answered_call_by_time ON charter.answered_call (at);
            COMMENT ON TABLE charter.answered_call IS
                'Answers to calls with an Idempotency-Key that leave no row of their own to find them by; kept for a day';
            COMMENT ON COLUMN charter.answered_call.call IS 'All that tells the call from another one with its key'
            """)
}

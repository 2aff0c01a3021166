extension Migration {
    /// What administrators forgive of budgets, and how much of a cell is corrections of prices.
    static let budgetResets = Migration(
        version: 33, name: "budget resets",
        sql: """
            CREATE TABLE charter.budget_reset (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                at timestamptz NOT NULL DEFAULT now(),
                org text NOT NULL CHECK (org <> ''),
                org_uid uuid NOT NULL,
                kind text NOT NULL,
                name text NOT NULL,
                uid uuid NOT NULL,
                counter text NOT NULL,
                subject text NOT NULL,
                window_start timestamptz NOT NULL,
                window_end timestamptz NOT NULL,
                amount bigint NOT NULL CHECK (amount > 0),
                actor text NOT NULL CHECK (actor <> ''),
                reason text NOT NULL CHECK (reason <> ''),
                CHECK (window_end > window_start)
            );
            CREATE INDEX budget_reset_by_counter ON charter.budget_reset (uid, window_end);
            COMMENT ON TABLE charter.budget_reset IS 'Runtime, only added: who set which budget back, and why; the ledger stays as it is';
            COMMENT ON COLUMN charter.budget_reset.uid IS 'Lineage of the budget, or of what else declares it';
            COMMENT ON COLUMN charter.budget_reset.counter IS 'What it counts over which window, as usd/month@Europe/Berlin';
            COMMENT ON COLUMN charter.budget_reset.subject IS 'Whose usage it counted and at which models, by uid and names; empty for all of the uid''s';
            COMMENT ON COLUMN charter.budget_reset.amount IS 'What was forgiven in all, in nano-USD, tokens or requests';
            CREATE TABLE charter.budget_credit (
                reset bigint NOT NULL REFERENCES charter.budget_reset (id),
                part_start timestamptz NOT NULL,
                counts_until timestamptz NOT NULL,
                amount bigint NOT NULL CHECK (amount > 0),
                PRIMARY KEY (reset, part_start)
            );
            CREATE INDEX budget_credit_by_end ON charter.budget_credit (counts_until);
            COMMENT ON TABLE charter.budget_credit IS
                'What a reset forgives, by window, or by part of a window that rolls: a budget counts the ledger''s sum of it less all of these';
            COMMENT ON COLUMN charter.budget_credit.counts_until IS 'The end of the window, or when the part leaves the window that rolls';
            CREATE TRIGGER budget_reset_is_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON charter.budget_reset
                FOR EACH STATEMENT EXECUTE FUNCTION charter.refuse_change();
            CREATE TRIGGER budget_credit_is_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON charter.budget_credit
                FOR EACH STATEMENT EXECUTE FUNCTION charter.refuse_change();
            ALTER TABLE charter.cell ADD COLUMN corrected bigint NOT NULL DEFAULT 0;
            COMMENT ON COLUMN charter.cell.corrected IS
                'What corrections of prices have changed of the amount since the cell was made, so that gateways may count less too'
            """)
}

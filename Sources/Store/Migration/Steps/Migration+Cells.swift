extension Migration {
    static let cells = Migration(
        version: 12, name: "cells",
        sql: """
            CREATE TABLE charter.cell (
                uid uuid NOT NULL,
                meter text NOT NULL CHECK (meter IN ('usd', 'tokens', 'requests')),
                "window" text NOT NULL,
                window_start timestamptz NOT NULL,
                window_end timestamptz NOT NULL,
                model text NOT NULL,
                amount bigint NOT NULL,
                org_uid uuid NOT NULL,
                project_uid uuid,
                member_uid uuid,
                key_uid uuid,
                models text[],
                seeded_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (uid, meter, "window", window_start, model),
                CHECK (window_end > window_start)
            );
            CREATE INDEX cell_by_subject ON charter.cell (org_uid, key_uid);
            COMMENT ON TABLE charter.cell IS
                'What was spent in one window of one limit or budget: always the sum of the ledger''s rows under its subject';
            COMMENT ON COLUMN charter.cell.uid IS 'Lineage of the budget, key or organization whose rule it is';
            COMMENT ON COLUMN charter.cell.model IS 'The one model it counts where a limit is per model; else empty';
            COMMENT ON COLUMN charter.cell.amount IS 'In nano-USD, tokens or requests';
            COMMENT ON COLUMN charter.cell.project_uid IS 'Counts only this project; NULL for all, as the next two columns';
            COMMENT ON COLUMN charter.cell.models IS 'Globs over provider/model, one of which must match; NULL for all';
            """)
}

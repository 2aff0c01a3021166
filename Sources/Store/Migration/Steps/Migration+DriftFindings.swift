extension Migration {
    /// What scans for drift found, from when to when, and what people said of it.
    static let driftFindings = Migration(
        version: 35, name: "drift findings",
        sql: """
            CREATE TABLE charter.drift_finding (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                unit text NOT NULL REFERENCES charter.unit (name),
                uid uuid NOT NULL,
                field text NOT NULL,
                resource text NOT NULL CHECK (resource <> ''),
                org text NOT NULL,
                aspect text NOT NULL CHECK (aspect IN ('changed', 'missing', 'unexpected')),
                label text NOT NULL,
                wanted text,
                found text,
                path text,
                line bigint,
                col bigint,
                direction text NOT NULL CHECK (direction IN ('drift', 'conflict')),
                revision bigint NOT NULL,
                first_seen timestamptz NOT NULL DEFAULT now(),
                last_seen timestamptz NOT NULL DEFAULT now(),
                state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'tolerated', 'adopted', 'reverted', 'gone')),
                settled_at timestamptz,
                tolerated_until timestamptz,
                tolerated_by text,
                tolerated_reason text,
                revert_asked_by text,
                contested_since timestamptz,
                write bigint,
                CHECK ((state IN ('open', 'tolerated')) = (settled_at IS NULL)),
                CHECK (state <> 'tolerated'
                    OR (tolerated_until IS NOT NULL AND tolerated_by IS NOT NULL AND tolerated_reason IS NOT NULL))
            );
            CREATE UNIQUE INDEX drift_finding_present ON charter.drift_finding (unit, uid, field) WHERE settled_at IS NULL;
            CREATE INDEX drift_finding_by_field ON charter.drift_finding (uid, field, id);
            CREATE INDEX drift_finding_by_end ON charter.drift_finding (settled_at) WHERE settled_at IS NOT NULL;
            COMMENT ON TABLE charter.drift_finding IS
                'What scans found changed by other hands, a row for each field from when it was first seen until it was as applied again';
            COMMENT ON COLUMN charter.drift_finding.field IS
                'JSON pointer into canonical, or /digest, /unit, /metadata/name; empty for a row that is gone or that no commit declares';
            COMMENT ON COLUMN charter.drift_finding.org IS 'Empty for the platform';
            COMMENT ON COLUMN charter.drift_finding.label IS 'The way to the field as people say it';
            COMMENT ON COLUMN charter.drift_finding.wanted IS 'JSON text as applied; cut where it is long';
            COMMENT ON COLUMN charter.drift_finding.direction IS 'conflict where a commit that waits wants yet another value';
            COMMENT ON COLUMN charter.drift_finding.state IS
                'adopted: what was found is declared now; reverted: an apply put it right; gone: a hand did';
            COMMENT ON COLUMN charter.drift_finding.revert_asked_by IS 'Who wants it put right, whatever the mode of its kind';
            COMMENT ON COLUMN charter.drift_finding.contested_since IS
                'When it had been put right again and again, so that Charter takes no part any longer';
            COMMENT ON COLUMN charter.drift_finding.write IS 'The row of charter.drift_write that made it so; NULL where none is known';
            """)
}

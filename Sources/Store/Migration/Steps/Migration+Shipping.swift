extension Migration {
    static let shipping = Migration(
        version: 11, name: "shipping",
        sql: """
            CREATE TABLE charter.epoch (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                gateway text NOT NULL,
                minted_at timestamptz NOT NULL DEFAULT now()
            );
            COMMENT ON TABLE charter.epoch IS 'Runs of gateways: each start mints a number that is never used again';
            CREATE TABLE charter.shipped (
                epoch bigint NOT NULL REFERENCES charter.epoch (id),
                segment bigint NOT NULL,
                "offset" bigint NOT NULL CHECK ("offset" >= 0),
                shipped_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (epoch, segment)
            );
            COMMENT ON TABLE charter.shipped IS
                'How far each journal segment is in the ledger; advances in the transaction that adds the rows';
            COMMENT ON COLUMN charter.shipped."offset" IS 'First byte that was not shipped yet';
            CREATE TABLE charter.ledger_lock (
                single boolean PRIMARY KEY DEFAULT true CHECK (single)
            );
            COMMENT ON TABLE charter.ledger_lock IS
                'One row: shipping shares its lock, seeding a cell from the ledger takes it alone';
            INSERT INTO charter.ledger_lock DEFAULT VALUES;
            """)
}

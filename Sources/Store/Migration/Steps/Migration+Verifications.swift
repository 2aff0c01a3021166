extension Migration {
    /// Who answers for the commit that a unit was last asked to move to.
    static let verifications = Migration(
        version: 19, name: "verifications",
        sql: """
            CREATE TABLE charter.verification (
                unit text PRIMARY KEY REFERENCES charter.unit (name),
                commit text NOT NULL,
                at timestamptz NOT NULL DEFAULT now(),
                outcome text NOT NULL,
                signature text NOT NULL,
                signers text NOT NULL,
                fingerprint text,
                findings json NOT NULL
            );
            COMMENT ON TABLE charter.verification IS 'The signature of the commit at which each unit was judged last';
            COMMENT ON COLUMN charter.verification.outcome IS 'not demanded, good, warned, refused or accepted';
            COMMENT ON COLUMN charter.verification.signature IS 'good, unsigned, untrusted, bad or unchecked';
            COMMENT ON COLUMN charter.verification.signers IS 'Names of the declared signers, with commas; empty unless the signature is good';
            COMMENT ON COLUMN charter.verification.findings IS 'Array of diagnostics, as in charter.unit';
            """)
}

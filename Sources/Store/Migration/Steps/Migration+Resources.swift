extension Migration {
    static let resources = Migration(
        version: 3, name: "resources",
        sql: """
            CREATE TABLE charter.lineage (
                uid uuid PRIMARY KEY,
                org text NOT NULL,
                kind text NOT NULL,
                name text NOT NULL,
                opened_revision bigint NOT NULL,
                closed_revision bigint,
                superseded_revision bigint,
                CHECK (closed_revision >= opened_revision)
            );
            CREATE UNIQUE INDEX lineage_by_name ON charter.lineage (org, kind, name) WHERE superseded_revision IS NULL;
            COMMENT ON TABLE charter.lineage IS
                'Identity of a resource through renames and re-creation; runtime rows refer to its uid';
            COMMENT ON COLUMN charter.lineage.org IS 'Empty for the platform';
            COMMENT ON COLUMN charter.lineage.closed_revision IS
                'The revision that deleted the resource; a new one of this name takes the lineage up again';
            COMMENT ON COLUMN charter.lineage.superseded_revision IS
                'When another lineage was renamed to this one''s name, which therefore finds it no more';
            CREATE TABLE charter.resource (
                org text NOT NULL,
                kind text NOT NULL CHECK (kind <> ''),
                name text NOT NULL CHECK (name <> ''),
                uid uuid NOT NULL UNIQUE,
                canonical text NOT NULL,
                digest bytea NOT NULL CHECK (octet_length(digest) = 32),
                revision bigint NOT NULL,
                unit text NOT NULL,
                PRIMARY KEY (org, kind, name)
            );
            COMMENT ON TABLE charter.resource IS 'Declared state as it is enforced; only an apply writes it';
            COMMENT ON COLUMN charter.resource.org IS 'Empty for the platform';
            COMMENT ON COLUMN charter.resource.canonical IS 'Canonical JSON, kept as text: every byte counts for the digest';
            COMMENT ON COLUMN charter.resource.digest IS
                'SHA-256 of org/kind/name, a line feed and canonical, as it was applied; another value of the row is a hand edit';
            COMMENT ON COLUMN charter.resource.revision IS 'The revision that last changed it';
            CREATE FUNCTION charter.row_digest(org text, kind text, name text, canonical text) RETURNS bytea
                LANGUAGE sql IMMUTABLE PARALLEL SAFE
                RETURN pg_catalog.sha256(pg_catalog.convert_to(
                    org || '/' || kind || '/' || name || E'\\n' || canonical, 'UTF8'));
            COMMENT ON FUNCTION charter.row_digest IS 'What one resource adds to the state digest';
            CREATE FUNCTION charter.digest_lane(digest bytea, lane integer) RETURNS numeric
                LANGUAGE sql IMMUTABLE PARALLEL SAFE
                RETURN ('x' || pg_catalog.encode(pg_catalog.substring(digest, lane * 8 + 1, 8), 'hex'))::bit(64)::bigint::numeric;
            COMMENT ON FUNCTION charter.digest_lane IS 'Eight bytes of a digest as a signed number; lanes count from 0';
            CREATE FUNCTION charter.lane_text(total numeric) RETURNS text
                LANGUAGE sql IMMUTABLE PARALLEL SAFE
                RETURN pg_catalog.lpad(pg_catalog.to_hex((pg_catalog.mod(pg_catalog.mod(
                    coalesce(total, 0), 18446744073709551616) + 27670116110564327424, 18446744073709551616)
                    - 9223372036854775808)::bigint), 16, '0');
            COMMENT ON FUNCTION charter.lane_text IS 'A sum of lanes modulo 2^64 in hexadecimal';
            CREATE FUNCTION charter.state_digest() RETURNS text
                LANGUAGE sql STABLE PARALLEL SAFE
                BEGIN ATOMIC
                    SELECT charter.lane_text(sum(charter.digest_lane(h.digest, 0)))
                        || charter.lane_text(sum(charter.digest_lane(h.digest, 1)))
                        || charter.lane_text(sum(charter.digest_lane(h.digest, 2)))
                        || charter.lane_text(sum(charter.digest_lane(h.digest, 3)))
                    FROM (SELECT charter.row_digest(r.org, r.kind, r.name, r.canonical) AS digest
                          FROM charter.resource r) AS h;
                END;
            COMMENT ON FUNCTION charter.state_digest IS
                'Digest of the state as it stands, from canonical alone; compare with charter.revision.state_digest';
            """)
}

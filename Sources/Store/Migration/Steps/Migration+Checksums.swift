extension Migration {
    /// What each revision wrote beside the rows of resources, told by its checksums, so that a scan sees what a hand changed of it.
    static let checksums = Migration(
        version: 44, name: "checksums",
        sql: """
            ALTER TABLE charter.revision ADD COLUMN has_checksums boolean NOT NULL DEFAULT false;
            COMMENT ON COLUMN charter.revision.has_checksums IS
                'Whether charter.checksum has all that it wrote; false for a revision of before there were any';
            CREATE INDEX provenance_by_revision ON charter.provenance (revision_from);
            CREATE INDEX lineage_superseded ON charter.lineage (superseded_revision) WHERE superseded_revision IS NOT NULL;
            CREATE FUNCTION charter.row_checksum(h charter.history) RETURNS bytea
                LANGUAGE sql STABLE PARALLEL SAFE
                RETURN pg_catalog.sha256(pg_catalog.convert_to(
                    ROW(h.field, h.op, h.value, h.org, h.kind, h.name)::text, 'UTF8'));
            CREATE FUNCTION charter.row_checksum(p charter.provenance) RETURNS bytea
                LANGUAGE sql STABLE PARALLEL SAFE
                RETURN pg_catalog.sha256(pg_catalog.convert_to(
                    ROW(p.path, p.blob, p.line, p.col, p.spans, p.commit, p.author, extract(epoch FROM p.committed_at), p.summary)::text,
                    'UTF8'));
            CREATE FUNCTION charter.row_checksum(l charter.lineage) RETURNS bytea
                LANGUAGE sql STABLE PARALLEL SAFE
                RETURN pg_catalog.sha256(pg_catalog.convert_to(
                    ROW(l.org, l.kind, l.name, l.opened_revision, l.closed_revision, l.superseded_revision)::text, 'UTF8'));
            COMMENT ON FUNCTION charter.row_checksum(charter.history) IS 'SHA-256 of what a row of history says of its resource';
            COMMENT ON FUNCTION charter.row_checksum(charter.provenance) IS 'SHA-256 of what a row of provenance says, whatever the time zone';
            COMMENT ON FUNCTION charter.row_checksum(charter.lineage) IS 'SHA-256 of what a row of lineage says of its resource';
            CREATE TABLE charter.checksum (
                revision bigint NOT NULL,
                uid uuid NOT NULL,
                resource text NOT NULL,
                history bytea,
                provenance bytea,
                PRIMARY KEY (revision, uid)
            );
            CREATE INDEX checksum_of_provenance ON charter.checksum (uid, revision) WHERE provenance IS NOT NULL;
            COMMENT ON TABLE charter.checksum IS
                'What a revision wrote of each resource into charter.history and charter.provenance; rows never change';
            COMMENT ON COLUMN charter.checksum.resource IS 'org/kind/name at that revision, with - for the platform';
            COMMENT ON COLUMN charter.checksum.history IS
                'SHA-256 of the checksums of its rows of history, the smallest first; NULL where it wrote none';
            CREATE TABLE charter.lineage_checksum (
                uid uuid PRIMARY KEY,
                unit text NOT NULL,
                resource text NOT NULL,
                lineage bytea NOT NULL,
                row_revision bigint
            );
            COMMENT ON TABLE charter.lineage_checksum IS 'Each row of charter.lineage as it was written last';
            COMMENT ON COLUMN charter.lineage_checksum.unit IS 'Whose resource it is; empty where that is not known';
            COMMENT ON COLUMN charter.lineage_checksum.row_revision IS
                'The number that the row of charter.resource has; NULL where there is to be none';
            INSERT INTO charter.lineage_checksum (uid, unit, resource, lineage, row_revision)
                SELECT l.uid, coalesce(r.unit, v.unit, ''), coalesce(nullif(l.org, ''), '-') || '/' || l.kind || '/' || l.name,
                    charter.row_checksum(l), r.revision
                FROM charter.lineage l LEFT JOIN charter.resource r ON r.uid = l.uid
                LEFT JOIN charter.revision v ON v.id = l.closed_revision;
            ALTER TABLE charter.drift_scan ADD COLUMN history_below bigint;
            COMMENT ON COLUMN charter.drift_scan.history_below IS
                'The revision from which the next scan goes on comparing history, downwards; NULL to begin with the newest';
            ALTER TABLE charter.drift_finding DROP CONSTRAINT drift_finding_aspect_check;
            ALTER TABLE charter.drift_finding ADD CONSTRAINT drift_finding_aspect_check
                CHECK (aspect IN ('changed', 'missing', 'unexpected', 'provenance', 'history', 'lineage'));
            """)
}

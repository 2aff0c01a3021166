/// What a hand changed of a table beside the rows of resources.
package struct RecordDifference: Hashable, Sendable {
    package var aspect: DriftFinding.Aspect
    package var uid: String
    /// `org/kind/name`, with `-` for the platform.
    package var resource: String
    /// JSON pointer: `/history/7` and `/provenance/7` of the revision that wrote it, `/lineage`, and `/revision` and `/unit` of the resource's row.
    package var pointer: String
    /// JSON text, a checksum in hexadecimal or a number; nil where absent.
    package var wanted: String?
    package var found: String?

    package init(aspect: DriftFinding.Aspect, uid: String, resource: String, pointer: String, wanted: String?, found: String?) {
        (self.aspect, self.uid, self.resource, self.pointer) = (aspect, uid, resource, pointer)
        (self.wanted, self.found) = (wanted, found)
    }
}

extension Checksums {
    /// What differs from what was written: of history and of what holds of provenance in these revisions, of lineage and of the numbers and
    /// units of rows everywhere. Of one unit or of all, the first ones in the order of their names.
    package static func differences(
        _ transaction: Transaction, in window: ChecksumWindow, unit: String?
    ) throws(DatabaseError) -> [RecordDifference] {
        let rows = try transaction.query(
            """
            WITH newest AS (SELECT coalesce(max(id), 0) AS id FROM charter.revision),
            mine AS (SELECT $3::text IS NULL OR unit = $3 AS found FROM charter.revision r JOIN newest n ON n.id = r.id),
            -- Nobody hides what they change by a hand in the revision itself.
            v AS (
                SELECT r.id FROM charter.revision r WHERE r.id BETWEEN $1 AND $2 AND ($3::text IS NULL OR r.unit = $3)
                    AND (r.has_checksums OR EXISTS (SELECT FROM charter.checksum c WHERE c.revision = r.id))
                UNION ALL
                SELECT DISTINCT c.revision FROM charter.checksum c
                WHERE c.revision BETWEEN $1 AND least($2, (SELECT id FROM newest)) AND (SELECT found FROM mine)
                    AND NOT EXISTS (SELECT FROM charter.revision r WHERE r.id = c.revision)),
            c AS (SELECT c.* FROM v JOIN charter.checksum c ON c.revision = v.id),
            h AS (\(history("h.revision IN (SELECT id FROM v)", "h.revision > (SELECT id FROM newest) AND (SELECT found FROM mine)"))),
            p AS (
                SELECT p.uid, p.revision_from AS revision, charter.row_checksum(p) AS checksum FROM charter.provenance p
                WHERE p.revision_from IN (SELECT id FROM v)
                UNION ALL
                SELECT p.uid, p.revision_from, charter.row_checksum(p) FROM charter.provenance p
                WHERE p.revision_from > (SELECT id FROM newest) AND (SELECT found FROM mine))
            SELECT d.aspect, d.uid, coalesce(d.resource, \(name)), d.pointer, d.wanted, d.found FROM (
                SELECT 'history' AS aspect, uid, c.resource, '/history/' || revision AS pointer,
                    \(quoted("c.history")) AS wanted, \(quoted("h.checksum")) AS found
                FROM (SELECT * FROM c WHERE history IS NOT NULL) AS c FULL JOIN h USING (uid, revision)
                WHERE c.history IS DISTINCT FROM h.checksum
                UNION ALL
                SELECT 'provenance', uid, c.resource, '/provenance/' || revision, \(quoted("c.provenance")), \(quoted("p.checksum"))
                FROM (SELECT * FROM c WHERE provenance IS NOT NULL) AS c FULL JOIN p USING (uid, revision)
                WHERE c.provenance IS DISTINCT FROM p.checksum
                    -- What was written anew since holds, whatever became of what held before.
                    AND NOT EXISTS (SELECT FROM charter.checksum s
                        WHERE s.uid = coalesce(c.uid, p.uid) AND s.revision > coalesce(c.revision, p.revision) AND s.provenance IS NOT NULL)
                UNION ALL
                SELECT 'lineage', uid, s.resource, '/lineage', \(quoted("s.lineage")), \(quoted(lineage))
                FROM charter.lineage_checksum s FULL JOIN charter.lineage l USING (uid)
                WHERE s.lineage IS DISTINCT FROM \(lineage) AND CASE WHEN s.uid IS NULL THEN (SELECT found FROM mine)
                    ELSE $3::text IS NULL OR s.unit = $3 END
                UNION ALL
                SELECT 'history', r.uid, s.resource, '/revision', s.row_revision::text, r.revision::text
                FROM charter.lineage_checksum s JOIN charter.resource r ON r.uid = s.uid
                WHERE r.revision <> s.row_revision AND ($3::text IS NULL OR s.unit = $3)
                UNION ALL
                -- A unit that never applied anything is seen in the row itself.
                SELECT 'history', r.uid, s.resource, '/unit', to_json(s.unit)::text, to_json(r.unit)::text
                FROM charter.lineage_checksum s JOIN charter.resource r ON r.uid = s.uid
                WHERE r.unit <> s.unit AND s.unit <> '' AND ($3::text IS NULL OR s.unit = $3)
                    AND EXISTS (SELECT FROM charter.revision v WHERE v.unit = r.unit)
            ) AS d LEFT JOIN charter.lineage l USING (uid) ORDER BY 3, 4 LIMIT $4
            """, [.integer(window.first), .integer(window.last), .text(unit), .integer(Int64(DriftFindings.presentMax))])
        var differences: [RecordDifference] = []
        for row in rows { differences.append(try RecordDifference(row)) }
        return differences
    }

    private static let lineage = "CASE WHEN l.uid IS NOT NULL THEN charter.row_checksum(l) END"

    private static func quoted(_ checksum: String) -> String { "'\"' || encode(\(checksum), 'hex') || '\"'" }
}

extension RecordDifference {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        guard let aspect = DriftFinding.Aspect(rawValue: try row.text(0)) else {
            throw DatabaseError(.unexpectedAnswer, "a difference of a table has an aspect that this program does not know")
        }
        self.init(
            aspect: aspect, uid: try row.text(1), resource: try row.text(2), pointer: try row.text(3), wanted: row.textOrNil(4),
            found: row.textOrNil(5))
    }
}

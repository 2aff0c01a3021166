import Reconciler
import Spec
import Store
import TestKit
import Testing

/// Faults of the matrix that hands and sheer numbers bring.
struct HandFaults {
    struct Hand: CustomTestStringConvertible, Sendable {
        var statement: String
        var resource: String
        var aspect: DriftFinding.Aspect
        /// Of the finding that is looked at; empty for a row.
        var pointer = ""
        var wanted: String?
        var found: String?

        var testDescription: String { statement }
    }

    static let hands = [
        Hand(
            statement: "UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE name = 'team'",
            resource: "acme/Budget/team", aspect: .changed, pointer: "/spec/hard", wanted: #""100 USD/month""#, found: #""900 USD/month""#),
        Hand(
            statement: "UPDATE charter.resource SET name = 'other' WHERE name = 'team'", resource: "acme/Budget/team", aspect: .changed,
            pointer: "/metadata/name", wanted: #""acme/Budget/team""#, found: #""acme/Budget/other""#),
        Hand(
            statement: "UPDATE charter.resource SET org = 'other' WHERE name = 'team'", resource: "acme/Budget/team", aspect: .changed,
            pointer: "/metadata/name", wanted: #""acme/Budget/team""#, found: #""other/Budget/team""#),
        Hand(
            statement: "UPDATE charter.resource SET kind = 'Project' WHERE name = 'team'", resource: "acme/Budget/team", aspect: .changed,
            pointer: "/metadata/name", wanted: #""acme/Budget/team""#, found: #""acme/Project/team""#),
        Hand(
            statement: "UPDATE charter.resource SET digest = decode(repeat('00', 32), 'hex') WHERE name = 'team'", resource: "acme/Budget/team",
            aspect: .changed, pointer: "/digest", found: "\"\(String(repeating: "0", count: 64))\""),
        Hand(
            statement: "UPDATE charter.resource SET unit = 'other' WHERE name = 'team'", resource: "acme/Budget/team", aspect: .changed,
            pointer: "/unit", wanted: #""default""#, found: #""other""#),
        Hand(
            statement: "UPDATE charter.resource SET uid = '00000000-0000-4000-8000-000000000009' WHERE name = 'team'",
            resource: "acme/Budget/team", aspect: .missing),
        Hand(statement: "DELETE FROM charter.resource WHERE name = 'team'", resource: "acme/Budget/team", aspect: .missing),
        Hand(
            statement: """
                INSERT INTO charter.resource SELECT org, kind, 'ghost', gen_random_uuid(), canonical, digest, revision, unit
                FROM charter.resource WHERE name = 'team'
                """, resource: "acme/Budget/ghost", aspect: .unexpected),
    ]

    @Test(arguments: hands) func `F23 what a hand changes is reported by the next scan with both values, and held as it is`(hand: Hand) throws {
        let scene = try Scene()
        try scene.apply()
        let watch = try scene.start("watch", "--drift-interval", "200ms")
        try eventually(within: .seconds(20), "a first scan: \(watch.errors)") { try scene.sql("SELECT resources FROM charter.drift_scan") == ["0"] }
        try scene.sql(hand.statement)
        let rows = "SELECT r::text FROM charter.resource r ORDER BY 1"
        let after = try scene.sql(rows)
        try eventually(within: .seconds(20), "the report: \(watch.errors)") { try scene.sql("SELECT count(*) FROM charter.drift_finding") != ["0"] }
        let findings = try Connection(scene.database).transaction { try DriftFindings.present($0) }
        let finding = try #require(findings.first { $0.resource == hand.resource && $0.aspect == hand.aspect && $0.pointer == hand.pointer })
        if let wanted = hand.wanted { #expect(finding.wanted == wanted) }
        if let found = hand.found { #expect(finding.found == found) }
        #expect(finding.firstSeen != nil && finding.state == .open)
        #expect(try scene.sql(rows) == after, "report holds it as it is")
    }

    @Test func `F23 where drift is reverted, what a hand changes is put right by the next scan and nothing else is touched`() throws {
        let scene = try Scene(
            Declared.platform.merging(
                ["charter.yaml": Declared.platform["charter.yaml"]!.replacing("drift: report", with: "drift: report, driftFor: { Budget: revert }")]
            ) { $1 })
        try scene.apply()
        let untouched = "SELECT xmin || r::text FROM charter.resource r WHERE name <> 'team' ORDER BY 1"
        let before = try scene.sql(untouched)
        let row = try scene.sql("SELECT concat_ws('|', org, kind, name, uid, canonical, digest, unit) FROM charter.resource WHERE name = 'team'")
        let watch = try scene.start("watch", "--drift-interval", "200ms")
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE name = 'team'")
        try eventually(within: .seconds(20), "it is put right: \(watch.errors)") {
            try scene.sql("SELECT state FROM charter.drift_finding") == ["reverted"]
        }
        #expect(try scene.sql("SELECT concat_ws('|', org, kind, name, uid, canonical, digest, unit) FROM charter.resource WHERE name = 'team'") == row)
        #expect(try scene.sql(untouched) == before)
    }

    @Test func `F24 five thousand resources are applied as one, and applying them again writes nothing`() throws {
        var files = Declared.platform
        for file in 0..<50 {
            files["orgs/acme/projects/many-\(file).yaml"] = (0..<100).map { Declared.project("p-\(file)-\($0)", "Project \($0)") }
                .joined(separator: "---\n")
        }
        let scene = try Scene(files)
        guard case .applied(let plan, _) = try scene.apply() else { throw Unexpected() }
        #expect(plan.tally.created > 5_000)
        let (state, audit) = (try scene.fingerprint(), try scene.sql("SELECT count(*) FROM charter.audit"))
        guard case .unchanged = try scene.apply() else { throw Unexpected() }
        #expect(try scene.fingerprint() == state)
        #expect(try scene.sql("SELECT count(*) FROM charter.audit") == audit)
    }
}

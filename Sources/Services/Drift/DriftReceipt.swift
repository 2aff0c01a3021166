internal import Policy
package import Spec
package import Store

/// What an act on drift came to.
package struct DriftReceipt: Sendable {
    package let findings: [DriftFinding]
    let sentence: String

    init(findings: [DriftFinding], sentence: String) { (self.findings, self.sentence) = (findings, sentence) }

    package var text: String {
        ([sentence] + findings.prefix(Self.namesMax).map { "  \($0.resource.printable)\($0.label.isEmpty ? "" : "  \($0.label.printable)")" })
            .joined(separator: "\n")
    }

    package var json: JSONTree {
        .object([("format", .int(1)), ("findings", .array(findings.map(\.json)))])
    }

    static func count(_ findings: [DriftFinding]) -> String { findings.count == 1 ? "1 finding" : "\(findings.count) findings" }

    static func nothing(_ subject: String?) -> RequestRefusal {
        RequestRefusal(
            subject.map { "no finding of \($0.printable) is kept" } ?? "no finding is kept", .missing,
            hint: "charter watch keeps them with its scans; charter drift shows what there is now")
    }

    /// Adds the act to the audit of each organization that it concerns, in the order of their names.
    static func record(
        _ transaction: Transaction, _ action: String, _ findings: [DriftFinding], actor: String, subject: String,
        _ facts: [(String, JSONTree)]
    ) throws(DatabaseError) {
        for (org, found) in Dictionary(grouping: findings, by: { $0.org ?? "" }).sorted(by: { $0.key < $1.key }) {
            let names = found.prefix(namesMax).map { JSONTree.string("\($0.resource)#\($0.pointer)") }
            let detail = JSONTree.object([("count", .int(Int64(found.count))), ("findings", .array(names))] + facts)
            try Audit.append(
                transaction, org.isEmpty ? .platform : .organization(org), actor: actor, action: action, subject: subject, detail: detail.text)
        }
    }

    /// Listed; the rest is counted.
    private static let namesMax = 100
}

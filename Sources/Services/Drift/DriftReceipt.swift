internal import Policy
package import Spec
package import Store

/// What an act on drift came to.
package struct DriftReceipt: Sendable {
    /// The first of them.
    package private(set) var findings: [DriftFinding] = []
    /// Of all, listed or not.
    package private(set) var count = 0
    /// Changes that were to declare some of them and are taken back, by their ids.
    package private(set) var withdrawn: [String] = []
    /// How many stay, as changes that cannot be taken back declare them.
    package var left = 0
    /// What was done to them, behind their number.
    var sentence = ""

    mutating func add(_ more: [DriftFinding], withdrawn changes: [String] = []) {
        findings += more.prefix(max(0, Self.listedMax - findings.count))
        count += more.count
        withdrawn += changes
    }

    package var text: String {
        let names = findings.prefix(Self.namesMax).map { "  \($0.resource.printable)\($0.label.isEmpty ? "" : "  \($0.label.printable)")" }
        let rest = count > names.count ? ["  and \(count - names.count) more"] : []
        let changes = withdrawn.map { "Change \($0), which was to declare some of it, is withdrawn." }
        let stays = left > 0 ? ["\(left) more are being declared by a change already, and stay."] : []
        return (["\(count == 1 ? "1 finding" : "\(count) findings") \(sentence)"] + names + rest + changes + stays).joined(separator: "\n")
    }

    package var json: JSONTree { json(first: Self.listedMax) }

    func json(first limit: Int) -> JSONTree {
        .object([
            ("format", .int(1)), ("count", .int(Int64(count))), ("findings", .array(findings.prefix(limit).map(\.json))),
            ("withdrawn", .array(withdrawn.map { .string($0) })), ("left", .int(Int64(left))),
        ])
    }

    /// What `json` looks like.
    static let shape = AdminShape.object([
        "format": .integer, "count": .integer, "findings": .array(DriftFinding.shape), "withdrawn": .array(.string), "left": .integer,
    ])

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

    /// Listed in the audit and at a terminal; the rest is counted.
    private static let namesMax = 100
    /// Listed for programs.
    private static let listedMax = 1_000
}

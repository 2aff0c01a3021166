internal import Spec
package import Store

extension DriftPage {
    /// For people at a terminal.
    package var text: String {
        guard let base else { return "Nothing is applied yet." }
        let population = population ?? 0
        guard !findings.isEmpty else {
            return "No drift: \(population) resources are as revision \(base.revision) (\(base.commit.prefix(10))) left them."
        }
        let count = resources.count == 1 ? "1 resource was" : "\(resources.count) resources were"
        let head = "Drift: \(count) changed in the database, not by a commit, since \(base.commit.prefix(10)) (revision \(base.revision)) was applied:"
        let hint = blame == .on ? [] : ["charter migrate --drift-blame has PostgreSQL note who writes."]
        let rest = resources.count > Self.resourcesMax ? ["  and \(resources.count - Self.resourcesMax) more; --format json has all of them"] : []
        return ([head] + resources.prefix(Self.resourcesMax).flatMap(Self.lines) + rest + ["", "\(resources.count) drifted of \(population); \(remedy)"] + hint)
            .joined(separator: "\n")
    }

    /// For a terminal.
    private static let resourcesMax = 1_000

    private var remedy: String {
        findings.contains { $0.aspect == .history || $0.aspect == .lineage }
            ? "charter apply puts rows and places right; history and lineage are for a hand to put back, or a backup."
            : "charter apply puts them right."
    }

    /// What is kept, one line each, the newest first.
    package var listText: String {
        guard !findings.isEmpty else { return "No findings are kept." }
        let lines = findings.map { finding in
            "\(finding.resource.printable)\(finding.label.isEmpty ? "" : "  \(finding.label.printable)")  \(finding.difference)\n"
                + "  \(finding.standing); \(finding.blame)"
        }
        return (lines + (isCut ? ["More are kept; GET /v1/admin/drift/findings lists all, a page at a time."] : [])).joined(separator: "\n")
    }

    private static func lines(_ findings: [DriftFinding]) -> [String] {
        let first = findings[0]
        let head =
            first.isWhole
            ? ["  ! \(first.resource.printable)  \(first.difference)\(at(first))", "      \(first.standing); \(first.blame)"]
            : ["  ! \(first.resource.printable)"]
        return head
            + findings.filter { !$0.isWhole }.flatMap { finding in
                [
                    "      \(finding.label.printable)  \(finding.difference)\(at(finding))", "        \(finding.standing); \(finding.blame)",
                ]
            }
    }

    private static func at(_ finding: DriftFinding) -> String {
        finding.place.map { "    \($0.description.printable)" } ?? ""
    }
}

internal import Spec
package import Store

extension DriftReport {
    /// What the rows are now, with what scans and triggers know of it; needs no repository.
    package static func page(_ connection: Connection) throws -> DriftPage {
        let report = try read(connection)
        return try connection.transaction(.repeatableRead) { transaction in
            let kept = Dictionary(try DriftFindings.present(transaction).map { ($0.subject, $0) }) { first, _ in first }
            let findings = report.findings(unit: "")
            let blames = try DriftFindings.blames(transaction, of: findings)
            return DriftPage(
                at: try transaction.clock(), blame: try DriftBlame.standing(transaction),
                base: report.base.map { ($0.revision, $0.commit) }, population: report.population,
                findings: findings.map { now in
                    if let known = kept[now.subject], (known.aspect, known.found) == (now.aspect, now.found) { return known }
                    var finding = now
                    finding.unit = report.state.actual[now.uid]?.unit ?? ""
                    finding.write = blames[now.subject]
                    return finding
                })
        }
    }
}

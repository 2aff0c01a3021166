internal import Spec
internal import Store

extension RevisionDifference {
    /// As `charter diff` shows it.
    package var report: DifferenceReport { DifferenceReport(from: from.side, to: to.side, changes: changes) }
}

extension Revision {
    var side: DifferenceReport.Side { DifferenceReport.Side(title: title, json: json) }
}

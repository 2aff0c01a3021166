internal import Spec
internal import Store

extension ReconcileSession {
    /// What others changed in the database since the last apply.
    package func drift(addingUp: Bool = false) throws -> DriftReport {
        try DriftReport.read(connection, unit: unit, addingUp: addingUp)
    }

    /// Keeps what a scan found where everybody sees it; answers what is new, and all that is kept.
    @discardableResult
    func record(_ report: DriftReport, _ token: FencingToken) throws -> DriftFindings.News {
        guard let base = report.base else { return DriftFindings.News() }
        let seen = marked(report)
        // Of a hundred thousand, once for all findings that end.
        lazy var names = report.appliedNames
        return try connection.transaction { transaction in
            try Leadership.renew(transaction, token, ttl: Self.leaseTTL)
            let applied = try Revisions.current(transaction, unit: unit)?.appliedAt
            let news = try DriftFindings.record(transaction, unit: unit, seen: seen) { finding in
                report.outcome(of: finding, wasApplied: applied.map { $0 >= finding.lastSeen ?? $0 } ?? false, names: names)
            }
            try DriftWrites.prune(transaction)
            let open = report.without(news.tolerated)
            var scan = DriftScan(open.drift, unit: unit, revision: base.revision)
            scan.historyBelow = report.history?.next
            try DriftScans.record(transaction, scan)
            try tell(news, base, transaction)
            // What was merged may say so only once it is settled.
            try DriftAdoptions.withdraw(transaction, isSettling ? [] : news.superseded, askedBy: report.rules?.adoptAs, by: Operator.name)
            return news
        }
    }

    /// The findings, with those marked of which the commit that waits wants yet another value.
    private func marked(_ report: DriftReport) -> [DriftFinding] {
        var findings = report.findings(unit: unit)
        for index in findings.indices where findings[index].aspect == .changed {
            let finding = findings[index]
            guard let base = report.state.applied[finding.uid], let tip = waitingText(of: base.key), tip != base.canonical else { continue }
            let found = report.state.actual[finding.uid]?.canonical
            let isContrary = ThreeWay.compare(base: base.canonical, desired: tip, actual: found).contains { field in
                field.verdict == .conflict && (field.basePointer == finding.pointer || field.pointer == finding.pointer)
            }
            if isContrary { findings[index].direction = .conflict }
        }
        return findings
    }
}

extension DriftFinding {
    /// Both writers, for a field that Charter has put right again and again.
    var contest: String {
        "\(resource.printable)\(label.isEmpty ? "" : " \(label.printable)"): charter put it right, or asked for a commit that declares it, again and again, and "
            + "\(write.map(\.writer) ?? "an unattributed writer") changed it back"
    }
}

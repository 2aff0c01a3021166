internal import HTTP
internal import Spec
internal import Store

/// The metrics of a loop and of what it watches, in Prometheus's text format. Names and labels are part of the interface.
struct ReconcilerPage {
    var posting: WatchBoard.Posting
    var calls: [HookOutcome: Int]
    var silence: Duration
    var now = ContinuousClock.now

    var text: String {
        var page = PrometheusText()
        process(&page)
        counts(&page)
        if let report = posting.report {
            conditions(report, &page)
            revisions(report, &page)
            ages(report, &page)
            drift(report, &page)
            changes(report, &page)
            replicas(report, &page)
        }
        return page.text
    }

    private func process(_ page: inout PrometheusText) {
        page.family("charter_reconciler_info", .gauge, "Which Charter this is, and the unit that it moves.")
        page.sample(["version": CharterVersion.current, "unit": posting.unit], 1)
        page.family("charter_reconciler_leads", .gauge, "1 while this process leads its unit; of several watchers one does.")
        page.sample(["unit": posting.unit], posting.leads ? 1 : 0)
        page.family("charter_reconciler_last_turn_age_seconds", .gauge, "Time since the loop last turned.")
        page.sample([:], exactly: Self.seconds(silence))
        page.family("charter_reconciler_report_age_seconds", .gauge, "Time since PostgreSQL was last asked for what the other metrics tell.")
        if let at = posting.reportedAt { page.sample([:], exactly: Self.seconds(at.duration(to: now))) }
    }

    /// Events that are counted, by the end of the metric's name.
    private static let counted = [
        ("applied", "Commits applied."), ("unchanged", "Commits found applied already."), ("rejected", "Commits refused for a mistake or a signature."),
        ("blocked", "Plans held back until somebody lets them pass."), ("corrected", "Times that drift was put right without a commit."),
        ("led", "Times that this process began to lead."), ("lost_lead", "Times that it lost the lead."),
    ]

    private func counts(_ page: inout PrometheusText) {
        for (event, help) in Self.counted {
            page.family("charter_reconciler_\(event)_total", .counter, help)
            page.sample(["unit": posting.unit], posting.counts.events[event] ?? 0)
        }
        page.family("charter_reconciler_fetch_errors_total", .counter, "Looks at the repository that failed.")
        page.sample(["unit": posting.unit], posting.counts.fetchErrors)
        page.family("charter_reconciler_push_calls_total", .counter, "Calls of Git hosts by what became of them.")
        for outcome in HookOutcome.allCases { page.sample(["outcome": outcome.rawValue], calls[outcome] ?? 0) }
        for phase in WatchPhase.allCases {
            page.histogram(
                "charter_reconciler_\(phase.rawValue)_duration_seconds", phase.help,
                posting.counts.durations[phase] ?? Histogram(bounds: WatchCounts.bounds))
        }
    }

    private func conditions(_ report: StatusReport, _ page: inout PrometheusText) {
        let all = report.units.map { ($0.name, report.conditions(of: $0)) }
        page.family("charter_reconciler_condition", .gauge, "Conditions of units: 1 True, 0 False, -1 Unknown.")
        for (unit, conditions) in all {
            for condition in conditions {
                page.sample(["unit": unit, "condition": condition.name.rawValue], condition.status.number)
            }
        }
        page.family("charter_reconciler_condition_age_seconds", .gauge, "Time since the condition last changed.")
        for (unit, conditions) in all {
            for condition in conditions {
                guard let since = condition.since else { continue }
                page.sample(["unit": unit, "condition": condition.name.rawValue], exactly: age(since, report))
            }
        }
    }

    private func revisions(_ report: StatusReport, _ page: inout PrometheusText) {
        page.family("charter_reconciler_revision", .gauge, "Number of the newest applied revision of each unit.")
        for unit in report.units { page.sample(["unit": unit.name], unit.applied ?? 0) }
        page.family("charter_reconciler_enforced_revision", .gauge, "The oldest revision that a gateway enforces, of those that are not taken for stopped.")
        let oldest = report.replicas.filter { !report.isGone($0) }.map(\.revision).min()
        if let oldest { page.sample([:], oldest) }
    }

    private func ages(_ report: StatusReport, _ page: inout PrometheusText) {
        page.family("charter_reconciler_fetched_age_seconds", .gauge, "Time since the repository was last read.")
        for unit in report.units {
            if let fetched = unit.fetched { page.sample(["unit": unit.name], exactly: age(fetched.at, report)) }
        }
        page.family("charter_reconciler_applied_age_seconds", .gauge, "Time since a revision of the unit was last applied.")
        for unit in report.units {
            if let at = unit.applied.flatMap({ report.revisions[$0] })?.appliedAt {
                page.sample(["unit": unit.name], exactly: age(at, report))
            }
        }
        page.family("charter_reconciler_enforced_age_seconds", .gauge, "Time since all gateways enforce what is applied; absent while they do not.")
        for unit in report.units where UnitConditions(of: unit, in: report).enforced.status == .true {
            if let since = report.replicas.filter({ !report.isGone($0) }).map(\.since).max() {
                page.sample(["unit": unit.name], exactly: age(since, report))
            }
        }
    }

    private func drift(_ report: StatusReport, _ page: inout PrometheusText) {
        page.family("charter_reconciler_drift_resources", .gauge, "Resources that the last scan found changed by other hands.")
        for scan in report.scans.values.sorted(by: { $0.unit < $1.unit }) { page.sample(["unit": scan.unit], scan.resources) }
        page.family("charter_reconciler_drift_fields", .gauge, "Their fields that differ.")
        for scan in report.scans.values.sorted(by: { $0.unit < $1.unit }) { page.sample(["unit": scan.unit], scan.fields) }
        page.family("charter_reconciler_drift_findings", .gauge, "Fields and rows that scans keep, by what is to become of them; what Git has and PostgreSQL not yet is none.")
        for unit in report.units {
            let tally = report.driftTallies[unit.name] ?? DriftTally()
            page.sample(["unit": unit.name, "state": "open"], tally.open - tally.contested - tally.adopting)
            page.sample(["unit": unit.name, "state": "contested"], tally.contested)
            page.sample(["unit": unit.name, "state": "adopting"], tally.adopting)
            page.sample(["unit": unit.name, "state": "tolerated"], tally.tolerated)
        }
        page.family("charter_reconciler_pending", .gauge, "1 while the newest commit that was fetched is not applied; no drift.")
        for unit in report.units {
            let applied = unit.applied.flatMap { report.revisions[$0] }?.commit
            page.sample(["unit": unit.name], unit.fetched.map { $0.commit == applied ? 0 : 1 } ?? 0)
        }
        page.family("charter_reconciler_drift_scan_age_seconds", .gauge, "Time since the last scan.")
        for scan in report.scans.values.sorted(by: { $0.unit < $1.unit }) { page.sample(["unit": scan.unit], exactly: age(scan.at, report)) }
    }

    private func changes(_ report: StatusReport, _ page: inout PrometheusText) {
        page.family("charter_reconciler_changes_waiting", .gauge, "Changes that callers asked for and that are no commits yet.")
        for unit in report.units { page.sample(["unit": unit.name], report.changes[unit.name]?.count ?? 0) }
        page.family("charter_reconciler_changes_age_seconds", .gauge, "How long the oldest of them waits.")
        for unit in report.units {
            if let since = report.changes[unit.name]?.since { page.sample(["unit": unit.name], exactly: age(since, report)) }
        }
    }

    private func replicas(_ report: StatusReport, _ page: inout PrometheusText) {
        page.family("charter_reconciler_replicas", .gauge, "Gateways by how they stand beside what is applied.")
        for standing in StatusReport.Standing.allCases {
            page.sample(["state": standing.rawValue], report.replicas.count { report.standing(of: $0) == standing })
        }
        page.family("charter_reconciler_digests_agree", .gauge, "1 while Git, PostgreSQL and all gateways hold the same state, as far as known.")
        page.sample([:], DigestComparison(report).isAgreed ? 1 : 0)
    }

    /// By the database's clock, which went on since the report was read.
    private func age(_ at: Instant, _ report: StatusReport) -> String {
        let elapsed = posting.reportedAt.map { $0.duration(to: now) } ?? .zero
        return Self.seconds(max(.zero, .milliseconds(report.now.milliseconds - at.milliseconds) + elapsed))
    }

    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }
}

extension Condition.Status {
    fileprivate var number: Int {
        switch self {
        case .true: 1
        case .false: 0
        case .unknown: -1
        }
    }
}

extension WatchPhase {
    fileprivate var help: String {
        switch self {
        case .fetch: "Asking a remote repository, in a process of its own."
        case .validate: "Reading a commit and checking it as a whole."
        case .plan: "Comparing a commit with what is applied, and judging the difference."
        case .apply: "The transaction of an apply, the plan included."
        }
    }
}

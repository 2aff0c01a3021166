internal import Spec
internal import Store

/// Keeps what others may see of a running loop up to date; confined to the loop's thread.
///
/// Its troubles are no troubles of the loop, which meets the same ones by itself.
final class StatusKeeper {
    private let board: WatchBoard?
    private let token: String?
    private var schedule = WatchSchedule()
    private var hasNews = true
    private var counts = WatchCounts()
    private var rows: RowsDigest?
    private var rules = HookRules()
    /// What was told of hooks that cannot be used.
    private var unusable: [String: String] = [:]

    /// How long nothing new is looked for when nothing happened here: gateways and people act elsewhere.
    private static let pause = Duration.seconds(2)

    /// `token` names the file of what must be shown to read the status from elsewhere.
    init(board: WatchBoard?, token: String?) {
        self.board = board
        self.token = token
    }

    // MARK: What happened

    /// Something happened that others should see.
    func note(_ event: WatchEvent) {
        hasNews = true
        counts.events[event.name, default: 0] += 1
    }

    func noteFetchError() { counts.fetchErrors += 1 }

    /// Whether anybody would see what the rows add up to.
    var wantsDigest: Bool { board != nil }

    func note(_ scan: DriftReport) { rows = scan.rows }

    // MARK: What others see

    /// Looks at how the units stand, when that is due; records what changed of the loop's own unit, and posts all of it.
    ///
    /// Answers what there is to tell.
    func look(_ session: ReconcileSession?, leads: Bool, trouble: String?) -> [WatchEvent] {
        board?.beat()
        guard hasNews || schedule.isDue(.status) else { return [] }
        schedule.set(.status, after: Self.pause)
        if let session { counts.add(session.phases.take()) }
        guard let session, leads || board != nil, var report = try? StatusReport.read(session.connection) else {
            board?.post { [counts, shownToken] posting in
                (posting.leads, posting.trouble, posting.counts, posting.token) = (leads, trouble, counts, shownToken)
            }
            return []
        }
        hasNews = false
        if leads { _ = try? ConditionLedger.settle(report, unit: session.unit, session.connection) }
        report.digests.rows = rows
        return post(report, session, leads: leads, trouble: trouble)
    }

    /// Read each time, so that a changed one counts from then on.
    private var shownToken: [UInt8]? {
        token.map { (try? SmallFile.text($0, bytesMax: SecretReference.bytesMax))?.trimmedBytes ?? [] }
    }

    private func post(_ report: StatusReport, _ session: ReconcileSession, leads: Bool, trouble: String?) -> [WatchEvent] {
        guard let board else { return [] }
        let applied = report.units.first { $0.name == session.unit }?.applied
        let hooks = try? rules.hooks(of: session.unit, at: applied, session.connection)
        board.post { [counts, shownToken] posting in
            (posting.unit, posting.leads, posting.trouble, posting.counts) = (session.unit, leads, trouble, counts)
            (posting.report, posting.reportedAt) = (report, .now)
            if let hooks { posting.hooks = hooks }
            posting.token = shownToken
        }
        return troubles(of: hooks ?? [], unit: session.unit)
    }

    /// Told once for each reason.
    private func troubles(of hooks: [PushHook], unit: String) -> [WatchEvent] {
        let now = Dictionary(hooks.compactMap { hook in hook.problem.map { (hook.path, $0) } }) { first, _ in first }
        defer { unusable = now }
        return now.sorted { $0.key < $1.key }.filter { unusable[$0.key] != $0.value }.map { path, problem in
            WatchEvent("hook_unusable", [("path", .string(path)), ("reason", .string(problem))])
        }
    }
}

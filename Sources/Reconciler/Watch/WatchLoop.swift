internal import Glibc
internal import Spec
internal import Store

/// `charter watch`: brings every new commit of a branch into the database until it is told to stop.
///
/// Confined to one thread. A failure never ends the loop, and never the state in force.
package final class WatchLoop {
    private let makeSession: () throws -> ReconcileSession
    private let settings: WatchSettings
    private let log: (String) -> Void
    private var termination: Termination?
    private var isStopping = false
    /// Nil as long as nobody asked to stop.
    private var stopsWaitingAt: ContinuousClock.Instant?
    private var session: ReconcileSession?
    private var references: ReferenceWatch?
    private var lead: FencingToken?
    private var settlement: Settlement
    /// How the branch stood at the last look.
    private var standing: FetchStatus?
    /// Whether there was a look since the unit's row was told of one, with a renewal of the lead.
    private var hasLooked = false
    private var interval: Duration
    private var reportedDrift: [String] = []
    private var toldHead: AuditHead?
    private var mirrorKept: String?
    private var schedule = WatchSchedule()
    private var backoff: Backoff
    private let keeper: StatusKeeper
    private let bell: PushBell?
    private var pace = HintPace()
    /// What keeps the loop from its work now; nil when nothing does.
    private var trouble: String?
    /// Whether a change that is due is worth a turn of its own; not where the turn fails before it comes to changes.
    private var heedsChanges = true
    /// What was logged since all was well, so that a lasting trouble, which may take turns with another, is one line and not
    /// one a second.
    private var troubles: Set<String> = []

    package init(
        settings: WatchSettings, makeSession: @escaping () throws -> ReconcileSession,
        board: WatchBoard? = nil, log: @escaping (String) -> Void = Console.printError
    ) {
        self.settings = settings
        self.makeSession = makeSession
        self.log = log
        keeper = StatusKeeper(board: board, token: settings.tokenFile)
        bell = board?.bell
        interval = settings.driftInterval ?? Repository.standard.driftInterval
        backoff = Backoff(first: .milliseconds(250), max: settings.backoffMax)
        settlement = Settlement(pauseMax: settings.backoffMax)
    }

    /// Runs until `termination` says so.
    package func run(until termination: Termination) {
        self.termination = termination
        record(WatchEvent("watching", [("poll_ms", .int(settings.poll.wholeMilliseconds)), ("listen", .optional(settings.listensOn))]))
        while true {
            let pause = turn()
            // What moved between the look and the beginning of the watch told nobody.
            let looksAgain = beginWatchingReferences(termination)
            publish()
            if isStopping || rest(for: looksAgain ? .zero : pause, termination) { break }
        }
        stop()
        giveUpLead()
        record(WatchEvent("stopped"))
    }

    /// A repository on this machine tells of its references, from the moment when this is true; one that cannot is asked again and again, as
    /// it is anyhow.
    private func beginWatchingReferences(_ termination: Termination) -> Bool {
        guard references == nil, let source = session?.source, !source.isRemote, let repository = try? source.open()
        else { return false }
        references = try? ReferenceWatch(folders: repository.referenceFolders, wakes: termination)
        return references != nil
    }

    /// Waits without letting the lead run out; true when told to stop.
    private func rest(for pause: Duration, _ termination: Termination) -> Bool {
        let end = ContinuousClock.now + pause
        while true {
            if bell?.take() == true { pace.hinted(at: .now) }
            let due = min(end, pace.due ?? end)
            let pause = min(settings.leaseTTL / 3, Self.changePause)
            switch termination.pause(for: min(ContinuousClock.now.duration(to: due), pause)) {
            case .stopped: return true
            case .woken:
                if references?.hasMoved == true { return false }
                continue
            case .over: break
            }
            guard ContinuousClock.now < due else { return false }
            // What fails here fails in the next turn as well, which sees to it.
            if let session, lead != nil {
                try? leadOrStandBy(session)
                if heedsChanges, settlement.control?.suspension == nil {
                    if (try? session.hasDueChanges()) == true { return false }
                    if session.isSettling { try? session.settleOn(in: session.source.open()) }
                }
            }
            publish()
            if isStopping { return true }
        }
    }

    /// Whoever asks for a change waits for it, and a remote is asked less often than that.
    private static let changePause = Duration.milliseconds(250)

    /// Lets others see how things stand.
    private func publish() { keeper.look(session, leads: lead != nil, trouble: trouble).forEach(record) }

    /// One turn of the loop; answers how long to wait before the next.
    private func turn() -> Duration {
        if bell?.take() == true { pace.hinted(at: .now) }
        if pace.look(at: .now) { record(WatchEvent("hinted")) }
        do {
            try tick()
            recover()
            return settlement.rest(of: settings.pause(draw: .random(in: 0..<1)))
        } catch {
            return handle(error)
        }
    }

    private func tick() throws {
        let session = try openSession()
        try leadOrStandBy(session)
        try heedControl(session)
        var failure: (any Error)?
        do { try followSource(session) } catch  where Trouble.isOfSource(error) {
            // A remote that is away keeps nobody from putting right what hands changed.
            failure = error
        }
        if let token = lead, settlement.control?.suspension == nil {
            try carryOutChanges(session, token, after: failure)
            if failure == nil { try endChanges(session, token) }
        }
        let token = lead
        if let token, schedule.isDue(.drift) {
            try scan(session, token)
            schedule.set(.drift, after: interval)
        }
        if let failure { throw failure }
    }

    /// Looks at the branch, and brings what is there into the database.
    private func followSource(_ session: ReconcileSession) throws {
        // A fetch may outlast the lease many times.
        if session.source.isRemote {
            let remark = try session.phases.measure(.fetch) {
                try session.source.refresh {
                    try heedTermination()
                    try leadOrStandBy(session)
                    publish()
                }
            }
            tell(ofMirror: remark)
        }
        let repository = try session.source.open()
        let tip = try repository.tipID(of: session.source.reference)
        stand(at: .tip(commit: tip.hex))
        // What was said while a remote was asked counts as well.
        if session.source.isRemote { try heedControl(session) }
        if let lead, settlement.control?.suspension == nil, tip != settlement.commit {
            try settle(try session.source.tip(in: repository), session, repository, lead)
        }
    }

    /// Has what callers asked for become commits, and looks at the branch again where there are some.
    private func carryOutChanges(_ session: ReconcileSession, _ token: FencingToken, after failure: (any Error)?) throws {
        guard try session.hasDueChanges() else { return }
        if let failure { return try session.postponeChanges(since: failure, token, ttl: settings.leaseTTL) }
        let done = try session.carryOutChanges(token, ttl: settings.leaseTTL, heartbeat: keepingOn(session))
        for (request, outcome) in done { record(.change(request, outcome)) }
        let isOnBranch = done.contains { if case .committed = $0.outcome { true } else { false } }
        if isOnBranch { try followSource(session) }
    }

    /// What is called while a remote is waited for.
    private func keepingOn(_ session: ReconcileSession) -> () throws -> Void {
        { [unowned self] in
            try heedTermination()
            try leadOrStandBy(session)
            publish()
        }
    }

    /// Sees to what a commit left to be settled, to proposals whose branches are gone or are to go, and to changes that were over long ago.
    private func endChanges(_ session: ReconcileSession, _ token: FencingToken) throws {
        if session.isSettling { try session.settleOn(in: session.source.open()) }
        if schedule.isDue(.proposals) {
            schedule.set(.proposals, after: settings.proposalPause)
            let ended = try session.endProposals(token, ttl: settings.leaseTTL, heartbeat: keepingOn(session))
            for request in ended { record(WatchEvent("change_withdrawn", [("change", .string(request.uid)), ("branch", .optional(request.branch))])) }
        }
        if schedule.isDue(.retention) {
            schedule.set(.retention, after: Self.retentionPause)
            if try session.removeOldChanges(after: settings.changeRetention) { schedule.set(.retention, after: settings.poll) }
        }
    }

    private static let retentionPause = Duration.seconds(3600)

    /// Ends what would keep a process that was told to stop from stopping.
    private func heedTermination() throws(Stopping) {
        guard let termination, isStopping || termination.wait(for: .zero) else { return }
        stop()
        throw Stopping()
    }

    private func stop() {
        isStopping = true
        stopsWaitingAt = stopsWaitingAt ?? .now + Self.lastPatience
    }

    /// Whether to go on waiting for PostgreSQL: one that hangs must not keep a process that was told to stop.
    private func goesOnWaiting() -> Bool {
        if !isStopping, let termination, termination.wait(for: .zero) { stop() }
        return stopsWaitingAt.map { .now < $0 } ?? true
    }

    /// What an apply under way is given to end in.
    private static let lastPatience = Duration.seconds(10)

    private struct Stopping: Error {}

    private func openSession() throws -> ReconcileSession {
        if let session { return session }
        let session = try makeSession()
        session.connection.goesOnWaiting = { [weak self] in self?.goesOnWaiting() ?? true }
        self.session = session
        tellAuditHead(session)
        return session
    }

    // MARK: Lead

    /// Keeps the lead, renewed when a third of it is over, or asks whether another reconciler still has it.
    private func leadOrStandBy(_ session: ReconcileSession) throws {
        guard schedule.isDue(.lease) else { return }
        if let lead {
            // The row keeps the time of the last look, so a look that hangs, and the wait for the next, must not renew it.
            try session.renew(lead, ttl: settings.leaseTTL, standing: hasLooked ? standing : nil, mirrorKept: mirrorKept)
            hasLooked = false
        } else if let elected = try session.acquireLead(ttl: settings.leaseTTL) {
            record(WatchEvent("led", [("holder", .string(session.holder))]))
            lead = elected
            // What took longer than the lease is told all the same.
            if case .failed = standing { try session.renew(elected, ttl: settings.leaseTTL, standing: standing, mirrorKept: mirrorKept) }
            // What happened while another led is unknown, so the tip and the rows are looked at anew.
            settlement.reopen()
        }
        schedule.set(.lease, after: settings.leaseTTL / 3)
    }

    private func loseLead() {
        lead = nil
        schedule.set(.lease, after: .zero)
        record(WatchEvent("lost_lead"))
    }

    private func giveUpLead() {
        guard let session, let lead else { return }
        session.release(lead)
    }

    // MARK: Work

    /// Looks at what people said and other units did meanwhile, which may call for another look at the commit that is there.
    private func heedControl(_ session: ReconcileSession) throws {
        guard lead != nil else { return }
        let before = settlement.control
        settlement.heed(try session.control(), unit: session.unit, isScanDue: schedule.isDue(.drift)).forEach(record)
        if settlement.wantsRevert(since: before) { schedule.set(.drift, after: .zero) }
    }

    private func settle(
        _ commit: Commit, _ session: ReconcileSession, _ repository: GitRepository, _ token: FencingToken
    ) throws {
        try session.tellSeen(commit)
        do {
            settlement.settle(commit.id, as: try apply(commit, session, repository, token))
        } catch Trouble.humanMustConfirm(let blocked) {
            // Judged, and the judgement stands until the branch moves or somebody applies it by hand.
            tell(.blocked(blocked, commit))
            settlement.settle(commit.id, as: .waiting)
        } catch Trouble.standsStill {
            // Suspended a moment ago, which the next turn sees.
        } catch Trouble.humanMustAct(let message) {
            try session.record(stuck: message, at: commit, token: token)
            throw Trouble.humanMustAct(message)
        }
    }

    private func apply(
        _ commit: Commit, _ session: ReconcileSession, _ repository: GitRepository, _ token: FencingToken
    ) throws -> Settlement.Outcome {
        let seen = ContinuousClock.now
        let outcome = try session.apply(
            commit, in: repository, guardedBy: .automatic, token: token, ttl: settings.leaseTTL, heartbeat: heedTermination)
        switch outcome {
        case .applied(let plan, let revision):
            let took = seen.duration(to: .now).wholeMilliseconds
            tell(
                .commit(
                    "applied", commit,
                    [("revision", .int(revision.id)), ("tally", plan.tally.json), ("ms", .int(took))]))
            tellAuditHead(session)
            if !reportedDrift.isEmpty { schedule.set(.drift, after: .zero) }
            reportedDrift = []
        case .unchanged: tell(.commit("unchanged", commit))
        case .rejected(let rejection):
            tell(.rejected(rejection))
            return rejection.isUnchecked ? .unchecked : .rejected
        }
        if let rules = session.rules { follow(rules) }
        return .done
    }

    /// Tells once what the last fetch said of the mirror.
    private func tell(ofMirror remark: String?) {
        if let remark, mirrorKept == nil { record(WatchEvent("mirror_kept", [("reason", .string(remark))])) }
        // The unit's row says so at the next turn.
        if mirrorKept != remark { schedule.set(.lease, after: .zero) }
        mirrorKept = remark
    }

    /// Tells what came of a commit, once.
    private func tell(_ event: WatchEvent) {
        if settlement.isNews(event) { record(event) }
    }

    /// Scans for drift as the rules in force say; the scan that is due stays due, however many commits come.
    private func follow(_ rules: Repository) {
        let asked = settings.driftInterval ?? rules.driftInterval
        guard asked != interval else { return }
        interval = asked
        schedule.set(.drift, after: interval)
    }

    /// Compares the whole database with what was applied, and puts right what the repository, or a person, says.
    private func scan(_ session: ReconcileSession, _ token: FencingToken) throws {
        let report = try session.drift(addingUp: keeper.wantsDigest)
        let rules = report.rules ?? .standard
        follow(rules)
        let news = try session.record(report, token)
        keeper.note(report)
        tellAuditHead(session)
        tell(report.without(news.tolerated).drift, news)
        guard settlement.control?.suspension == nil else { return }
        try putRight(report, DriftCorrection(rules: rules, news.present), session, token)
        for request in try session.adopt(report, news.present, rules, token) { record(.adoptionAsked(request)) }
    }

    private func putRight(_ report: DriftReport, _ choice: DriftCorrection, _ session: ReconcileSession, _ token: FencingToken) throws {
        guard report.drift.contains(where: choice.includes), let correction = try session.correct(token: token, choice) else { return }
        record(WatchEvent("corrected", [("revision", .int(correction.revision.id)), ("count", .int(Int64(correction.count)))]))
        tellAuditHead(session)
        if correction.count == report.drift.count { reportedDrift = [] }
        let after = try session.drift(addingUp: keeper.wantsDigest)
        try session.record(after, token)
        keeper.note(after)
    }

    /// Has the log, which lies elsewhere than the database, know how far the record of acts goes.
    private func tellAuditHead(_ session: ReconcileSession) {
        // One that cannot be read keeps nothing from being applied; the next look tells it.
        guard let head = try? session.auditHead(), head != toldHead else { return }
        toldHead = head
        record(.auditHead(head))
    }

    /// Tells of drift that is another than before, and of fields that somebody else keeps changing back.
    private func tell(_ drift: [Drift], _ news: DriftFindings.News) {
        let names = drift.map { "\($0)" }
        if names != reportedDrift && !drift.isEmpty { record(.drifted(drift, by: Set(news.present.compactMap { $0.write?.writer }).sorted())) }
        reportedDrift = names
        // The next commit puts it right, wherever it is.
        if !drift.isEmpty { session?.forget() }
        for finding in news.contested { record(.contested(finding)) }
    }

    // MARK: Trouble

    private func handle(_ error: any Error) -> Duration {
        if error is Stopping { return .zero }
        if error is LeadershipLost {
            loseLead()
            return backoff.pause(draw: .random(in: 0..<1))
        }
        note(error)
        heedsChanges = Trouble.isOfSource(error)
        // Else the same would be found at every turn.
        if session?.source.distrust(after: error) == true { return .zero }
        if session?.connection.isOpen == false {
            // The next turn connects anew, and must not trust a lead that may have ended meanwhile.
            session = nil
            lead = nil
            schedule.set(.lease, after: .zero)
        }
        let pause = backoff.pause(draw: .random(in: 0..<1))
        return Trouble.isOfSource(error) ? pause : min(pause, settings.databaseBackoffMax)
    }

    private func recover() {
        backoff.reset()
        heedsChanges = true
        trouble = nil
        guard !troubles.isEmpty else { return }
        troubles = []
        record(WatchEvent("recovered"))
    }

    private func note(_ error: any Error) {
        let trouble = Trouble(error)
        // What is wrong elsewhere says nothing of the branch.
        self.trouble = trouble.description
        if Trouble.isOfSource(error) {
            keeper.noteFetchError()
            stand(at: .failed(message: trouble.description))
        }
        guard troubles.insert(trouble.description).inserted else { return }
        record(WatchEvent(trouble.eventName, [("reason", .string(trouble.description))]))
    }

    /// Has the unit's row say how the branch stands, at the next turn where that is news.
    private func stand(at now: FetchStatus) {
        if standing != now { schedule.set(.lease, after: .zero) }
        (standing, hasLooked) = (now, true)
    }

    private func record(_ event: WatchEvent) {
        keeper.note(event)
        let now = Instant.now
        log(settings.logsJSON ? event.json(at: now, unit: settings.unit) : event.text(at: now))
    }
}

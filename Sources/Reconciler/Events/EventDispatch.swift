internal import HTTP
internal import Spec
internal import Store

/// The work of an `EventSender`: confined to its loop, which serves nothing else and may so wait for the database.
final class EventDispatch {
    private let loop: EventLoop
    private let database: String
    private let log: (WatchEvent) -> Void
    private let publicClient: Client
    private let privateClient: Client
    var secretsFolder = SecretReach.folder

    private var connection: Connection?
    private var underWay: [Int64: DeliveryAttempt] = [:]
    /// What attempts came to, until the database has it.
    private var unrecorded: [(delivery: ClaimedDelivery, outcome: DeliveryOutcome)] = []
    private var nextPrune = ContinuousClock.now
    private var backoff = Backoff(first: .milliseconds(250), max: .seconds(30))
    private var isInTrouble = false
    private var hasEnded = false
    private var isTurning = false

    /// How long a look at the database waits for the next where there was nothing to do.
    private static let pause = Duration.milliseconds(500)
    private static let prunePause = Duration.seconds(60)
    /// How long a suspended recipient is left alone before it is asked about again; its declaration's change ends that.
    private static let suspensionPause = Duration.seconds(60)
    /// Deliveries under way at once.
    private static let underWayMax = 32
    /// Events given to their recipients in one transaction.
    private static let routedMax = 100
    /// How long nobody else serves a recipient; longer than any attempt.
    static let lease = EventRecipient.timeoutMax + .seconds(15)

    init(loop: EventLoop, database: String, log: @escaping (WatchEvent) -> Void) {
        (self.loop, self.database, self.log) = (loop, database, log)
        var limits = ClientLimits()
        // A connection kept from an earlier call may be closed without the receiver having seen the next one.
        limits.idleConnectionsPerOriginMax = 0
        publicClient = Client(loop: loop, limits: limits) { !$0.isPrivate }
        // What a machine is told of itself, its credentials among it, is nobody's to ask for.
        privateClient = Client(loop: loop, limits: limits) { !$0.isOfMachine }
    }

    func begin() { loop.schedule(after: .zero) { [unowned self] in turn() } }

    /// Lets go of what was not answered.
    func end() {
        hasEnded = true
        for attempt in underWay.values {
            attempt.cancel()
            unrecorded.append((attempt.delivery, DeliveryOutcome(.postpone(.zero))))
        }
        underWay = [:]
        try? record()
    }

    // MARK: Turns

    private func turn() {
        guard !hasEnded else { return }
        var pause = Self.pause
        do {
            let didSomething = try work()
            backoff.reset()
            if isInTrouble { log(WatchEvent("events_recovered")) }
            isInTrouble = false
            if didSomething { pause = .zero }
        } catch {
            // The loop of the reconciler names what ails the database; here it is said once that events wait too.
            if !isInTrouble { log(WatchEvent("events_waiting", [("reason", .string("\(error)"))])) }
            isInTrouble = true
            if connection?.isOpen == false { connection = nil }
            pause = backoff.pause(draw: .random(in: 0..<1))
        }
        loop.schedule(after: pause) { [unowned self] in turn() }
    }

    /// True where more may be waiting.
    private func work() throws -> Bool {
        let connection = try open()
        try record()
        let routed = try connection.transaction { transaction in
            try EventObserver.observe(transaction)
            return try EventRouting.route(transaction, limit: Self.routedMax)
        }
        try prune(connection)
        let began = try send(connection)
        return routed == Self.routedMax || began > 0 && underWay.isEmpty
    }

    private func open() throws -> Connection {
        if let connection { return connection }
        let opened = try Connection(database)
        try Migrations.check(opened)
        connection = opened
        return opened
    }

    private func prune(_ connection: Connection) throws {
        guard ContinuousClock.now >= nextPrune else { return }
        let givenUp = try connection.transaction { transaction in
            try Outbox.prune(transaction)
                + Outbox.giveUp(transaction, allBut: EventRecipient.list(transaction).map(\.name))
        }
        if givenUp > 0 { log(WatchEvent("gave_up", [("count", .int(Int64(givenUp)))])) }
        nextPrune = .now + Self.prunePause
    }

    // MARK: Attempts

    /// Begins what is due; answers how many attempts.
    private func send(_ connection: Connection) throws -> Int {
        let free = Self.underWayMax - underWay.count
        guard free > 0 else { return 0 }
        let due = try connection.transaction { try claim($0, limit: free) }
        for (delivery, recipient) in due.deliveries { begin(delivery, for: recipient, due.owners) }
        try record()
        return due.deliveries.count
    }

    private struct Due {
        var deliveries: [(ClaimedDelivery, EventRecipient?)] = []
        /// The units that declare the organizations whose secrets are named, by the organization.
        var owners: [String: String] = [:]
    }

    private func claim(_ transaction: Transaction, limit: Int) throws(DatabaseError) -> Due {
        var due = Due()
        let claimed = try Outbox.claim(transaction, lease: Self.lease, limit: limit)
        guard !claimed.isEmpty else { return due }
        let recipients = Dictionary(try EventRecipient.list(transaction).map { ($0.name, $0) }) { first, _ in first }
        due.deliveries = claimed.map { ($0, recipients[$0.recipient]) }
        let files = Set(due.deliveries.flatMap { $0.1?.secretFiles ?? [] })
        for org in Set(files.compactMap { SecretReading.organization(of: $0, in: secretsFolder) }) {
            due.owners[org] = try UnitOwnership.last(transaction, declaring: org)
        }
        return due
    }

    private func begin(_ delivery: ClaimedDelivery, for recipient: EventRecipient?, _ owners: [String: String]) {
        guard let recipient else {
            return settle(delivery, DeliveryOutcome(.giveUp, answer: "the recipient is declared no more"), nil)
        }
        guard !recipient.isSuspended(at: delivery.now) else {
            // All that waits for it rests with it.
            return settle(
                delivery, DeliveryOutcome(.postpone(.zero), answer: "the recipient is suspended", rest: Self.suspensionPause), nil)
        }
        // It has ended its sender that often, or was declared with fewer attempts since.
        guard delivery.attempts <= recipient.schedule.attemptsMax else {
            return settle(delivery, DeliveryOutcome(.giveUp, answer: "attempted \(delivery.attempts - 1) times"), nil)
        }
        let request: OutboundRequest
        do throws(SecretProblem) {
            request = try recipient.request(for: delivery, secretsFolder: secretsFolder, owners: owners)
        } catch {
            return settle(delivery, recipient.outcome(of: .unable(error.description), for: delivery), nil)
        }
        let attempt = DeliveryAttempt(delivery, to: recipient, on: loop) { [unowned self] answer, took in
            underWay[delivery.id] = nil
            settle(delivery, recipient.outcome(of: answer, for: delivery), took)
            // What fails here fails in the next turn as well, which sees to it.
            try? record()
            turnSoon()
        }
        underWay[delivery.id] = attempt
        attempt.begin(request, by: recipient.privateNetwork ? privateClient : publicClient)
    }

    /// The next of a recipient need not wait for the end of the pause.
    private func turnSoon() {
        guard !isTurning else { return }
        isTurning = true
        loop.schedule(after: .zero) { [unowned self] in
            isTurning = false
            guard !hasEnded, let connection else { return }
            _ = try? send(connection)
        }
    }

    // MARK: Outcomes

    private func settle(_ delivery: ClaimedDelivery, _ outcome: DeliveryOutcome, _ took: Duration?) {
        unrecorded.append((delivery, outcome))
        guard let event = WatchEvent(delivery, outcome, took) else { return }
        log(event)
    }

    private func record() throws {
        guard let connection else { return }
        while let (delivery, outcome) = unrecorded.first {
            try connection.transaction { try Outbox.record($0, outcome, of: delivery) }
            unrecorded.removeFirst()
        }
    }
}

extension WatchEvent {
    /// Nil for what is no news.
    fileprivate init?(_ delivery: ClaimedDelivery, _ outcome: DeliveryOutcome, _ took: Duration?) {
        var fields: [(String, JSONTree)] = [
            ("id", .int(delivery.event.id)), ("type", .string(delivery.event.draft.type)),
            ("to", .string(delivery.recipient)), ("attempt", .int(Int64(delivery.attempts))),
        ]
        if let took { fields.append(("ms", .int(took.wholeMilliseconds))) }
        if let status = outcome.status { fields.append(("status", .int(Int64(status)))) }
        let reason: [(String, JSONTree)] = outcome.status == nil ? [("reason", .optional(outcome.answer))] : []
        switch outcome.verdict {
        case .delivered: self.init("delivered", fields)
        case .retry(let pause): self.init("undelivered", fields + reason + [("again_in_s", .int(pause.components.seconds))])
        case .giveUp: self.init("gave_up", fields + reason)
        case .disable(let why): self.init("recipient_disabled", fields + [("reason", .string(why))])
        case .postpone: return nil
        }
    }
}

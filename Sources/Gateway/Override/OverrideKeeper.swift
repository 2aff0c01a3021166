internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// What the state thread knows of overrides, and does about them from round to round; confined to it.
struct OverrideKeeper {
    let shared: GatewayShared
    let gatewayID: String
    /// Whether nothing is to be waited for any more.
    let isStopping: @Sendable () -> Bool

    private var book = OverrideBook()
    /// Rows that cannot be read, of which the log was told.
    private var unreadableTold: Set<String> = []
    /// Whether PostgreSQL is to be told of overrides that are over.
    private var hasExpired = false
    /// When it was last asked whether overrides have become commits; of the monotonic clock.
    private var commitsSeenAt: Int64?

    private static let commitsNanoseconds: Int64 = 1_000_000_000

    init(shared: GatewayShared, gatewayID: String, isStopping: @escaping @Sendable () -> Bool) {
        (self.shared, self.gatewayID, self.isStopping) = (shared, gatewayID, isStopping)
    }

    var patches: PatchesInForce { book.patches }

    // MARK: What is in force

    /// Learns what has changed, or how late it is there. Denials hold at once, and are lifted by `liftDenials` alone; true where any
    /// override has changed.
    mutating func follow(_ pulse: Overrides.Pulse, _ connection: Connection) throws -> Bool {
        guard pulse.sequence != book.sequence else {
            book.correct(by: pulse.clock, at: .now)
            return false
        }
        let earlier = book
        book = try connection.transaction(.repeatableRead) { try OverrideBook($0, at: .now, after: earlier) }
        for row in book.unreadable where unreadableTold.insert(row.uid).inserted {
            shared.log.warning("an override cannot be read", ["override": row.uid, "reason": "\(row)"])
        }
        // Those that ended while nobody looked are told of, too.
        hasExpired = true
        let denials = book.denials
        let known = Set(denials.map(\.mark.uid))
        wait(shared.denials.deny(shared: denials + earlier.denials.filter { !known.contains($0.mark.uid) }), for: "taking denials")
        let (sequence, count) = (book.sequence ?? 0, book.count)
        shared.status.update { values in
            values.overrideSequence = sequence
            values.overrides = count
        }
        shared.log.note("overrides have changed", ["sequence": "\(sequence)", "in_force": "\(count)"])
        return true
    }

    /// Lets pass what nothing denies any more. Call it once what a new revision puts in the place of a denial is enforced.
    func liftDenials() { wait(shared.denials.deny(shared: book.denials), for: "lifting denials") }

    /// Has those end whose time is over, whether or not PostgreSQL can be asked, and denials follow a clock that was set; true where
    /// other values may stand than before.
    mutating func end() -> Bool {
        wait(shared.denials.deny { shared.ownDenials.denials(at: .now) }, for: "ending denials")
        guard book.look(at: .now) else { return false }
        hasExpired = true
        liftDenials()
        let count = book.count
        shared.status.update { $0.overrides = count }
        return true
    }

    private func wait(_ round: LoopRound?, for purpose: String) {
        _ = round?.wait(unless: isStopping) { shared.warn(late: $0, for: purpose) }
    }

    // MARK: What PostgreSQL is told

    /// Notes that overrides are over, which some gateway does once for all; again while one has not expired by the database's clock.
    mutating func tellExpired(_ connection: Connection) throws {
        guard hasExpired else { return }
        let clock = try connection.transaction { transaction in
            try Overrides.closeExpired(transaction)
            return try transaction.clock()
        }
        hasExpired = book.isAhead(of: clock)
    }

    /// Ends those that have become commits, once every gateway enforces these.
    mutating func closeCommitted(_ connection: Connection) throws {
        guard book.awaitsCommit, StateKeeper.isDue(commitsSeenAt, every: Self.commitsNanoseconds) else { return }
        commitsSeenAt = WallClock.monotonicNanoseconds
        try connection.transaction { try Overrides.closeCommitted($0) }
    }

    /// Writes what this gateway was told to deny by its own call, once PostgreSQL is there: each once, whatever becomes of a COMMIT.
    func handOverDenials(_ connection: Connection) throws {
        for entry in shared.ownDenials.waiting {
            do {
                try connection.transaction { transaction in
                    var override = entry.shifted(to: try transaction.clock(), at: .now)
                    override.gateway = gatewayID
                    try Overrides.open(transaction, override, actor: override.owner)
                    if let actor = entry.endedBy { _ = try Overrides.close(transaction, .everything, uid: override.uid, actor: actor) }
                }
                shared.ownDenials.handedOver(entry)
            } catch let error as DatabaseError where error.sqlState.isOfData {
                // It goes on holding here, and keeps nothing else from being followed.
                shared.log.error("a denial cannot be handed on", ["override": entry.override.uid, "reason": "\(error)"])
                shared.ownDenials.refused(entry)
            }
        }
    }

    /// Every gateway gets from PostgreSQL by now what was handed over.
    func forgetDenials() {
        guard shared.ownDenials.forgetHandedOver() else { return }
        wait(shared.denials.deny { shared.ownDenials.denials(at: .now) }, for: "taking denials")
        do throws(DiskFault) { try shared.ownDenials.save() } catch {
            shared.log.warning("denials cannot be kept", ["reason": "\(error)"])
        }
    }
}

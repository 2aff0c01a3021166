internal import Crypto
internal import Glibc
internal import Spec
internal import Store

/// One repository and one database, brought together by the commands; confined to one thread.
package final class ReconcileSession {
    package static let defaultUnit = Units.usual
    /// The name under which reconcilers of one database elect the leader of a unit.
    static func leaderName(of unit: String) -> String { unit == defaultUnit ? "reconciler" : "reconciler of \(unit)" }

    /// In containers host and number are often those of another process too, which must not be taken for this one.
    private static let processName = "\(Operator.host):\(getpid()):\(Hex.text(SecureRandom.bytes(4)))"

    package let source: GitSource
    package let unit: String
    /// Who holds the lead: this process on this host.
    let holder = ReconcileSession.processName
    let connection: Connection
    let phases = PhaseTimes()
    private var lastReading: (commit: ObjectID, reading: CommitReading)?
    /// The repository's own rules, as the last commit without mistakes has them.
    private(set) var rules: Repository?
    private var reader: CommitReader
    private let remembers: Bool
    private var memory: AppliedMemory?
    let signatures = SignatureMemory()
    var settlement = ChangeSettlement()

    /// Connects; throws when the schema is not the one this program knows.
    ///
    /// A session that `remembers` keeps what it applied, so that the next commit costs what it changes.
    package init(
        source: GitSource, database: String, unit: String = ReconcileSession.defaultUnit, remembers: Bool = false
    ) throws {
        self.source = source
        self.unit = unit
        self.remembers = remembers
        reader = CommitReader(limits: source.limits, remembers: remembers)
        connection = try Connection(database)
        try Migrations.check(connection)
    }

    /// Fetches from a remote, and answers the repository and the commit its branch names.
    package func tip() throws -> (repository: GitRepository, commit: Commit) {
        try source.refresh()
        let repository = try source.open()
        return (repository, try source.tip(in: repository))
    }

    /// Reads a commit beside what others have applied; the one read last is remembered, since a database that is away makes the loop
    /// come back to it.
    func read(_ commit: Commit, in repository: GitRepository) throws -> CommitReading {
        try connection.transaction(.repeatableRead) { try lookAtOthers($0) }
        return try reading(of: commit, in: repository)
    }

    /// The same within a transaction during which nobody else moves on.
    func read(_ commit: Commit, in repository: GitRepository, _ transaction: Transaction) throws -> CommitReading {
        try lookAtOthers(transaction)
        return try reading(of: commit, in: repository)
    }

    private func reading(of commit: Commit, in repository: GitRepository) throws -> CommitReading {
        if let lastReading, lastReading.commit == commit.id { return lastReading.reading }
        let reading = try reader.read(commit, in: repository)
        lastReading = (commit.id, reading)
        if case .sound(let desired) = reading { rules = desired.repository }
        return reading
    }

    /// Keeps what a commit is validated beside up to date.
    private func lookAtOthers(_ transaction: Transaction) throws {
        let revision = try UnitOwnership.lastRevisionOfOthers(transaction, than: unit)
        guard revision != reader.others.revision else { return }
        reader.others = try OtherUnits(transaction, than: unit, from: History.base(transaction))
        lastReading = nil
    }

    /// Refuses what was validated beside a state that another unit has left meanwhile.
    func checkOthers(_ transaction: Transaction) throws {
        let revision = try UnitOwnership.lastRevisionOfOthers(transaction, than: unit)
        guard revision == reader.others.revision else { throw OthersMoved() }
    }

    /// What the commit that was read last, and is not applied yet, declares of a resource.
    func waitingText(of key: ResourceKey) -> String? {
        guard case .sound(let desired) = lastReading?.reading else { return nil }
        return desired.resources[key]?.canonical
    }

    /// What of both sides a commit can concern: the whole, unless this process applied the commit before.
    func sides(_ desired: DesiredState, _ transaction: Transaction) throws -> (DesiredState, AppliedState) {
        if let change = desired.change, let state = try memory?.state(around: change, unit: unit, transaction) {
            return (desired.limited(to: change), state)
        }
        return (desired, try AppliedState(transaction, unit: unit))
    }

    /// Keeps what is in the database now, once it is there.
    func remember(_ difference: StateDifference, _ revision: Revision?) {
        guard remembers, let revision else { return }
        if !difference.plan.retained.isEmpty {
            // What stays for want of pruning is concerned by rules that no key of a change names.
            memory = nil
        } else if difference.applied.rest.count > 0 {
            memory?.update(difference, revision)
        } else {
            memory = AppliedMemory(difference, revision)
        }
        reader.wasApplied(difference.desired.commit)
        lastReading = nil
    }

    /// Has the next apply look at every row, as when others changed some.
    func forget() { memory = nil }
}

/// Another unit has moved on since the commit was validated beside it.
struct OthersMoved: Error {}

internal import Store

/// The time that looking at requests has before the loop goes on; what it does not come to has its turn in a later round. Confined to one thread.
struct SettlementRound {
    private let now: () -> ContinuousClock.Instant
    private let began: ContinuousClock.Instant
    private var count = 0
    /// What the commit that was asked for last declares.
    private var files: EditedFiles?

    /// A commit that comes meanwhile waits for so long.
    private static let length = Duration.milliseconds(500)

    init(now: @escaping () -> ContinuousClock.Instant) {
        self.now = now
        began = now()
    }

    /// Whether there is time for one more request; always for the first.
    mutating func beginsNext() -> Bool {
        guard count == 0 || now() - began < Self.length else { return false }
        count += 1
        return true
    }

    /// Whether the request that was begun is the first, which may take as long as making it may have taken.
    var isOfFirst: Bool { count <= 1 }

    /// Whether a commit declares all that a request asks for, whoever wrote that; nil where the time was over before that was known.
    mutating func declares(_ patch: ChangePatch, _ desired: DesiredState, in repository: GitRepository) throws -> Bool? {
        guard !patch.steps.isEmpty else { return false }
        let files = try files.flatMap { $0.commit == desired.commit.id ? $0 : nil } ?? EditedFiles(desired, in: repository)
        self.files = files
        let end = began + (isOfFirst ? EditedFiles.editingMax : Self.length)
        return try files.areCarriedOut(patch.steps) { now() >= end }
    }
}

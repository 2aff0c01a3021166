internal import Spec
internal import Store

extension StateDifference {
    /// Compares with what `desired` was read from at hand, to name the author of each change.
    init(unit: String, desired: DesiredState, applied: AppliedState, in repository: GitRepository) throws(GitError) {
        ProgressBoard.begin(.comparing, of: desired.resources.count)
        let base = applied.revision?.vector[unit].flatMap { ObjectID(hex: $0) }
        let paths = Self.touchedPaths(desired, applied)
        let authorship = Authorship(desired: desired, applied: applied, touched: paths)
        var walk = try repository.lastChanges(
            of: paths, following: authorship.sharedPaths, from: desired.commit, downTo: base)
        walk.lastChangeOfResource = try authorship.commits(of: walk, in: repository)
        self.init(unit: unit, desired: desired, applied: applied, walk: walk)
        plan.movement = try base.map { base throws(GitError) in try repository.movement(from: base, to: desired.commit.id) }
    }

    /// Compares with files that nobody committed.
    init(unit: String, uncommitted desired: DesiredState, applied: AppliedState) {
        var walk = CommitWalk()
        walk.metBase = true
        self.init(unit: unit, desired: desired, applied: applied, walk: walk)
    }

    /// The files whose authors a plan may have to name.
    private static func touchedPaths(_ desired: DesiredState, _ applied: AppliedState) -> Set<String> {
        if let change = desired.change, applied.rest.count > 0 { return change.paths }
        let known = Set(applied.provenance.values.map { "\($0.path)\0\($0.blob)" })
        let changed = desired.blobs.filter { !known.contains("\($0.key)\0\($0.value.hex)") }.map(\.key)
        let gone = applied.provenance.values.map(\.path).filter { desired.blobs[$0] == nil }
        return Set(changed).union(gone)
    }
}

internal import Spec
internal import Store

/// `charter diff` of what files say, committed or not, and what is in the database. Nothing is written.
package struct FilesDifference: Sendable {
    package enum Files: Sendable {
        /// As they lie there.
        case folder(DeclarationRoot)
        /// Of a commit by any name that Git takes for one; of the branch's tip where nil.
        case commit(GitSource, named: String?)
    }

    package var files: Files
    package var against: PlanRequest.Against
    package var unit: String
    package var query = ResourceQuery()
    package var limits = GitLimits()

    package init(_ files: Files, against: PlanRequest.Against, unit: String) {
        self.files = files
        self.against = against
        self.unit = unit
    }

    /// What came of it.
    package enum Outcome: Sendable {
        case found(DifferenceReport)
        /// The files have mistakes, so that nobody knows what they say.
        case rejected(Rejection)
    }

    package func run() throws -> Outcome {
        let applied = try against.state(of: unit)
        switch files {
        case .folder(let root):
            let reading = try Validation(root: root).filesThere(limits: limits)
            return try compare(reading.files, reading.refusals, in: root, applied)
        case .commit(let source, let name):
            try source.refresh()
            let repository = try source.open()
            let commit = try name.map { try source.commit(named: $0, in: repository) } ?? source.tip(in: repository)
            return try compare(commit, in: repository, applied)
        }
    }

    private func compare(_ commit: Commit, in repository: GitRepository, _ applied: AppliedState) throws -> Outcome {
        var reader = CommitReader(limits: limits)
        reader.others = applied.others
        switch try reader.read(commit, in: repository) {
        case .rejected(let rejection): return .rejected(rejection)
        case .sound(let desired):
            let difference = try StateDifference(unit: unit, desired: desired, applied: applied, in: repository)
            return .found(report(of: difference, to: DifferenceReport.Side(title: commit.title, json: commit.json)))
        }
    }

    private func compare(
        _ files: [SourceFile], _ refusals: [PathRefusal], in root: DeclarationRoot, _ applied: AppliedState
    ) throws -> Outcome {
        let check = DeclarationCheck(files: files, refusals: refusals, beside: applied.others)
        let commit = Commit.uncommitted(in: root.folder)
        if check.errorCount > 0 { return .rejected(Rejection(commit: commit, diagnostics: check.diagnostics)) }
        let desired = DesiredState(
            commit: commit, resources: check.declarations.resources, repository: check.declarations.repository,
            // That a file is there is all that is asked of it.
            blobs: Dictionary(files.map { ($0.path, ObjectID.zero) }) { first, _ in first }, fileCount: files.count,
            warnings: check.diagnostics)
        var difference = StateDifference(unit: unit, uncommitted: desired, applied: applied)
        try difference.findAuthors(of: files, in: root)
        difference.plan.changes = difference.plan.changes.filter { $0.place.map { root.isAsked($0.path) } ?? root.focus.isEmpty }
        difference.plan.drift = difference.plan.drift.filter { $0.place.map { root.isAsked($0.path) } ?? root.focus.isEmpty }
        let side = DifferenceReport.Side(title: commit.title, json: .object([("files", .string(root.folder))]))
        return .found(report(of: difference, to: side))
    }

    private func report(of difference: StateDifference, to side: DifferenceReport.Side) -> DifferenceReport {
        let revision = difference.applied.unitRevision ?? difference.applied.revision
        let nothing = DifferenceReport.Side(title: "nothing applied", json: .null)
        var report = DifferenceReport(
            from: revision?.side ?? nothing, to: side,
            drift: difference.plan.drift.filter { query.matches(named: $0.resource) },
            changes: difference.plan.changes.filter { query.matches($0.key) || $0.former.map(query.matches) ?? false })
        if case .export = against { report.notes.append("compared with an export; what hands changed in the database is not known") }
        let kept = difference.plan.retained.filter(query.matches)
        if !kept.isEmpty {
            report.notes.append(
                "charter.yaml keeps, by prune or pruneFor, what no file declares: \(kept.map(\.description).joined(separator: ", "))")
        }
        return report
    }
}

extension StateDifference {
    /// Names for what Git has as it lies there the commit that changed it last, and leaves the rest to those who did not
    /// commit it yet.
    fileprivate mutating func findAuthors(of files: [SourceFile], in root: DeclarationRoot) throws {
        guard !plan.changes.isEmpty, let place = root.repository,
            let repository = try? GitRepository(at: place, unitFolder: root.prefix),
            let head = try? repository.commit(named: "HEAD")
        else { return }
        let tree = head.tree == .emptyTree ? nil : head.tree
        let edited = try repository.change(from: tree, to: files, in: root.folder).paths
        let paths = Set(plan.changes.compactMap { $0.place?.path }).subtracting(edited)
        guard !paths.isEmpty else { return }
        let base = applied.revision?.vector[plan.unit].flatMap { ObjectID(hex: $0) }
        let authorship = Authorship(desired: desired, applied: applied, touched: paths)
        var walk = try repository.lastChanges(of: paths, following: authorship.sharedPaths, from: head, downTo: base)
        walk.lastChangeOfResource = try authorship.commits(of: walk, in: repository)
        for index in plan.changes.indices {
            guard let path = plan.changes[index].place?.path, paths.contains(path) else { continue }
            plan.changes[index].origin = walk.origin(of: plan.changes[index].key, in: path) ?? plan.changes[index].origin
        }
    }
}

extension ResourceQuery {
    /// Of a row's name as it is found, whose kind may be none.
    func matches(named text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else { return self == ResourceQuery() }
        return (kind == nil || kind?.rawValue == parts[1]) && (org == nil || org == parts[0]) && (name == nil || name == parts[2])
    }
}

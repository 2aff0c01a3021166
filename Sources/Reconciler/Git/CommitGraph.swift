internal import Spec

/// How the histories of two commits lie to each other, walked here where libgit2 gives up over how a commit is written.
struct CommitGraph {
    /// What only the first has, newest first.
    private(set) var ofFirst: [ObjectID] = []
    /// What only the second has.
    private(set) var ofSecond: [ObjectID] = []
    /// The best common ancestors.
    private(set) var common: [ObjectID] = []

    /// From which side a commit was reached; below a common ancestor everything is common, and of no interest.
    private struct Sides: OptionSet {
        let rawValue: UInt8
        static let first = Sides(rawValue: 1)
        static let second = Sides(rawValue: 2)
        static let beyond = Sides(rawValue: 4)
        static let both: Sides = [.first, .second]
    }

    /// Nil when more commits would have to be looked at than `limits` allow.
    ///
    /// Newer commits are looked at first; where dates lie, more may count as of one side alone, never less.
    init?(_ first: ObjectID, _ second: ObjectID, in repository: GitRepository, limits: GitLimits) throws(GitError) {
        var walk = Walk(repository: repository)
        try walk.reach(first, from: .first)
        try walk.reach(second, from: .second)
        while let next = walk.next() {
            guard walk.commits.count <= limits.commitsMax else { return nil }
            var sides = walk.sides[next] ?? []
            if sides == .both {
                if !common.contains(next) { common.append(next) }
                sides.insert(.beyond)
            }
            for parent in walk.commits[next]?.parents ?? [] { try walk.reach(parent, from: sides) }
        }
        common.removeAll { walk.sides[$0]?.contains(.beyond) == true }
        ofFirst = walk.order.filter { walk.sides[$0] == .first }
        ofSecond = walk.order.filter { walk.sides[$0] == .second }
    }

    private struct Walk {
        let repository: GitRepository
        var sides: [ObjectID: Sides] = [:]
        var commits: [ObjectID: (date: Int64, parents: [ObjectID])] = [:]
        /// In which they were met.
        var order: [ObjectID] = []
        private var waiting: Set<ObjectID> = []

        init(repository: GitRepository) { self.repository = repository }

        mutating func reach(_ id: ObjectID, from side: Sides) throws(GitError) {
            guard !(sides[id] ?? []).isSuperset(of: side) else { return }
            sides[id, default: []].formUnion(side)
            waiting.insert(id)
            guard commits[id] == nil else { return }
            // In a shallow clone histories end where they were cut.
            let commit = try repository.commitIfPresent(id)
            commits[id] = (commit?.committedAt.milliseconds ?? 0, commit == nil ? [] : try repository.parents(of: id))
            order.append(id)
        }

        /// The newest that waits; nil once nothing can come of the rest.
        mutating func next() -> ObjectID? {
            guard let next = waiting.max(by: { (date($0), $1.hex) < (date($1), $0.hex) }) else { return nil }
            if !waiting.contains(where: { sides[$0]?.contains(.beyond) != true }) {
                // What was met before it was known to be common, as commits of one second are, is yet to be told.
                let oldest = order.filter { sides[$0] == .first || sides[$0] == .second }.map(date).filter { $0 > 0 }.min()
                guard let oldest, date(next) >= oldest else { return nil }
            }
            waiting.remove(next)
            return next
        }

        private func date(_ id: ObjectID) -> Int64 { commits[id]?.date ?? 0 }
    }
}

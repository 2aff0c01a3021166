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
    /// Newer commits are looked at first; where dates lie by much, more may count as of one side alone, never less.
    init?(_ first: ObjectID, _ second: ObjectID, in repository: GitRepository, limits: GitLimits) throws(GitError) {
        var sides: [ObjectID: Sides] = [first: .first]
        sides[second, default: []].insert(.second)
        var commits: [ObjectID: (date: Int64, parents: [ObjectID])] = [:]
        var waiting: Set<ObjectID> = [first, second]
        var order: [ObjectID] = []
        while waiting.contains(where: { sides[$0]?.contains(.beyond) != true }) {
            for id in waiting where commits[id] == nil {
                guard commits.count <= limits.commitsMax else { return nil }
                // In a shallow clone histories end where they were cut.
                let commit = try repository.commitIfPresent(id)
                commits[id] = (commit?.committedAt.milliseconds ?? 0, commit == nil ? [] : try repository.parents(of: id))
                order.append(id)
            }
            guard let next = waiting.max(by: { (commits[$0]?.date ?? 0, $1.hex) < (commits[$1]?.date ?? 0, $0.hex) }) else { break }
            waiting.remove(next)
            var reached = sides[next] ?? []
            if reached == .both {
                if !common.contains(next) { common.append(next) }
                reached.insert(.beyond)
            }
            for parent in commits[next]?.parents ?? [] where !(sides[parent] ?? []).isSuperset(of: reached) {
                sides[parent, default: []].formUnion(reached)
                waiting.insert(parent)
            }
        }
        // What was looked at before it was known to be common, as commits of one second are.
        var left = waiting
        while let next = left.popFirst() {
            let reached = (sides[next] ?? []).union(.beyond)
            for parent in commits[next]?.parents ?? [] where commits[parent] != nil && !(sides[parent] ?? []).isSuperset(of: reached) {
                sides[parent, default: []].formUnion(reached)
                left.insert(parent)
            }
        }
        common.removeAll { sides[$0]?.contains(.beyond) == true }
        ofFirst = order.filter { sides[$0] == .first }
        ofSecond = order.filter { sides[$0] == .second }
    }
}

/// The order of a workflow's steps, as `after`, branches and `parallel` give it.
struct WorkflowGraph {
    /// That a condition held, or did not.
    struct Branch: Hashable {
        var condition: String
        var isThen: Bool

        var opposite: Branch { Branch(condition: condition, isThen: !isThen) }
    }

    private struct Edge {
        var step: String
        /// Nil where the step runs either way.
        var branch: Branch?
    }

    private let steps: [String: Workflow.Step]
    /// What each step waits for.
    private(set) var waits: [String: [String]] = [:]
    private var edges: [String: [Edge]] = [:]
    /// Names in an order in which each stands after what it waits for; without those in circles.
    private(set) var order: [String] = []
    /// Steps that have surely ended when a step begins.
    private(set) var before: [String: Set<String>] = [:]
    /// The branches that must have been taken for a step to run; nil when that is not known.
    private(set) var guards: [String: Set<Branch>?] = [:]

    /// Names that no step has are left out; the first of two steps with a name counts.
    init(_ list: [Workflow.Step]) {
        steps = Dictionary(list.map { ($0.name, $0) }) { first, _ in first }
        for step in list where edges[step.name] == nil { edges[step.name] = step.after.map { edge(from: $0) } }
        for step in list { addBranches(of: step) }
        for (name, own) in edges {
            edges[name] = own.filter { steps[$0.step] != nil }
            waits[name] = edges[name]?.map(\.step)
        }
        addParallels(list)
        sort()
        for name in order { settle(name) }
    }

    /// A condition without branches lets what follows run only when it holds.
    private func edge(from name: String) -> Edge {
        guard case .condition(_, let then, let otherwise)? = steps[name]?.work, then.isEmpty, otherwise.isEmpty else {
            return Edge(step: name)
        }
        return Edge(step: name, branch: Branch(condition: name, isThen: true))
    }

    private mutating func addBranches(of step: Workflow.Step) {
        guard case .condition(_, let then, let otherwise) = step.work else { return }
        for (names, isThen) in [(then, true), (otherwise, false)] {
            for name in names where steps[name] != nil {
                edges[name, default: []].removeAll { $0.step == step.name && $0.branch == nil }
                edges[name, default: []].append(
                    Edge(step: step.name, branch: Branch(condition: step.name, isThen: isThen)))
            }
        }
    }

    /// Branches begin when the step that holds them may, and it ends after them.
    private mutating func addParallels(_ list: [Workflow.Step]) {
        for step in list {
            guard case .parallel(let branches, _) = step.work else { continue }
            let outer = edges[step.name] ?? []
            for name in branches where steps[name] != nil && name != step.name {
                edges[name, default: []] += outer
                waits[name, default: []] += outer.map(\.step)
            }
            waits[step.name, default: []] += branches.filter { steps[$0] != nil }
        }
    }

    private mutating func sort() {
        var left = waits.mapValues { Set($0).count }
        var followers: [String: [String]] = [:]
        for (name, own) in waits { for earlier in Set(own) { followers[earlier, default: []].append(name) } }
        var ready = left.filter { $0.value == 0 }.keys.sorted()
        while let name = ready.popLast() {
            order.append(name)
            for follower in followers[name] ?? [] {
                left[follower, default: 0] -= 1
                if left[follower] == 0 { ready.append(follower) }
            }
        }
    }

    /// Finds what is sure before a step, from what is of those before it.
    private mutating func settle(_ name: String) {
        guard let step = steps[name] else { return }
        let own = edges[name] ?? []
        var sure = join(own.map { ended($0.step) }, step.join)
        var taken = joinGuards(own.map { edge in guards(after: edge) }, step.join)
        if case .parallel(let branches, let joinOfBranches) = step.work {
            let inner = branches.filter { steps[$0] != nil }
            sure.formUnion(join(inner.map { ended($0) }, joinOfBranches))
            let ends = joinGuards(inner.map { guards[$0] ?? nil }, joinOfBranches)
            taken = taken.flatMap { taken in ends.map { taken.union($0) } }
        }
        before[name] = sure
        guards[name] = .some(taken)
    }

    /// What is sure once a step has ended: the step itself, unless it may have failed.
    private func ended(_ name: String) -> Set<String> {
        var sure = before[name] ?? []
        if steps[name]?.onError == .fail { sure.insert(name) }
        return sure
    }

    private func join(_ sets: [Set<String>], _ join: Workflow.Join) -> Set<String> {
        guard let first = sets.first else { return [] }
        return sets.dropFirst().reduce(first) { join == .all ? $0.union($1) : $0.intersection($1) }
    }

    private func guards(after edge: Edge) -> Set<Branch>? {
        guard let known = guards[edge.step], var taken = known else { return nil }
        if let branch = edge.branch { taken.insert(branch) }
        return taken
    }

    /// Of `any`, only what is easy to see: one way is taken whenever another is, or the two branches of a condition meet.
    private func joinGuards(_ ways: [Set<Branch>?], _ join: Workflow.Join) -> Set<Branch>? {
        guard let first = ways.first else { return [] }
        let known = ways.compactMap { $0 }
        if join == .all {
            return known.count == ways.count ? known.reduce([]) { $0.union($1) } : nil
        }
        if let least = known.first(where: { way in known.allSatisfy(way.isSubset) }), known.count == ways.count { return least }
        for way in known {
            for branch in way {
                let rest = way.subtracting([branch])
                if known.contains(rest.union([branch.opposite])) { return rest }
            }
        }
        return ways.count == 1 ? first : nil
    }

    /// Steps that run in every run that ends well, and cannot fail unnoticed.
    var always: Set<String> {
        Set(order.filter { name in (guards[name] ?? nil)?.isEmpty == true && steps[name]?.onError == .fail })
            .subtracting(unfinished)
    }

    /// Steps of which only one need have ended: the branches of a `parallel` that waits for one.
    private var unfinished: Set<String> {
        var names: Set<String> = []
        for step in steps.values {
            if case .parallel(let branches, .any) = step.work { names.formUnion(branches) }
        }
        return names
    }

    /// Whether no run can come to a step: it needs both branches of a condition.
    func isUnreachable(_ name: String) -> Bool {
        guard let known = guards[name], let taken = known else { return false }
        return taken.contains { taken.contains($0.opposite) }
    }

    /// Whether `later` waits for `earlier`, directly or not.
    func waits(_ later: String, for earlier: String) -> Bool {
        var seen: Set<String> = []
        var waiting = waits[later] ?? []
        while let next = waiting.popLast() {
            if next == earlier { return true }
            if seen.insert(next).inserted { waiting += waits[next] ?? [] }
        }
        return false
    }
}

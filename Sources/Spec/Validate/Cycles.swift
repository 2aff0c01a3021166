/// Circles in what refers to what.
enum Cycles {
    /// Some circles, at least one of each tangle, none with a member of another; each begins with its least member.
    ///
    /// Takes time linear in the edges, whatever they are.
    static func find<Name: Hashable & Comparable & Sendable>(in edges: [Name: [Name]]) -> [[Name]] {
        var search = CycleSearch(edges: edges)
        for name in edges.keys.sorted() { search.visit(from: name) }
        return search.found.map(rotated)
    }

    private static func rotated<Name: Comparable & Sendable>(_ cycle: [Name]) -> [Name] {
        guard let least = cycle.indices.min(by: { cycle[$0] < cycle[$1] }) else { return cycle }
        return Array(cycle[least...] + cycle[..<least])
    }
}

/// A walk in depth that keeps its own stack, since a chain may be long.
private struct CycleSearch<Name: Hashable & Comparable & Sendable> {
    let edges: [Name: [Name]]
    private(set) var found: [[Name]] = []
    /// Names on the way from the start, with their depth.
    private var depths: [Name: Int] = [:]
    private var finished: Set<Name> = []
    private var reported: Set<Name> = []

    init(edges: [Name: [Name]]) { self.edges = edges }

    mutating func visit(from start: Name) {
        guard !finished.contains(start) else { return }
        var path: [(name: Name, next: Int)] = [(start, 0)]
        depths[start] = 0
        while let (name, next) = path.last {
            let targets = edges[name] ?? []
            guard next < targets.count else {
                path.removeLast()
                depths[name] = nil
                finished.insert(name)
                continue
            }
            path[path.count - 1].next += 1
            let target = targets[next]
            if let depth = depths[target] {
                report(path[depth...])
            } else if !finished.contains(target), edges[target] != nil {
                depths[target] = path.count
                path.append((target, 0))
            }
        }
    }

    /// Looks at the ends before it copies what lies between: a tangle closes as many circles as it has edges.
    private mutating func report(_ cycle: ArraySlice<(name: Name, next: Int)>) {
        guard let first = cycle.first?.name, let last = cycle.last?.name, !reported.contains(first),
            !reported.contains(last)
        else { return }
        reported.formUnion(cycle.lazy.map(\.name))
        found.append(cycle.map(\.name))
    }
}

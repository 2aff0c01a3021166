extension TextPattern {
    /// Whether it is found anywhere in a text; in time linear in the text, for every pattern.
    package func isFound(in text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var now = Threads(count: program.count)
        var next = Threads(count: program.count)
        for index in 0...scalars.count {
            // A match may begin at every place.
            if follow(0, at: index, in: scalars, &now) { return true }
            guard index < scalars.count else { break }
            for step in now.waiting {
                guard case .scalar(let set) = program[step], set.contains(scalars[index].value) else { continue }
                if follow(step + 1, at: index + 1, in: scalars, &next) { return true }
            }
            swap(&now, &next)
            next.clear()
        }
        return false
    }

    /// Goes on from a step until scalars are needed; true when the end is reached.
    private func follow(_ start: Int, at index: Int, in scalars: [Unicode.Scalar], _ threads: inout Threads) -> Bool {
        var pending = [start]
        while let step = pending.popLast() {
            guard threads.visit(step) else { continue }
            switch program[step] {
            case .match: return true
            case .scalar: threads.waiting.append(step)
            case .jump(let target): pending.append(target)
            case .split(let first, let second): pending += [second, first]
            case .require(let position): if holds(position, at: index, in: scalars) { pending.append(step + 1) }
            }
        }
        return false
    }

    private func holds(_ position: Position, at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        switch position {
        case .start: return index == 0
        case .end: return index == scalars.count
        case .wordEdge, .noWordEdge:
            let before = index > 0 && ScalarSet.word.contains(scalars[index - 1].value)
            let after = index < scalars.count && ScalarSet.word.contains(scalars[index].value)
            return (before != after) == (position == .wordEdge)
        }
    }

    /// Steps at which the machine stands at once.
    private struct Threads {
        var waiting: [Int] = []
        private var visited: [Bool]
        private var trail: [Int] = []

        init(count: Int) { visited = Array(repeating: false, count: count) }

        mutating func visit(_ step: Int) -> Bool {
            if visited[step] { return false }
            visited[step] = true
            trail.append(step)
            return true
        }

        mutating func clear() {
            for step in trail { visited[step] = false }
            trail.removeAll(keepingCapacity: true)
            waiting.removeAll(keepingCapacity: true)
        }
    }
}

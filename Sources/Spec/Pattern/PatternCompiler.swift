/// Turns a pattern into the steps of the machine: Thompson, "Regular Expression Search Algorithm", 1968.
struct PatternCompiler {
    private let ignoresCase: Bool
    private var steps: [TextPattern.Instruction] = []

    init(ignoresCase: Bool) { self.ignoresCase = ignoresCase }

    var finished: [TextPattern.Instruction] { steps + [.match] }

    mutating func add(_ node: PatternNode) throws(TextPatternProblem) {
        switch node {
        case .empty: break
        case .scalar(let set): try append(.scalar(ignoresCase ? set.ignoringCase : set))
        case .require(let position): try append(.require(position))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .either(let branches): try addEither(branches[...])
        case .repeated(let inner, let least, let most):
            for _ in 0..<least { try add(inner) }
            guard let most else { return try addLoop(inner) }
            try addOptional(inner, times: most - least)
        }
    }

    private mutating func append(_ step: TextPattern.Instruction) throws(TextPatternProblem) {
        guard steps.count < TextPattern.stepsMax else {
            throw TextPatternProblem(
                "its repetitions make it larger than \(TextPattern.stepsMax) steps", hint: "repeat less, or split it into several")
        }
        steps.append(step)
    }

    private mutating func addEither(_ branches: ArraySlice<PatternNode>) throws(TextPatternProblem) {
        var ends: [Int] = []
        for (offset, branch) in branches.enumerated() {
            let isLast = offset == branches.count - 1
            let fork = steps.count
            if !isLast { try append(.split(fork + 1, 0)) }
            try add(branch)
            if isLast { break }
            ends.append(steps.count)
            try append(.jump(0))
            steps[fork] = .split(fork + 1, steps.count)
        }
        for end in ends { steps[end] = .jump(steps.count) }
    }

    private mutating func addLoop(_ inner: PatternNode) throws(TextPatternProblem) {
        let start = steps.count
        try append(.split(start + 1, 0))
        try add(inner)
        try append(.jump(start))
        steps[start] = .split(start + 1, steps.count)
    }

    private mutating func addOptional(_ inner: PatternNode, times: Int) throws(TextPatternProblem) {
        var forks: [Int] = []
        for _ in 0..<times {
            forks.append(steps.count)
            try append(.split(steps.count + 1, 0))
            try add(inner)
        }
        for fork in forks { steps[fork] = .split(fork + 1, steps.count) }
    }
}

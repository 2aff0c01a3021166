extension TextPattern {
    /// What the shortest way through needs of the place, as far as it needs no scalar.
    private struct Way: Hashable {
        var step: Int
        var needsStart = false
        var needsEnd = false
    }

    /// Whether it is found in every text, even an empty one: some way through takes no scalar, and is open somewhere in each.
    var isFoundEverywhere: Bool {
        var seen: Set<Way> = []
        var pending = [Way(step: 0)]
        while var way = pending.popLast() {
            guard seen.insert(way).inserted else { continue }
            switch program[way.step] {
            case .match: return true
            case .scalar, .require(.wordEdge), .require(.noWordEdge): continue
            case .jump(let target): pending.append(Way(step: target, needsStart: way.needsStart, needsEnd: way.needsEnd))
            case .split(let first, let second):
                for target in [first, second] {
                    pending.append(Way(step: target, needsStart: way.needsStart, needsEnd: way.needsEnd))
                }
            case .require(let position):
                if position == .start { way.needsStart = true } else { way.needsEnd = true }
                // Both at once hold in the empty text alone.
                guard !(way.needsStart && way.needsEnd) else { continue }
                way.step += 1
                pending.append(way)
            }
        }
        return false
    }

    /// Texts that have nothing in common but that they are not empty.
    private static let strangers = ["a", "Z", "7", " ", "-", ".", "é", "語"]

    /// Whether it is found in nearly every text that is not empty.
    var isFoundNearlyEverywhere: Bool {
        Self.strangers.allSatisfy { isFound(in: $0) } && isFound(in: String(repeating: "a", count: Self.longLength))
    }

    /// Longer than what a pattern for short texts takes.
    private static let longLength = 120

    /// Reports a pattern that tells no text from another.
    func checkReach(at extent: Extent, _ reading: Reading) {
        if isFoundEverywhere {
            reading.refuse(
                .patternRefused, extent, "the pattern is found in every text, even an empty one",
                hint: "let something in it be needed: `+` in place of `*`, and nothing empty beside a `|`")
        } else if isFoundNearlyEverywhere {
            reading.report(
                .patternTooWide, extent, "the pattern is found in nearly every text", hint: "write what it is to find")
        }
    }
}

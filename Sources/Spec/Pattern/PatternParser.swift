/// What a pattern is made of.
indirect enum PatternNode {
    case empty
    case scalar(ScalarSet)
    case require(TextPattern.Position)
    case sequence([PatternNode])
    case either([PatternNode])
    /// Nil for any number.
    case repeated(PatternNode, least: Int, most: Int?)
}

/// Reads the text of a pattern.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func whole() throws(TextPatternProblem) -> PatternNode {
        guard !scalars.isEmpty else { throw TextPatternProblem("it is empty, and would be found everywhere") }
        guard scalars.count <= TextPattern.lengthMax else {
            throw TextPatternProblem("it is longer than \(TextPattern.lengthMax) characters", hint: "split it into several")
        }
        let node = try choice(depth: 0)
        if peek != nil { throw TextPatternProblem("`)` closes nothing", hint: "write `\\)` for the sign itself") }
        return node
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    private mutating func choice(depth: Int) throws(TextPatternProblem) -> PatternNode {
        guard depth <= TextPattern.depthMax else {
            throw TextPatternProblem("groups nest deeper than \(TextPattern.depthMax)")
        }
        var branches = [try sequence(depth)]
        while take("|") { branches.append(try sequence(depth)) }
        return branches.count == 1 ? branches[0] : .either(branches)
    }

    private mutating func sequence(_ depth: Int) throws(TextPatternProblem) -> PatternNode {
        var items: [PatternNode] = []
        while let next = peek, next != "|", next != ")" {
            let item = try atom(depth)
            items.append(try quantified(item))
        }
        return items.count == 1 ? items[0] : items.isEmpty ? .empty : .sequence(items)
    }

    private mutating func atom(_ depth: Int) throws(TextPatternProblem) -> PatternNode {
        let scalar = scalars[index]
        index += 1
        switch scalar {
        case "(": return try group(depth)
        case "[": return .scalar(try set())
        case ".": return .scalar(.any)
        case "^": return .require(.start)
        case "$": return .require(.end)
        case "\\": return try escape()
        case "*", "+", "?", "{":
            throw TextPatternProblem("`\(scalar)` repeats nothing", hint: "write `\\\(scalar)` for the sign itself")
        default: return .scalar(ScalarSet(scalar))
        }
    }

    private mutating func group(_ depth: Int) throws(TextPatternProblem) -> PatternNode {
        if take("?") {
            guard take(":") else {
                switch peek {
                case "=", "!":
                    throw TextPatternProblem(
                        "looking ahead is not in linear time", hint: "match what follows too, or split the pattern into two")
                case "<":
                    throw TextPatternProblem(
                        "names of groups and looking behind are not supported", hint: "write `(…)`")
                default:
                    throw TextPatternProblem("flags are not supported", hint: "for letters of any case, add `ignoreCase: true`")
                }
            }
        }
        let inner = try choice(depth: depth + 1)
        guard take(")") else { throw TextPatternProblem("a group is not closed", hint: "add `)`") }
        return inner
    }

    private mutating func escape() throws(TextPatternProblem) -> PatternNode {
        guard let scalar = peek else { throw TextPatternProblem("nothing follows the last `\\`") }
        index += 1
        switch scalar {
        case "b": return .require(.wordEdge)
        case "B": return .require(.noWordEdge)
        case "1"..."9":
            throw TextPatternProblem("`\\\(scalar)` refers back, which is not in linear time", hint: "write out what it repeats")
        default: return .scalar(try escaped(scalar))
        }
    }

    /// What an escape means both inside a class and outside.
    private func escaped(_ scalar: Unicode.Scalar) throws(TextPatternProblem) -> ScalarSet {
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet(ScalarSet.digits.complement)
        case "w": return .word
        case "W": return ScalarSet(ScalarSet.word.complement)
        case "s": return .space
        case "S": return ScalarSet(ScalarSet.space.complement)
        case "n": return ScalarSet("\n")
        case "r": return ScalarSet("\r")
        case "t": return ScalarSet("\t")
        default:
            let isWord = ScalarSet.word.contains(scalar.value)
            if isWord || scalar.value > 0x7E || scalar.value < 0x20 {
                throw TextPatternProblem("`\\\(scalar)` is not known", hint: "a sign may be escaped, a letter only as `d w s b n r t`")
            }
            return ScalarSet(scalar)
        }
    }

    /// After `[`.
    private mutating func set() throws(TextPatternProblem) -> ScalarSet {
        var set = ScalarSet(isInverted: take("^"))
        while true {
            guard let scalar = peek else { throw TextPatternProblem("a class is not closed", hint: "add `]`") }
            index += 1
            if scalar == "]" {
                if set.ranges.isEmpty { throw TextPatternProblem("a class is empty", hint: "write `\\]` for the sign itself") }
                return set
            }
            if scalar == "[", peek == ":" || peek == "." || peek == "=" {
                throw TextPatternProblem("named classes are not supported", hint: "write `\\d`, `\\w`, `\\s` or a range")
            }
            let first = try member(scalar)
            guard first.count == 1, let low = first.first, low.count == 1, peek == "-", index + 1 < scalars.count,
                scalars[index + 1] != "]"
            else {
                set.ranges += first
                continue
            }
            index += 1
            let last = scalars[index]
            index += 1
            set.ranges.append(try range(from: low.lowerBound, to: try member(last)))
        }
    }

    private mutating func member(_ scalar: Unicode.Scalar) throws(TextPatternProblem) -> [ClosedRange<UInt32>] {
        guard scalar == "\\" else { return ScalarSet(scalar).ranges }
        guard let next = peek else { throw TextPatternProblem("nothing follows the last `\\`") }
        index += 1
        return try escaped(next).ranges
    }

    private func range(from low: UInt32, to high: [ClosedRange<UInt32>]) throws(TextPatternProblem) -> ClosedRange<UInt32> {
        guard high.count == 1, let last = high.first, last.count == 1 else {
            throw TextPatternProblem("a range ends in a class", hint: "put `-` last for the sign itself")
        }
        guard low <= last.lowerBound else { throw TextPatternProblem("a range ends before it begins") }
        return low...last.lowerBound
    }

    private mutating func quantified(_ node: PatternNode) throws(TextPatternProblem) -> PatternNode {
        var node = node
        var isQuantified = false
        while let scalar = peek, "*+?{".unicodeScalars.contains(scalar) {
            // A second `?` asks for the shortest match, which says nothing of whether there is one.
            if isQuantified {
                guard scalar == "?" else {
                    throw TextPatternProblem("what is repeated is repeated again", hint: "put it into a group: `(?:…)`")
                }
                index += 1
                break
            }
            isQuantified = true
            index += 1
            switch scalar {
            case "*": node = .repeated(node, least: 0, most: nil)
            case "+": node = .repeated(node, least: 1, most: nil)
            case "?": node = .repeated(node, least: 0, most: 1)
            default: node = try counted(node)
            }
        }
        return node
    }

    /// After `{`.
    private mutating func counted(_ node: PatternNode) throws(TextPatternProblem) -> PatternNode {
        guard let least = try number() else {
            throw TextPatternProblem("a number is expected after `{`", hint: "write `\\{` for the sign itself")
        }
        var most: Int? = least
        if take(",") { most = try number() }
        guard take("}") else { throw TextPatternProblem("a repetition is not closed", hint: "write it like `{2,5}`") }
        if let most, most < least { throw TextPatternProblem("a repetition ends before it begins") }
        return .repeated(node, least: least, most: most)
    }

    private mutating func number() throws(TextPatternProblem) -> Int? {
        var value: Int?
        while let scalar = peek, ("0"..."9").contains(scalar) {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            index += 1
            guard value ?? 0 <= TextPattern.repeatMax else {
                throw TextPatternProblem("more than \(TextPattern.repeatMax) repetitions are not counted")
            }
        }
        return value
    }
}

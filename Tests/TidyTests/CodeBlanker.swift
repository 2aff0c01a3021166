/// Replaces comments and the text of string literals by spaces, byte for byte, so that every line stays where it was.
///
/// Interpolations stay, since what stands in them is code.
struct CodeBlanker {
    private enum State {
        case code
        /// Inside `\( … )`; the count is of parentheses opened since.
        case interpolation(open: Int)
        case lineComment
        case blockComment(depth: Int)
        case string(hashes: Int, multiline: Bool)
    }

    private static let newline = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")

    private var stack: [State] = [.code]
    private var output: [UInt8] = []

    mutating func blank(_ text: String) -> String {
        let input = Array(text.utf8)
        output.reserveCapacity(input.count)
        var index = 0
        while index < input.count {
            index += step(input, index)
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Handles what stands at `index` and says how many bytes it took.
    private mutating func step(_ input: [UInt8], _ index: Int) -> Int {
        switch stack[stack.count - 1] {
        case .code, .interpolation: codeStep(input, index)
        case .lineComment: lineCommentStep(input, index)
        case .blockComment(let depth): blockCommentStep(input, index, depth: depth)
        case .string(let hashes, let multiline): stringStep(input, index, hashes: hashes, multiline: multiline)
        }
    }

    private mutating func codeStep(_ input: [UInt8], _ index: Int) -> Int {
        if input.has("//", at: index) { return enter(.lineComment, width: 2) }
        if input.has("/*", at: index) { return enter(.blockComment(depth: 1), width: 2) }
        if let opening = stringOpening(input, index) { return opening }
        if case .interpolation(let open) = stack[stack.count - 1] {
            if input[index] == UInt8(ascii: "(") { stack[stack.count - 1] = .interpolation(open: open + 1) }
            if input[index] == UInt8(ascii: ")") {
                if open == 0 { stack.removeLast() } else { stack[stack.count - 1] = .interpolation(open: open - 1) }
            }
        }
        output.append(input[index])
        return 1
    }

    private mutating func stringOpening(_ input: [UInt8], _ index: Int) -> Int? {
        var hashes = 0
        while index + hashes < input.count, input[index + hashes] == UInt8(ascii: "#") { hashes += 1 }
        guard input.has("\"", at: index + hashes) else { return nil }
        let multiline = input.has("\"\"\"", at: index + hashes)
        return enter(.string(hashes: hashes, multiline: multiline), width: hashes + (multiline ? 3 : 1))
    }

    private mutating func lineCommentStep(_ input: [UInt8], _ index: Int) -> Int {
        if input[index] == Self.newline { stack.removeLast() }
        return keepBlank(input, index, width: 1)
    }

    private mutating func blockCommentStep(_ input: [UInt8], _ index: Int, depth: Int) -> Int {
        if input.has("/*", at: index) {
            stack[stack.count - 1] = .blockComment(depth: depth + 1)
            return keepBlank(input, index, width: 2)
        }
        if input.has("*/", at: index) {
            if depth == 1 { stack.removeLast() } else { stack[stack.count - 1] = .blockComment(depth: depth - 1) }
            return keepBlank(input, index, width: 2)
        }
        return keepBlank(input, index, width: 1)
    }

    private mutating func stringStep(_ input: [UInt8], _ index: Int, hashes: Int, multiline: Bool) -> Int {
        let fence = String(repeating: "#", count: hashes)
        if input.has("\\\(fence)(", at: index) {
            stack.append(.interpolation(open: 0))
            return keepBlank(input, index, width: 2 + hashes)
        }
        if input[index] == UInt8(ascii: "\\"), hashes == 0 { return keepBlank(input, index, width: 2) }
        let closing = (multiline ? "\"\"\"" : "\"") + fence
        if input.has(closing, at: index) {
            stack.removeLast()
            return keepBlank(input, index, width: closing.count)
        }
        return keepBlank(input, index, width: 1)
    }

    private mutating func enter(_ state: State, width: Int) -> Int {
        stack.append(state)
        output.append(contentsOf: repeatElement(Self.space, count: width))
        return width
    }

    private mutating func keepBlank(_ input: [UInt8], _ index: Int, width: Int) -> Int {
        let end = min(index + width, input.count)
        for byte in input[index..<end] { output.append(byte == Self.newline ? byte : Self.space) }
        return end - index
    }
}

extension [UInt8] {
    fileprivate func has(_ text: String, at index: Int) -> Bool {
        // The first byte decides nearly always.
        index < count && self[index] == text.utf8.first && self[index...].starts(with: text.utf8)
    }
}

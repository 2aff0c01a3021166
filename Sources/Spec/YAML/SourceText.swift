/// Checks a file's bytes before libyaml sees them, and cuts them into lines the way libyaml counts.
enum SourceText {
    struct Problem {
        var code: DiagnosticCode
        var position: Position
        var message: String
        var hint: String
    }

    /// The bytes without a byte order mark.
    static func withoutMark(_ bytes: [UInt8]) -> [UInt8] {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// The first byte that is not UTF-8, or character that YAML forbids, that hides, or that only YAML
    /// reads as a line break.
    static func firstProblem(in bytes: [UInt8]) -> Problem? {
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) { return nil }
        if isUTF16(bytes) {
            return Problem(
                code: .invalidUTF8, position: Position(line: 1, column: 1), message: "the file is in UTF-16, not in UTF-8",
                hint: "save the file in the UTF-8 encoding")
        }
        var position = Position(line: 1, column: 1)
        var previous: Unicode.Scalar = " "
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return nil
            case .error:
                return Problem(
                    code: .invalidUTF8, position: position, message: "this byte is not UTF-8",
                    hint: "save the file in the UTF-8 encoding")
            case .scalarValue(let scalar):
                if let problem = problem(with: scalar, at: position) { return problem }
                // The line feed of CRLF ends no second line.
                if scalar == "\r" || scalar == "\n" && previous != "\r" {
                    position = Position(line: position.line + 1, column: 1)
                } else if scalar != "\n" {
                    position.column += 1
                }
                previous = scalar
            }
        }
    }

    /// By its mark, or since every other byte of ASCII is zero there.
    private static func isUTF16(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 3 else { return false }
        return bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            || [[0, 2], [1, 3]].contains { pair in pair.allSatisfy { bytes[$0] == 0 } && bytes[pair[0] ^ 1] != 0 }
    }

    private static func problem(with scalar: Unicode.Scalar, at position: Position) -> Problem? {
        let code = "U+" + String(scalar.value, radix: 16, uppercase: true).leftPadded(to: 4)
        switch scalar.value {
        case _ where scalar.isHidden: break
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
            0x10000...0x10FFFF:
            return nil
        case 0x85, 0x2028, 0x2029:
            return Problem(
                code: .forbiddenCharacter, position: position, message: "the line separator \(code) is not allowed",
                hint: "use an ordinary line break, or write it as an escape in double quotes")
        default: break
        }
        return Problem(
            code: .forbiddenCharacter, position: position, message: "the character \(code) is not allowed",
            hint: "remove it, or write it as an escape in double quotes")
    }

    /// Just after the last character that is no space; libyaml speaks of lines beyond it when the text ends too early.
    static func lastPosition(of bytes: [UInt8]) -> Position? {
        let lines = lines(of: bytes)
        guard let index = lines.lastIndex(where: { $0.contains { $0 > 0x20 } }) else { return nil }
        let end = (lines[index].lastIndex { $0 > 0x20 } ?? 0) + 1
        let scalars = String(decoding: lines[index][..<end], as: UTF8.self).unicodeScalars.count
        return Position(line: index + 1, column: scalars + 1)
    }

    /// The lines of a file without their breaks: LF, CRLF and a lone CR end one.
    static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x0A || byte == 0x0D {
                lines.append(bytes[start..<index])
                if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { index += 1 }
                start = index + 1
            }
            index += 1
        }
        lines.append(bytes[start...])
        return lines
    }
}

extension String {
    func leftPadded(to width: Int) -> String {
        String(repeating: "0", count: Swift.max(0, width - count)) + self
    }
}

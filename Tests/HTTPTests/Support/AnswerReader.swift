/// One answer as it stood on the wire.
struct WireAnswer: Equatable {
    var status: Int
    /// Field lines in lower case, without the status line.
    var fields: [String]
    var body: String

    func value(_ name: String) -> String? {
        fields.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}

/// Takes answers of declared length out of what a connection has sent.
struct AnswerReader {
    private(set) var answers: [WireAnswer] = []
    private var buffer: [UInt8] = []
    /// For each answer to come: whether it is one to HEAD.
    var toHead: [Bool] = []

    /// Bytes that are no whole answer.
    var rest: String { String(decoding: buffer, as: UTF8.self) }

    mutating func feed(_ bytes: [UInt8]) {
        buffer += bytes
        while take() {}
    }

    private mutating func take() -> Bool {
        guard let end = buffer.firstRange(of: [UInt8]("\r\n\r\n".utf8))?.upperBound else { return false }
        let lines = String(decoding: buffer[..<(end - 4)], as: UTF8.self).components(separatedBy: "\r\n")
        var answer = WireAnswer(status: Int(lines[0].dropFirst(9).prefix(3)) ?? 0, fields: [], body: "")
        answer.fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return parts[0].lowercased() + ":" + (parts.count > 1 ? parts[1] : "")
        }
        guard answer.status >= 200 else {
            buffer.removeFirst(end)
            return true
        }
        let isToHead = toHead.count > answers.count && toHead[answers.count]
        let length = isToHead ? 0 : answer.value("content-length").flatMap { Int($0) } ?? 0
        guard buffer.count >= end + length else { return false }
        answer.body = String(decoding: buffer[end..<(end + length)], as: UTF8.self)
        buffer.removeFirst(end + length)
        answers.append(answer)
        return true
    }
}

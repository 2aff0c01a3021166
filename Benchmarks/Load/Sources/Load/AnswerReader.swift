/// Follows one answer on a connection, however it is cut, and says when it is whole. Knows lengths and chunks, and nothing else of HTTP.
struct AnswerReader {
    enum Outcome {
        case more
        case whole(status: Int, staysOpen: Bool)
        case broken
    }

    private enum State {
        case head
        case body(left: Int)
        case chunkSize
        case chunk(left: Int)
        case trailer
    }

    private var state = State.head
    /// What has come of a head or a line that is not yet whole.
    private var partial: [UInt8] = []
    private var status = 0
    private var staysOpen = true

    private static let lineFeed = UInt8(ascii: "\n")

    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        var rest = bytes[...]
        while true {
            switch state {
            case .body(let left):
                guard rest.count >= left else {
                    state = .body(left: left - rest.count)
                    return .more
                }
                return finish()
            case .chunk(let left):
                guard rest.count >= left else {
                    state = .chunk(left: left - rest.count)
                    return .more
                }
                rest = rest.dropFirst(left)
                state = .chunkSize
            case .head:
                guard let end = headEnd(rest) else { return .more }
                rest = rest[end...]
                guard readHead() else { return .broken }
                if case .body(0) = state { return finish() }
            case .chunkSize, .trailer:
                guard let end = rest.firstIndex(of: Self.lineFeed) else {
                    partial += rest
                    return .more
                }
                partial += rest[..<end]
                rest = rest[(end + 1)...]
                if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
                let line = partial
                partial.removeAll(keepingCapacity: true)
                if case .trailer = state {
                    if line.isEmpty { return finish() }
                } else {
                    let digits = line.prefix { $0 != UInt8(ascii: ";") }
                    guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return .broken }
                    // The chunk's own line end is read with it.
                    state = size == 0 ? .trailer : .chunk(left: size + 2)
                }
            }
        }
    }

    private mutating func finish() -> Outcome {
        state = .head
        return .whole(status: status, staysOpen: staysOpen)
    }

    /// Where the head ends in `rest`, with all of the head in `partial`.
    private mutating func headEnd(_ rest: Slice<UnsafeRawBufferPointer>) -> Int? {
        var index = rest.startIndex
        while index < rest.endIndex {
            let byte = rest[index]
            partial.append(byte)
            index += 1
            if byte == Self.lineFeed, partial.count >= 4, partial[partial.count - 2] == 13,
                partial[partial.count - 3] == 10
            {
                return index
            }
        }
        return nil
    }

    /// Reads the status and the framing from `partial`; false when it is no answer.
    private mutating func readHead() -> Bool {
        defer { partial.removeAll(keepingCapacity: true) }
        guard partial.count > 12, partial[..<7].elementsEqual("HTTP/1.".utf8),
            let code = Int(String(decoding: partial[9..<12], as: UTF8.self))
        else { return false }
        status = code
        staysOpen = true
        state = .body(left: 0)
        for line in partial.split(separator: Self.lineFeed).dropFirst() {
            if let value = value(of: "content-length:", in: line) {
                guard let length = Int(value) else { return false }
                state = .body(left: length)
            } else if let value = value(of: "transfer-encoding:", in: line), value == "chunked" {
                state = .chunkSize
            } else if let value = value(of: "connection:", in: line), value == "close" {
                staysOpen = false
            }
        }
        return true
    }

    private func value(of name: StaticString, in line: ArraySlice<UInt8>) -> String? {
        let count = name.utf8CodeUnitCount
        guard line.count > count else { return nil }
        for (index, byte) in line.prefix(count).enumerated() where byte | 0x20 != name.utf8Start[index] | 0x20 {
            return nil
        }
        let value = line.dropFirst(count).drop { $0 == 32 }.prefix { $0 > 32 }
        return String(decoding: value, as: UTF8.self)
    }
}

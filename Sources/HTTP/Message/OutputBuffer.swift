/// Bytes on their way out: appended at the end, taken from the front.
struct OutputBuffer {
    private(set) var storage: [UInt8] = []
    private var start = 0

    /// Sent bytes that are kept in front until removing them pays.
    private static let compactionBytes = 64 * 1024

    var count: Int { storage.count - start }
    var isEmpty: Bool { storage.count == start }
    var hasStorage: Bool { storage.capacity > 0 }

    mutating func adopt(_ storage: consuming [UInt8]) {
        self.storage = storage
        start = 0
    }

    /// Gives the storage away; only when empty.
    mutating func release() -> [UInt8] {
        var storage: [UInt8] = []
        swap(&storage, &self.storage)
        start = 0
        return storage
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) { storage.append(contentsOf: bytes) }
    mutating func append(_ bytes: [UInt8]) { storage.append(contentsOf: bytes) }
    mutating func append(_ byte: UInt8) { storage.append(byte) }

    mutating func append(_ text: StaticString) {
        storage.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Has a label, so that a literal is a `StaticString` and is copied from where it stands.
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { storage.append(contentsOf: $0) }
    }

    mutating func append(decimal value: Int) { storage.append(decimal: value) }

    mutating func append(hexadecimal value: Int) { storage.append(UInt(value), radix: 16) }

    mutating func appendLineEnd() { append("\r\n") }

    func withReadable<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.withUnsafeBytes { body($0.slice(from: start)) }
    }

    mutating func consume(_ count: Int) {
        start += count
        if start == storage.count {
            storage.removeAll(keepingCapacity: true)
            start = 0
        } else if start >= Self.compactionBytes, start > storage.count / 2 {
            storage.removeFirst(start)
            start = 0
        }
    }
}

extension OutputBuffer {
    /// Appends the field lines without those of the connection and of framing, which the writer sets itself.
    mutating func appendFields(_ headers: Headers, keepingLength: Bool = false, skippingHost: Bool = false) {
        guard !headers.isReady else { return append(headers.bytes) }
        headers.bytes.withUnsafeBytes { all in
            for field in headers.fields {
                let name = all.slice(field.name)
                if HopByHop.isConnectionField(name) { continue }
                if !keepingLength, name.equalsIgnoringCase("content-length") { continue }
                if skippingHost, name.equalsIgnoringCase("host") { continue }
                append(name)
                append(": ")
                append(all.slice(field.value))
                appendLineEnd()
            }
        }
    }
}

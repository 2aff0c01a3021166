internal import Glibc

/// What is known of a block whose end has not been reached; all places count from the block's first byte.
struct SSEBlock {
    var lineStart = 0
    /// No line end before this place.
    var scanned = 0
    private var name = 0..<0
    private var data: Range<Int>?
    /// The second `data` field and those behind it.
    private var moreData: [Range<Int>] = []

    /// Keeps `event` and `data`; comments, `id`, `retry` and unknown fields are only part of the raw bytes.
    mutating func takeField(_ start: UnsafePointer<UInt8>, _ line: Range<Int>) {
        let colon = (line).first { start[$0] == UInt8(ascii: ":") } ?? line.upperBound
        let nameLength = colon - line.lowerBound
        var value = min(colon + 1, line.upperBound)..<line.upperBound
        if let first = value.first, start[first] == UInt8(ascii: " ") { value = (first + 1)..<value.upperBound }
        if nameLength == 4 && memcmp(start + line.lowerBound, "data", 4) == 0 {
            if data == nil { data = value } else { moreData.append(value) }
        } else if nameLength == 5 && memcmp(start + line.lowerBound, "event", 5) == 0 {
            name = value
        }
    }

    func handOver(_ raw: UnsafeRawBufferPointer, _ receive: (SSEEvent) -> Void) {
        let name = UnsafeRawBufferPointer(rebasing: raw[self.name])
        guard let data else {
            let none = UnsafeRawBufferPointer(rebasing: raw[0..<0])
            return receive(SSEEvent(raw: raw, name: name, data: none, hasData: false))
        }
        if moreData.isEmpty {
            let only = UnsafeRawBufferPointer(rebasing: raw[data])
            return receive(SSEEvent(raw: raw, name: name, data: only, hasData: true))
        }
        var joined = Array(raw[data])
        for range in moreData {
            joined.append(0x0A)
            joined.append(contentsOf: raw[range])
        }
        joined.withUnsafeBytes { receive(SSEEvent(raw: raw, name: name, data: $0, hasData: true)) }
    }
}

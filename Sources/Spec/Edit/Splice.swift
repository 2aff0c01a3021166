/// Bytes in place of others.
struct Splice {
    var range: Range<Int>
    var bytes: [UInt8]

    init(_ range: Range<Int>, _ bytes: [UInt8] = []) {
        self.range = range
        self.bytes = bytes
    }

    init(_ range: Range<Int>, _ text: String) { self.init(range, Array(text.utf8)) }

    init(at offset: Int, _ text: String) { self.init(offset..<offset, text) }

    /// In the order of their places; those of one place in the order given. Cuts may overlap each other.
    static func apply(_ splices: [Splice], to bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + splices.reduce(0) { $0 + $1.bytes.count })
        var end = 0
        for splice in splices.enumerated().sorted(by: precedes).map(\.element) {
            if splice.range.lowerBound > end { result += bytes[end..<splice.range.lowerBound] }
            result += splice.bytes
            end = max(end, splice.range.upperBound)
        }
        return result + bytes[end...]
    }

    private static func precedes(_ a: (offset: Int, element: Splice), _ b: (offset: Int, element: Splice)) -> Bool {
        (a.element.range.lowerBound, a.offset) < (b.element.range.lowerBound, b.offset)
    }
}

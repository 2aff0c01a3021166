internal import Driver

/// What reads the bytes of a peer: each target tries one input on one reader.
enum WireTarget: String, CaseIterable {
    /// The requests of a connection: heads, framing, bodies.
    case head
    /// The answers of a connection to an upstream.
    case answer
    /// The chunked coding alone.
    case chunks
    /// An event stream.
    case events
    /// A JSON body: scanned, walked, patched.
    case json
    /// A form with files.
    case form
    /// The address of an upstream, and what is asked of it.
    case url
    /// What a proxy says about whom it speaks for.
    case proxy

    /// What libFuzzer calls: there is one for each.
    var entry: Fuzzing.Entry {
        switch self {
        case .head: { WireTarget.check($0, $1, RequestProperty.check) }
        case .answer: { WireTarget.check($0, $1, AnswerProperty.check) }
        case .chunks: { WireTarget.check($0, $1, ChunkProperty.check) }
        case .events: { WireTarget.check($0, $1, EventProperty.check) }
        case .json: { WireTarget.check($0, $1, JSONProperty.check) }
        case .form: { WireTarget.check($0, $1, FormProperty.check) }
        case .url: { WireTarget.check($0, $1, AddressProperty.check) }
        case .proxy: { WireTarget.check($0, $1, ProxyHeaderProperty.check) }
        }
    }

    private static func check(_ start: UnsafePointer<UInt8>?, _ count: Int, _ property: ([UInt8]) -> Void) -> CInt {
        property(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
}

/// The ways in which bytes may come: whole, in two pieces at a place that the bytes choose, and one by one.
enum Delivery {
    static func all(of bytes: [UInt8]) -> [[[UInt8]]] {
        guard bytes.count > 1 else { return [[bytes]] }
        let sum = bytes.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let cut = 1 + Int(sum % UInt64(bytes.count - 1))
        return [[bytes], [Array(bytes[..<cut]), Array(bytes[cut...])], bytes.map { [$0] }]
    }

    /// What `read` makes of the bytes, which must be the same in every way.
    static func agreed<Outcome: Equatable>(_ bytes: [UInt8], _ read: ([[UInt8]]) -> Outcome) -> Outcome {
        let ways = all(of: bytes)
        let whole = read(ways[0])
        for way in ways.dropFirst() {
            let other = read(way)
            Fuzzing.require(other == whole, "in \(way.count) pieces \(other), whole \(whole)")
        }
        return whole
    }
}

internal import HTTP
internal import Policy

/// The trace that a request is part of: its client's where the client names one, else one that is made of the decision's id
/// (W3C Trace Context).
///
/// The gateway has a span of its own in it, the parent of one span for each attempt.
struct TraceContext {
    let trace: TraceID
    /// Whether the client named it.
    let isClients: Bool
    /// The client's own span; nil where it named none.
    let parentID: UInt64?
    let flags: UInt8
    /// What the spans' ids are made of.
    private let seed: UInt64

    /// A field that breaks the rules, or comes twice, counts as none. Without a sampler a client's word is passed on, and every
    /// other trace is one to be kept: by those who come after.
    init(_ headers: Headers, decision: DecisionID, sampler: TraceSampler? = nil) {
        seed = decision.low
        let given = headers.withValue("traceparent") { Self.parse($0) } ?? nil
        let known: UInt8
        if let given, headers.values("traceparent").count == 1 {
            trace = given.trace
            known = given.flags
            parentID = given.parent
            isClients = true
        } else {
            trace = TraceID(high: decision.high, low: decision.low)
            known = Self.sampled
            parentID = nil
            isClients = false
        }
        guard let sampler else {
            flags = known
            return
        }
        let isSampled = sampler.samples(trace, parent: isClients ? known & Self.sampled != 0 : nil)
        flags = isSampled ? known | Self.sampled : known & ~Self.sampled
    }

    /// Whether its spans are to be kept.
    var isSampled: Bool { flags & Self.sampled != 0 }

    /// The gateway's own span.
    var span: String { header(of: 0) }

    /// The span of an attempt, which count from 1.
    func span(ofAttempt attempt: Int) -> String { header(of: attempt) }

    /// The 32 digits of the trace.
    var id: String { DecisionID(high: trace.high, low: trace.low).hex }

    /// The 16 digits of a span's id.
    static func text(_ span: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            put(span, in: buffer, at: 0, digits: 16)
            return 16
        }
    }

    private static let sampled: UInt8 = 1
    private static let textCount = 55

    private func header(of number: Int) -> String {
        String(unsafeUninitializedCapacity: Self.textCount) { buffer in
            buffer[0] = UInt8(ascii: "0")
            buffer[1] = UInt8(ascii: "0")
            buffer[2] = UInt8(ascii: "-")
            Self.put(trace.high, in: buffer, at: 3, digits: 16)
            Self.put(trace.low, in: buffer, at: 19, digits: 16)
            buffer[35] = UInt8(ascii: "-")
            Self.put(spanID(number), in: buffer, at: 36, digits: 16)
            buffer[52] = UInt8(ascii: "-")
            Self.put(UInt64(flags), in: buffer, at: 53, digits: 2)
            return Self.textCount
        }
    }

    /// Of the gateway's own span, which is number 0, or of an attempt: as good as random, never zero, and another one for each number (the finisher of SplitMix64 is a bijection).
    func spanID(_ number: Int) -> UInt64 {
        var mixed = seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return mixed == 0 ? 1 : mixed
    }

    private static func put(_ value: UInt64, in buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int, digits: Int) {
        for index in 0..<digits {
            let nibble = UInt8(truncatingIfNeeded: value >> UInt64(4 * (digits - 1 - index)) & 0xF)
            buffer[start + index] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
        }
    }
}

/// Reading what a client sent.
extension TraceContext {
    /// Flags of which this version knows the meaning: sampled, and random.
    private static let knownFlags: UInt8 = 0b11
    /// More of a client's `tracestate` is not passed on (W3C Trace Context §3.3.1.5 asks for this much at least).
    static let stateBytesMax = 512

    /// The members of `traceparent` (W3C Trace Context §3.2): `00-<32 digits>-<16 digits>-<2 digits>`, lower-case hexadecimal. A later
    /// version may have more behind them.
    private static func parse(_ text: UnsafeRawBufferPointer) -> (trace: TraceID, parent: UInt64, flags: UInt8)? {
        guard text.count >= textCount, text[2] == dash, text[35] == dash, text[52] == dash, let version = number(text[0..<2]),
            version != 0xFF, version == 0 ? text.count == textCount : text.count == textCount || text[textCount] == dash,
            let high = number(text[3..<19]), let low = number(text[19..<35]), high | low != 0,
            let parent = number(text[36..<52]), parent != 0, let flags = number(text[53..<55])
        else { return nil }
        return (TraceID(high: high, low: low), parent, UInt8(flags) & knownFlags)
    }

    private static let dash = UInt8(ascii: "-")

    private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }

    /// What goes to a provider with an attempt: its span, and what else the client said of the trace that it named.
    func add(to upstream: inout Headers, attempt: Int, from client: Headers) {
        upstream.add("traceparent", span(ofAttempt: attempt))
        if let state = state(from: client) { upstream.add("tracestate", state) }
    }

    /// What else the client said of the trace that it named; nil for nothing, and for too much.
    func state(from client: Headers) -> String? {
        guard isClients, client.contains("tracestate") else { return nil }
        let state = client.values("tracestate").joined(separator: ",")
        return state.utf8.count <= Self.stateBytesMax ? state : nil
    }
}

package import Store

/// How an attempt ended and what it used.
package struct SettledRecord: Hashable, Sendable {
    package var id: AttemptID
    /// The HTTP status the client got for this attempt, or the upstream's when another attempt followed.
    package var status: Int
    package var usage: MeteredUsage
    /// Nano-USD.
    package var cost: Int64
    /// Whether the usage was reckoned by the gateway because the provider did not report it.
    package var isEstimated: Bool
    package var latencyMilliseconds: Int64
    package var firstByteMilliseconds: Int64
    package var detail: DecisionDetail
    /// What is doubtful about the usage.
    package var flags: UsageFlags
    /// Whether no other attempt followed: the one that the request is counted with.
    package var isLast: Bool

    package init(
        id: AttemptID, status: Int, usage: MeteredUsage, cost: Int64, isEstimated: Bool, latencyMilliseconds: Int64,
        firstByteMilliseconds: Int64, detail: DecisionDetail, flags: UsageFlags = [], isLast: Bool = true
    ) {
        self.id = id
        self.status = status
        self.usage = usage
        self.cost = cost
        self.isEstimated = isEstimated
        self.latencyMilliseconds = latencyMilliseconds
        self.firstByteMilliseconds = firstByteMilliseconds
        self.detail = detail
        self.flags = flags
        self.isLast = isLast
    }

    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        let decision = try decoder.decision()
        id = AttemptID(decision: decision, attempt: try decoder.byte())
        status = try decoder.int()
        usage = try MeteredUsage(from: &decoder)
        cost = try decoder.signed()
        isEstimated = try decoder.bool()
        latencyMilliseconds = try decoder.signed()
        firstByteMilliseconds = try decoder.signed()
        detail = try DecisionDetail(from: &decoder)
        // Until version 4 nothing was said of the usage but whether it was estimated.
        flags = decoder.version >= 4 ? UsageFlags(rawValue: UInt16(truncatingIfNeeded: try decoder.unsigned())) : []
        // Until version 5 the first attempt counted the request.
        isLast = decoder.version >= 5 ? try decoder.bool() : id.attempt <= 1
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(id.decision)
        encoder.put(byte: id.attempt)
        encoder.put(status)
        usage.encode(into: &encoder)
        encoder.put(cost)
        encoder.put(isEstimated)
        encoder.put(latencyMilliseconds)
        encoder.put(firstByteMilliseconds)
        detail.encode(into: &encoder)
        encoder.put(UInt64(flags.rawValue))
        encoder.put(isLast)
    }
}

/// Units used, by meter: the five every ledger row has, and the open rest.
package struct MeteredUsage: Hashable, Sendable {
    package var input: Int64 = 0
    package var output: Int64 = 0
    package var cacheRead: Int64 = 0
    package var cacheWrite: Int64 = 0
    package var reasoning: Int64 = 0
    package var others: [String: Int64] = [:]

    package init() {}

    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        input = try decoder.signed()
        output = try decoder.signed()
        cacheRead = try decoder.signed()
        cacheWrite = try decoder.signed()
        reasoning = try decoder.signed()
        for _ in 0..<(try decoder.count()) {
            let meter = try decoder.string()
            others[meter] = try decoder.signed()
        }
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(input)
        encoder.put(output)
        encoder.put(cacheRead)
        encoder.put(cacheWrite)
        encoder.put(reasoning)
        encoder.put(UInt64(others.count))
        for (meter, units) in others {
            encoder.put(meter)
            encoder.put(units)
        }
    }
}

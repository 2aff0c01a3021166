internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// Decides, event by event, what of a provider's stream the client gets. No I/O: what is to be sent gathers in `output`.
struct StreamRelay {
    private let wantsUsage: Bool
    private let decision: String
    private var normalizer: AnswerNormalizer?
    private let bounds: UsageBounds
    private let readsTier: Bool
    private let readsModel: Bool
    private var parser = SSEParser()
    /// Bytes for the client that have not been taken yet.
    private var output: [UInt8] = []

    /// Pieces of output so far; a piece is about a token.
    private(set) var pieces: Int64 = 0
    /// Bytes of output so far.
    private(set) var outputBytes = 0
    private(set) var usage: Usage?
    /// In which class of service the provider says that it serves.
    private(set) var serviceTier: String?
    /// What the provider calls the model, where that is asked.
    private(set) var model: String?
    private var flags: UsageFlags = []
    /// Whether the chunk that only tells the usage has come; some providers tell it in every chunk.
    private(set) var hasUsageChunk = false
    /// Whether `[DONE]` has come.
    private(set) var isDone = false
    private(set) var hasFinishReason = false
    /// What the provider reported as wrong, or is wrong with the stream's form; nothing after it counts.
    private(set) var refusal: ProviderRefusal?

    /// A usage beyond `bounds` is not believed.
    init(
        wantsUsage: Bool, decision: String, normalizer: AnswerNormalizer? = nil, bounds: UsageBounds = .widest, readsTier: Bool = false,
        readsModel: Bool = false
    ) {
        self.wantsUsage = wantsUsage
        self.readsTier = readsTier
        self.readsModel = readsModel
        self.decision = decision
        self.normalizer = normalizer
        self.bounds = bounds
    }

    /// What is doubtful about `usage`, or why there is none.
    var doubts: UsageFlags {
        guard let usage, usage.output < pieces else { return flags }
        return flags.union(.below)
    }

    /// Grows with everything that the model writes.
    var progress: Int { Int(pieces) + outputBytes }

    /// Whether the answer is complete in substance, `[DONE]` or not.
    var isComplete: Bool { isDone || hasFinishReason || hasUsageChunk }
    /// Whether something of the answer itself is there; until then another target can still be tried.
    var hasContent: Bool { pieces > 0 || isComplete || output.count > AnswerLimits.heldBackBytesMax }

    /// Takes the next bytes. `cost` prices a usage, and the class of service in which it was made, for the client who asked for it.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, cost: (Usage, _ tier: String?) -> NanoUSD) {
        guard refusal == nil else { return }
        var parser = self.parser
        self.parser = SSEParser()
        do {
            try parser.feed(bytes) { event in take(event, cost) }
        } catch {
            refusal = ProviderRefusal(malformed: "An event of the provider's stream is too large.")
        }
        self.parser = parser
    }

    /// Ends the stream: an event whose blank line the provider left out still counts, and a missing `[DONE]` is added.
    mutating func close(cost: (Usage, _ tier: String?) -> NanoUSD) {
        let rest = parser.unfinished
        if rest.allSatisfy(Self.lineEnds.contains) {
            // The second half of the last line's end, or lines that say nothing.
            append(rest)
        } else {
            Array("\n\n".utf8).withUnsafeBytes { feed($0, cost: cost) }
        }
        if isComplete, !isDone { append(Self.doneEvent) }
    }

    /// The bytes to send now.
    mutating func takeOutput() -> [UInt8] {
        defer { output.removeAll(keepingCapacity: true) }
        return output
    }

    private mutating func take(_ event: SSEEvent, _ cost: (Usage, _ tier: String?) -> NanoUSD) {
        guard event.hasData else { return append(event.raw) }
        let chunk = StreamChunk(event.data, within: bounds.widened(toOutput: max(pieces, Int64(outputBytes))), readsTier: readsTier)
        if let tier = chunk.serviceTier { serviceTier = tier }
        if readsModel, model == nil, let scan = try? JSONScan(event.data) { model = scan["model"]?.string() }
        pieces += Int64(chunk.pieces)
        outputBytes += chunk.outputBytes
        if chunk.hasFinishReason { hasFinishReason = true }
        flags.formUnion(chunk.flags)
        if let usage = chunk.usage { take(usage, isFinal: chunk.isUsageAlone) }
        switch chunk.kind {
        case .done:
            isDone = true
            append(event.raw)
        case .error(let refusal): self.refusal = refusal
        case .usage:
            hasUsageChunk = true
            if wantsUsage { appendUsage(event, chunk, cost) }
        case .content: appendContent(event, chunk)
        case .opaque: append(event.raw)
        }
    }

    /// Some providers tell in every chunk what was used so far, so that the last is the largest. Whatever else a second telling
    /// means, the larger one is booked, and the row says that it is doubtful.
    private mutating func take(_ usage: Usage, isFinal: Bool) {
        if isDone { flags.insert(.afterDone) }
        guard let known = self.usage else {
            self.usage = usage
            return
        }
        if isDone { return }
        if isFinal && hasUsageChunk || usage.tokens < known.tokens { flags.insert(.repeated) }
        if usage.tokens >= known.tokens { self.usage = usage }
    }

    private mutating func appendUsage(_ event: SSEEvent, _ chunk: StreamChunk, _ cost: (Usage, _ tier: String?) -> NanoUSD) {
        guard let usage = chunk.usage, let scan = try? JSONScan(event.data), var patch = JSONPatch(scan) else {
            return append(event.raw)
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("cost_usd", cost(usage, serviceTier).dollars)
        writer.member("decision", decision)
        writer.endObject()
        normalizer?.complete(chunk, scan, in: &patch)
        patch.set("charter", to: writer.bytes)
        appendData(patch.bytes())
    }

    private mutating func appendContent(_ event: SSEEvent, _ chunk: StreamChunk) {
        let hidesUsage = chunk.mentionsUsage && !wantsUsage
        let isLookedAt = normalizer != nil && (chunk.beginsCalls || !chunk.oddities.isEmpty)
        guard hidesUsage || isLookedAt, let scan = try? JSONScan(event.data), var patch = JSONPatch(scan) else {
            return append(event.raw)
        }
        if hidesUsage { patch.remove("usage") }
        normalizer?.complete(chunk, scan, in: &patch)
        if patch.isEmpty { append(event.raw) } else { appendData(patch.bytes()) }
    }

    private mutating func appendData(_ json: [UInt8]) {
        output.append(contentsOf: "data: ".utf8)
        output.append(contentsOf: json)
        output.append(contentsOf: "\n\n".utf8)
    }

    private mutating func append(_ bytes: some Sequence<UInt8>) { output.append(contentsOf: bytes) }

    private static let lineEnds = Array("\r\n".utf8)
    private static let doneEvent = Array("data: [DONE]\n\n".utf8)
}

internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// One try of a request at one target.
final class Attempt {
    let id: AttemptID
    let target: Target
    let terms: TermsBook.Entry
    /// What it tells of how well they are.
    let health: ProviderHealth
    let modelHealth: ModelHealth
    /// The route's, where it declares one.
    let breaker: FailureBreaker?
    /// Nanoseconds of the monotonic clock at which it was sent; until then, at which it was opened.
    var sent: Int64
    /// Milliseconds since 1970 of its admission.
    let at: Int64
    var call: Call?
    /// Nanoseconds; 0 until the answer's head arrived.
    var headArrived: Int64 = 0
    /// Nanoseconds; 0 until the answer's last byte arrived.
    var ended: Int64 = 0
    /// Bytes of a plain answer's body so far.
    var received = 0
    /// Whether the answer is given on as it comes: sound, and the events of pictures and sound.
    var passesAtOnce = false
    /// What was kept of the answer's body.
    var answer: [UInt8] = []
    /// Bytes of it for which the exchange holds room.
    var heldBytes = 0
    var answerHeaders = Headers()
    /// Whether `relay` has the answer.
    var isEventStream = false
    var relay = StreamRelay(wantsUsage: false, decision: "")
    /// What is doubtful about the usage that a plain answer told.
    var doubts: UsageFlags = []
    /// In which class of service a plain answer says that it was served.
    var serviceTier: String?
    /// Milliseconds of the last progress record.
    var progressAt: Int64 = 0
    /// `StreamRelay.progress` at that time.
    var progress = 0
    /// Output tokens of a stream that its reservation pays for.
    var outputCovered: Int64
    /// Thousandths of a byte for each token of a stream's text.
    var textRatio = TokenRatios.assumedThousandths

    init(
        id: AttemptID, target: Target, terms: TermsBook.Entry, health: ProviderHealth, modelHealth: ModelHealth,
        breaker: FailureBreaker?, opened: Int64, at: Int64, outputCovered: Int64
    ) {
        self.id = id
        self.target = target
        self.terms = terms
        self.health = health
        self.modelHealth = modelHealth
        self.breaker = breaker
        sent = opened
        self.at = at
        self.outputCovered = outputCovered
    }

    /// Output tokens of a stream so far, as far as they can be told. Most providers send one in each event, so that events count
    /// them best; where the length says that there were more than twice as many, it is the length that counts.
    var produced: Int64 {
        let written = Int64(relay.outputBytes) * 1_000 / textRatio
        return max(written > 2 * relay.pieces ? written : relay.pieces, relay.usage?.output ?? 0)
    }

    /// What the ledger is to note of the usage that is booked.
    func flags(isEstimated: Bool, ended: Ending) -> UsageFlags {
        var flags = isEventStream ? relay.doubts : doubts
        guard isEstimated else { return flags }
        // A plain answer comes to its end though the client has left.
        if ended == .complete || ended == .clientLeft && !isEventStream {
            if flags.isDisjoint(with: [.negative, .tooLarge]) { flags.insert(.missing) }
        } else {
            flags.insert(.cut)
        }
        return flags
    }

    /// Whether a plain answer begins as one; pages for people come with status 200 too.
    var answersJSON: Bool {
        answer.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == UInt8(ascii: "{")
    }

    func normalizer(_ endpoint: Endpoint, _ decision: String) -> AnswerNormalizer {
        AnswerNormalizer(endpoint: endpoint, decision: decision, created: at / 1000, model: target.upstreamName)
    }

    var firstByteMilliseconds: Int64 { headArrived == 0 ? 0 : (headArrived - sent) / 1_000_000 }
}

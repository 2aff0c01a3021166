internal import HTTP
internal import Policy
internal import Spec
internal import Synchronization

/// One loop's counts; only that loop writes them, the metrics page reads them, so the lock is almost never waited for.
final class MetricsShard: Sendable {
    struct Counts: Sendable {
        var requests: [RequestLabel: Int] = [:]
        var refusals: [String: Int] = [:]
        var attempts: [AttemptLabel: Int] = [:]
        var answers: [AnswerLabel: AnswerCounts] = [:]
        var firstByte = Histogram(bounds: Histogram.requestSeconds)
        var overhead = Histogram(bounds: Histogram.overheadSeconds)
        var inFlight = 0
        var staleNames = 0
    }

    struct RequestLabel: Hashable, Sendable, Comparable {
        var endpoint: String
        var status: Int
        static func < (a: RequestLabel, b: RequestLabel) -> Bool { (a.endpoint, a.status) < (b.endpoint, b.status) }
    }

    struct AttemptLabel: Hashable, Sendable, Comparable {
        var model: String
        var outcome: String
        static func < (a: AttemptLabel, b: AttemptLabel) -> Bool { (a.model, a.outcome) < (b.model, b.outcome) }
    }

    struct AnswerLabel: Hashable, Sendable {
        var model: String
        var endpoint: Endpoint
        var status: Int

        /// A model is asked in few ways, and they end in few; equality compares all.
        func hash(into hasher: inout Hasher) { hasher.combine(model) }
    }

    struct AnswerCounts: Sendable {
        var input: Int64 = 0
        var output: Int64 = 0
        var cacheRead: Int64 = 0
        var reasoning: Int64 = 0
        var cost: Int64 = 0
        var estimated = 0
        var duration = Histogram(bounds: Histogram.requestSeconds)
    }

    private let counts = Mutex(Counts())

    var current: Counts { counts.withLock { $0 } }

    func setInFlight(_ count: Int) { counts.withLock { $0.inFlight = count } }

    func countStaleName() { counts.withLock { $0.staleNames += 1 } }

    func countRequest(_ endpoint: Endpoint, status: Int) {
        counts.withLock { $0.requests[RequestLabel(endpoint: endpoint.rawValue, status: status), default: 0] += 1 }
    }

    /// A batch, or a request of one, that cannot be read, so that it is of no endpoint.
    func countBatch(status: Int) {
        counts.withLock { $0.requests[RequestLabel(endpoint: "batch", status: status), default: 0] += 1 }
    }

    func countRefusal(_ code: String) { counts.withLock { $0.refusals[code, default: 0] += 1 } }

    func countAttempt(_ model: String, outcome: String) {
        counts.withLock { $0.attempts[AttemptLabel(model: model, outcome: outcome), default: 0] += 1 }
    }

    func noteOverhead(nanoseconds: Int64) {
        counts.withLock { $0.overhead.observe(Double(nanoseconds) / 1e9) }
    }

    func countAnswer(_ answer: AnswerCount) {
        counts.withLock { counts in
            if answer.isTold { counts.requests[RequestLabel(endpoint: answer.endpoint.rawValue, status: answer.status), default: 0] += 1 }
            counts.attempts[AttemptLabel(model: answer.model, outcome: "answered"), default: 0] += 1
            let label = AnswerLabel(model: answer.model, endpoint: answer.asked, status: answer.status)
            counts.answers[label, default: AnswerCounts()].add(answer)
            counts.firstByte.observe(Double(answer.firstByteNanoseconds) / 1e9)
        }
    }
}

/// An answer as the metrics count it.
struct AnswerCount {
    var endpoint: Endpoint
    /// What the body asks for, by whichever endpoint it came.
    var asked: Endpoint
    var status: Int
    /// False where the client has not been told yet, and the request is counted then.
    var isTold: Bool
    var model: String
    var usage: Usage
    var cost: NanoUSD
    var isEstimated: Bool
    var nanoseconds: Int64
    var firstByteNanoseconds: Int64
}

extension MetricsShard.AnswerCounts {
    fileprivate mutating func add(_ answer: AnswerCount) {
        input &+= answer.usage.input
        output &+= answer.usage.output
        cacheRead &+= answer.usage.cacheRead
        reasoning &+= answer.usage.reasoning
        cost &+= answer.cost.rawValue
        if answer.isEstimated { estimated += 1 }
        duration.observe(Double(answer.nanoseconds) / 1e9)
    }
}

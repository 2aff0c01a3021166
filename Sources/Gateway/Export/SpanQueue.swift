internal import Synchronization

/// Requests of one loop whose spans wait to be sent, up to a bound. The loop appends, the exporter takes; neither does more than
/// that under the lock.
final class SpanQueue: Sendable {
    private struct Waiting {
        var requests: [TracedRequest] = []
        var spans = 0
    }

    private let waiting = Mutex(Waiting())
    private let spansMax: Int

    init(spansMax: Int) { self.spansMax = spansMax }

    /// How many spans wait with those of `request`; nil where there is no room for them.
    func append(_ request: TracedRequest) -> Int? {
        waiting.withLock { waiting in
            guard waiting.spans + request.spanCount <= spansMax else { return nil }
            waiting.requests.append(request)
            waiting.spans += request.spanCount
            return waiting.spans
        }
    }

    var spanCount: Int { waiting.withLock { $0.spans } }

    /// The oldest requests, with `spans` spans together; one whose own are more comes alone.
    func take(spans most: Int) -> [TracedRequest] {
        waiting.withLock { waiting in
            var (count, spans) = (0, 0)
            while count < waiting.requests.count, spans == 0 || spans + waiting.requests[count].spanCount <= most {
                spans += waiting.requests[count].spanCount
                count += 1
            }
            let taken = Array(waiting.requests[..<count])
            waiting.requests.removeFirst(count)
            waiting.spans -= spans
            return taken
        }
    }
}

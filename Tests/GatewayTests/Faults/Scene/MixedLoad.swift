import Glibc
import Synchronization
import TestKit

/// Clients that ask for plain answers and streams of several models at once, never twice for the same, and remember what they got.
final class MixedLoad: Sendable {
    struct Outcome {
        /// Answers by status; 0 where there was no whole answer.
        var statuses: [Int: Int] = [:]
        /// Decisions whose whole answers clients have.
        var served: Set<String> = []
        /// Microseconds from the request to the end of its answer.
        var latencies: [Int] = []

        var count: Int { statuses.values.reduce(0, +) }

        /// In microseconds, and zero where nothing was asked.
        func latency(quantile: Double) -> Int {
            guard !latencies.isEmpty else { return 0 }
            return latencies.sorted()[min(latencies.count - 1, Int(Double(latencies.count) * quantile))]
        }
    }

    private let isOver = Atomic<Bool>(false)
    private let outcome = Mutex(Outcome())
    private let threads: Mutex<[Background<Void>]>
    private let port: UInt16
    private let key: String

    static let models = ["openai/gpt-4o", "openai/gpt-4o-mini", "groq/llama"]

    init(port: UInt16, clients: Int = 4, key: String = Platform.secret) {
        self.port = port
        self.key = key
        threads = Mutex([])
        let work = (0..<clients).map { client in
            Background { [self] in
                var random = SplitMix(state: UInt64(client))
                while !isOver.load(ordering: .relaxed) { ask(&random) }
            }
        }
        threads.withLock { $0 = work }
    }

    var served: Int { outcome.withLock { $0.served.count } }

    /// What was met since the last call.
    func take() -> Outcome {
        outcome.withLock { outcome in
            defer { outcome = Outcome(served: outcome.served) }
            return outcome
        }
    }

    /// Ends the clients and says what they met.
    func finish() throws -> Outcome {
        isOver.store(true, ordering: .relaxed)
        for thread in threads.withLock({ $0 }) { try thread.value(within: .seconds(60)) }
        return outcome.withLock { $0 }
    }

    private func ask(_ random: inout SplitMix) {
        let words = Array(repeating: "word", count: .random(in: 1...30, using: &random)).joined(separator: " ")
        let isStream = Int.random(in: 0..<3, using: &random) == 0
        let model = Self.models[Int.random(in: 0..<Self.models.count, using: &random)]
        let body = #"{"model":"\#(model)","max_tokens":200,"messages":[{"role":"user","content":"\#(words)"}]\#(isStream ? #","stream":true"# : "")}"#
        let tokens = Int.random(in: 1...60, using: &random)
        let begun = ContinuousClock.now
        let answer = try? TestClient(port: port).send(
            "POST", "/v1/chat/completions", body: body, key: key, headers: ["x-simulate-tokens": "\(tokens)"])
        let micros = Int((ContinuousClock.now - begun) / .microseconds(1))
        let isWhole = answer.map { $0.isWhole && (!isStream || $0.status != 200 || $0.events.last == "[DONE]") } ?? false
        outcome.withLock { outcome in
            outcome.statuses[isWhole ? answer?.status ?? 0 : 0, default: 0] += 1
            guard isWhole, let answer, answer.status == 200 else { return }
            outcome.latencies.append(micros)
            if let decision = answer.headers["x-charter-decision"] { outcome.served.insert(decision) }
        }
        // Whoever is refused asks again, and takes the processors from what is tested.
        usleep(answer?.status == 200 ? 2_000 : 10_000)
    }
}

import Glibc
import Synchronization
import TestKit

/// Clients that ask again and again, each on a thread of its own, until they are told to stop; at once, or each after so long. Half of
/// them keep their connection.
final class SteadyLoad: Sendable {
    private let isOver = Atomic<Bool>(false)
    private let outcome = Mutex(Outcome())
    private let pace: Duration
    private let threads: Mutex<[Background<Void>]>

    struct Outcome {
        var served = 0
        var failures: [String] = []
    }

    init(port: UInt16, clients: Int, every pace: Duration = .zero) {
        self.pace = pace
        threads = Mutex([])
        let work = (0..<clients).map { index in
            Background { [self] in
                while !isOver.load(ordering: .relaxed) { ask(port, keeps: index % 2 == 0) }
            }
        }
        threads.withLock { $0 = work }
    }

    var served: Int { outcome.withLock { $0.served } }

    /// Ends the clients and says what they met.
    func finish() throws -> Outcome {
        isOver.store(true, ordering: .relaxed)
        for thread in threads.withLock({ $0 }) { try thread.value(within: .seconds(30)) }
        return outcome.withLock { $0 }
    }

    /// One request, or as many as a connection takes until it is told to close.
    private func ask(_ port: UInt16, keeps: Bool) {
        do {
            let connection = try TestConnection(port: port)
            repeat {
                let answer = try connection.ask(keeps: keeps)
                guard answer.status == 200, answer.isWhole else { throw TestClient.Failure(call: "status \(answer.status)") }
                outcome.withLock { $0.served += 1 }
                if pace > .zero { usleep(UInt32(pace / .microseconds(1))) }
                if answer.headers["connection"] == "close" { return }
            } while keeps && !isOver.load(ordering: .relaxed)
        } catch {
            outcome.withLock { $0.failures.append("\(error)") }
            // A refusal costs no time, and clients that met nothing else would take the processors from what is measured.
            usleep(10_000)
        }
    }
}

extension TestConnection {
    /// Sends a chat request and reads its answer by its length.
    fileprivate func ask(keeps: Bool) throws -> TestClient.Answer {
        let body = #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"one"}]}"#
        try send(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer \(Platform.secret)\r\n\(keeps ? "" : "Connection: close\r\n")Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try readOne()
    }
}

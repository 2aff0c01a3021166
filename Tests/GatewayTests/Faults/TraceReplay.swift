import Foundation
import Glibc
import Store
import Synchronization
import TestKit
import Testing

/// A day's requests as they were: when each came, and how many tokens went in and out.
struct RequestTrace {
    struct Line: Hashable, Sendable {
        /// Since the first.
        var at: Duration
        var input: Int
        var output: Int
    }

    let lines: [Line]

    /// The Azure LLM inference trace of 2023 (CC-BY): `CHARTER_TRACE` names it, or it lies beside the repository.
    static let path: String? = {
        let beside = Programs.root.appending(path: "../shared/data/azure-llm-trace-code.csv").standardizedFileURL.path
        let path = ProcessInfo.processInfo.environment["CHARTER_TRACE"] ?? beside
        return FileManager.default.isReadableFile(atPath: path) ? path : nil
    }()

    /// Columns `TIMESTAMP,ContextTokens,GeneratedTokens`; at most `max` lines.
    init(path: String, max: Int) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var first: Double?
        lines = try text.split(whereSeparator: \.isNewline).dropFirst().prefix(max).map { line -> Line in
            let fields = line.split(separator: ",")
            guard fields.count == 3, let input = Int(fields[1]), let output = Int(fields[2]), let seconds = Self.seconds(fields[0]) else {
                throw Unreadable(line: String(line))
            }
            let start = first ?? seconds
            first = start
            return Line(at: .seconds(seconds - start), input: input, output: output)
        }
    }

    /// Of `2023-11-16 18:17:03.9799600`, whose day's beginning does not matter as none ends in it.
    private static func seconds(_ text: Substring) -> Double? {
        let parts = text.split(separator: " ").last?.split(separator: ":").compactMap { Double($0) } ?? []
        return parts.count == 3 ? parts[0] * 3_600 + parts[1] * 60 + parts[2] : nil
    }

    struct Unreadable: Error { let line: String }
}

extension GatewayFaults {
    @Suite(.enabled(if: RequestTrace.path != nil || TestLength.isLong, "needs the trace of requests: CHARTER_TRACE names its file"))
    struct TraceReplay {
        /// Pico-USD for a token, whose sums have halves of nano-USD to be rounded.
        private static let prices = (input: 2_500_500, output: 10_000_700)
        private static let catalog = StandardConfiguration.catalogs(
            openai: "code: { context: 16k, maxOutput: 4096, prices: { input: 2.5005 USD/M, output: 10.0007 USD/M } }")

        /// A request without its time.
        private struct Size: Hashable, Sendable {
            var input: Int
            var output: Int

            var cost: Int {
                let exact = input * TraceReplay.prices.input + output * TraceReplay.prices.output
                let (nano, rest) = exact.quotientAndRemainder(dividingBy: 1_000)
                return rest > 500 || rest == 500 && !nano.isMultiple(of: 2) ? nano + 1 : nano
            }
        }

        @Test func `a day's requests replayed many times faster, with a gateway killed in the middle, cost what their tokens do, to the nano-USD`() throws {
            let trace = try RequestTrace(path: try #require(RequestTrace.path), max: TestLength.of(400, long: .max))
            let key = StandardConfiguration.key(spec: "  budget: { hard: 100000 USD/month }\n")
            let platform = try Platform([StandardConfiguration.keyPath: key, "catalog.yaml": Self.catalog], gateway: false)
            var gateway = try GatewayProgram(platform)
            let port = gateway.port
            try gateway.awaitReady()
            let replay = Replay(trace.lines, speed: TestLength.of(600, long: 60), port: port)
            try eventually(within: .seconds(300), "half of it is replayed") { replay.begun > trace.lines.count / 2 }
            gateway.process.kill(SIGKILL)
            #expect(gateway.process.wait(within: .seconds(10)) == -SIGKILL)
            gateway = try GatewayProgram(platform, port: port)
            try gateway.awaitReady()
            var cut = try replay.finish()
            // A client may be cut off once more, by a connection that nobody had accepted yet.
            #expect(cut.count <= 4 * Replay.clients)

            // What was cut and had not been admitted is not in the ledger: it is asked again, and only that.
            let connection = try Connection(platform.database)
            try eventually(within: .seconds(60), "all but what was cut is booked") { try booked(connection).values.reduce(0, +) >= trace.lines.count - cut.count }
            var missing = Self.counts(trace.lines)
            for (size, count) in try settledCounts(connection, gateway) { missing[size, default: 0] -= count }
            for (size, count) in missing where count != 0 {
                for _ in 0..<max(0, count) {
                    let place = try #require(cut.firstIndex(of: size), "\(size) was answered and is not booked")
                    cut.remove(at: place)
                    #expect(try Replay.ask(TestClient(port: port), size) == 200)
                }
                #expect(count > 0, "\(size) is booked too often")
            }
            gateway.process.kill(SIGTERM)
            #expect(gateway.process.wait(within: .seconds(60)) == 0, "\(gateway.process.errors)")
            try expectSums(connection, trace.lines)
        }

        /// The ledger's when the gateway has nothing more to book.
        private func settledCounts(_ connection: Connection, _ gateway: GatewayProgram) throws -> [Size: Int] {
            try eventually(within: .seconds(60), "nothing is unsettled") {
                try gateway.client.get("/metrics", key: nil).text.contains("charter_journal_unsettled 0\n")
            }
            return try booked(connection)
        }

        private func booked(_ connection: Connection) throws -> [Size: Int] {
            try connection.transaction { transaction in
                var counts: [Size: Int] = [:]
                for row in try transaction.query("SELECT input, output FROM charter.usage") {
                    counts[Size(input: Int(try row.integer(0)), output: Int(try row.integer(1))), default: 0] += 1
                }
                return counts
            }
        }

        private static func counts(_ lines: [RequestTrace.Line]) -> [Size: Int] {
            lines.reduce(into: [:]) { $0[Size(input: $1.input, output: $1.output), default: 0] += 1 }
        }

        private func expectSums(_ connection: Connection, _ lines: [RequestTrace.Line]) throws {
            let sizes = lines.map { Size(input: $0.input, output: $0.output) }
            let wanted = [lines.count, sizes.reduce(0) { $0 + $1.input }, sizes.reduce(0) { $0 + $1.output }, sizes.reduce(0) { $0 + $1.cost }]
            try connection.transaction { transaction in
                for (table, count) in [("usage", "count(*)"), ("usage_hour", "sum(attempts)"), ("usage_day", "sum(attempts)")] {
                    let sums = try transaction.query(
                        "SELECT (\(count))::bigint, sum(input)::bigint, sum(output)::bigint, sum(cost)::bigint FROM charter.\(table)")
                    #expect(try (0..<4).map { Int(try sums[0].integer($0)) } == wanted, "\(table)")
                }
            }
            #expect(try Self.counts(lines) == booked(connection))
        }

        /// Clients that each send the next request when it is due.
        private final class Replay: Sendable {
            static let clients = 16

            private let next = Atomic<Int>(0)
            private let cut = Mutex<[Size]>([])
            private let lines: [RequestTrace.Line]
            private let threads: Mutex<[Background<Void>]>

            init(_ lines: [RequestTrace.Line], speed: Int, port: UInt16) {
                self.lines = lines
                threads = Mutex([])
                let start = ContinuousClock.now
                let work = (0..<Self.clients).map { _ in
                    Background { [self] in
                        while true {
                            let number = next.add(1, ordering: .relaxed).oldValue
                            guard number < lines.count else { return }
                            let wait = start + lines[number].at / speed - ContinuousClock.now
                            if wait > .zero { usleep(UInt32(wait / .microseconds(1))) }
                            send(Size(input: lines[number].input, output: lines[number].output), port)
                        }
                    }
                }
                threads.withLock { $0 = work }
            }

            var begun: Int { next.load(ordering: .relaxed) }

            /// Waits for the end of all; gives those whose answers were cut.
            func finish() throws -> [Size] {
                for thread in threads.withLock({ $0 }) { try thread.value(within: .seconds(900)) }
                return cut.withLock { $0 }
            }

            /// Until it was answered, or nobody can say whether it was heard: that is never sent again.
            private func send(_ size: Size, _ port: UInt16) {
                while true {
                    do {
                        if try Self.ask(TestClient(port: port), size) == 200 { return }
                    } catch let failure as SystemError where failure.call == "connect" {
                    } catch {
                        return cut.withLock { $0.append(size) }
                    }
                    usleep(20_000)
                }
            }

            /// Token numbers, which are counted exactly before it is known what they come to.
            static func ask(_ client: TestClient, _ size: Size) throws -> Int {
                let prompt = Array(repeating: "7", count: size.input).joined(separator: ",")
                let answer = try client.send(
                    "POST", "/v1/completions", body: #"{"model":"openai/code","max_tokens":\#(size.output),"prompt":[\#(prompt)]}"#,
                    headers: ["x-simulate-tokens": "\(size.output)", "x-simulate-first-token": "20ms"])
                if answer.status == 200, !answer.isWhole { throw TestClient.Failure(call: "cut") }
                return answer.status
            }
        }
    }
}

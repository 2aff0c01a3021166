import Foundation
import Gateway
import Glibc
import Store
import TestKit
import Testing

@Suite struct RecoveryTests {
    /// The built executable, which lies beside the tests.
    private static var executable: String {
        get throws {
            var directory = Bundle.main.bundleURL
            for _ in 0..<4 {
                let candidate = directory.appending(path: "charter-gateway").path
                if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
                directory.deleteLastPathComponent()
            }
            throw TestClient.Failure(call: "no charter-gateway near \(Bundle.main.bundlePath)")
        }
    }

    private static func spawn(_ platform: Platform, port: UInt16) throws -> Subprocess {
        let gateway = try Subprocess([
            try executable, "--database", platform.database, "--listen", "127.0.0.1:\(port)", "--state",
            platform.folder.path + "/state", "--loops", "2",
        ])
        try eventually(within: .seconds(20), "the gateway is ready: \(gateway.errors)") {
            try TestClient(port: port).get("/readyz", key: nil).status == 200
        }
        return gateway
    }

    @Test func `a gateway killed under load loses no usage`() throws {
        let platform = try Platform(gateway: false)
        let port = try freePort()
        let gateway = try Self.spawn(platform, port: port)
        let client = TestClient(port: port)
        // Streams that the kill cuts, and plain requests before it.
        let started = try (0..<4).map { _ in
            let stream = try client.open(
                "POST", "/v1/chat/completions",
                body: #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"one two three"}]}"#,
                headers: ["x-simulate-pace": "10ms", "x-simulate-tokens": "9000"])
            try stream.receive(until: "\"content\":")
            return stream
        }
        for _ in 0..<40 { #expect(try client.chat().status == 200) }
        // Each of the streams has gone on for longer than the time between two records of progress.
        for stream in started {
            let wanted = stream.receivedCount + 100 * 250
            while stream.receivedCount < wanted { #expect(try stream.receive()) }
        }
        gateway.kill(SIGKILL)
        _ = gateway.wait(within: .seconds(5))

        try platform.startGateway()
        let rows = try platform.ledger(rows: 44)
        try eventually(within: .seconds(5), "the provider has logged everything") {
            platform.folder.read("openai.log").split(separator: "\n").count == 44
        }
        #expect(rows.count == 44)
        #expect(rows.filter(\.isEstimated).count == 4)
        #expect(rows.filter { !$0.isEstimated }.allSatisfy { $0.output == 10 && $0.input == 3 && $0.status == 200 })
        #expect(rows.filter(\.isEstimated).allSatisfy { $0.output >= 10 && $0.output < 9000 }, "\(rows.filter(\.isEstimated))")
        let log = platform.folder.read("openai.log")
        for row in rows { #expect(log.contains(#""request_id":"\#(row.decision)-\#(row.attempt)""#)) }
        #expect(Set(rows.map(\.decision)).count == 44)
    }

    @Test func `a gateway that is asked to stop finishes what it began, ships it, and exits 0`() throws {
        let platform = try Platform(gateway: false)
        let port = try freePort()
        let gateway = try Self.spawn(platform, port: port)
        let connection = try TestClient(port: port).open(
            "POST", "/v1/chat/completions",
            body: #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"x"}]}"#,
            headers: ["x-simulate-pace": "10ms", "x-simulate-tokens": "60"])
        try connection.receive(until: "\"content\":")
        gateway.kill(SIGTERM)
        #expect(try connection.readAnswer().events.last == "[DONE]")
        #expect(gateway.wait(within: .seconds(10)) == 0, "\(gateway.errors)")
        let rows = try LedgerRow.all(Connection(platform.database))
        #expect(rows.map(\.output) == [60])
        #expect(rows.map(\.isEstimated) == [false])
    }
}

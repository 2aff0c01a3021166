import Crypto
import Foundation
import Gateway
import HTTP
import Store
import TestKit
import Testing

/// What a gateway could let slip: its providers' keys, its clients', and what other organizations have.
@Suite struct DisclosureAttackTests {
    private static let canary = "sk-canary-7f3a1c9e5b2d4680"

    @Test func `a provider's key stands in no answer, log, metric, journal or ledger`() throws {
        let secrets = try TemporaryDirectory()
        let file = try secrets.write(Self.canary + "\n", to: "credential")
        let provider = try ScriptedProvider { exchange, number, _ in
            switch number % 4 {
            case 0: exchange.answerChat()
            case 1: exchange.refuse(401)
            case 2: exchange.refuse(500)
            default: exchange.refuse(429, ["retry-after": "0"])
            }
        }
        let platform = try Platform(beside: {
            StandardConfiguration.providers(provider.port, $0, spec: "  credential: { file: \(file) }\n")
        })
        let client = TestClient(port: platform.port)
        var seen: [String] = []
        for number in 0..<8 {
            let answer = try client.chat(stream: number > 3)
            seen.append("\(answer.headers) \(answer.text)")
        }
        provider.stop()
        seen.append(try client.chat().text)
        for path in ["/metrics", "/readyz", "/v1/models", "/"] { seen.append(try client.get(path).text) }
        // It was sent, so there was something to let slip.
        #expect(provider.seen.first?.headers["authorization"] == "Bearer \(Self.canary)")
        _ = try platform.ledger(rows: 1)
        seen.append(try dump(platform.database))
        seen.append(platform.log)
        platform.stopGateway()
        seen.append(platform.log)
        seen += try files(below: platform.folder.path + "/state")
        #expect(seen.contains { $0.contains("openai") } && seen.count > 15)
        for text in seen {
            for secret in [Self.canary, String(Self.canary.suffix(16)), Platform.secret] {
                #expect(!text.contains(secret), "\(secret) in \(text.prefix(2000))")
            }
        }
    }

    /// Of variables, files and systemd's credentials, sent as credential and as headers, and of the collector, by a process that then crashes.
    @Test func `no kind of secret stands in any output, not even of a crash`() throws {
        let canaries = ["env", "file", "systemd", "header", "collector", "token"].map { "canary-\($0)-7f3a1c9e5b2d4680" }
        let secrets = try TemporaryDirectory()
        let file = try secrets.write(canaries[1], to: "file")
        let credentials = try TemporaryDirectory()
        _ = try credentials.write(canaries[2] + "\n", to: "openai")
        let provider = try ScriptedProvider { exchange, number, _ in
            switch number % 3 {
            case 0: exchange.answerChat()
            case 1: exchange.refuse(401)
            default: exchange.reset()
            }
        }
        let platform = try Platform(gateway: false, beside: {
            StandardConfiguration.providers(
                provider.port, $0,
                spec: """
                      credential: { systemd: openai }
                      headers: { x-one: { env: CANARY_HEADER }, x-two: { file: \(file) }, x-three: { env: CANARY_OTHER } }

                    """)
        })
        let collector = try TestCollector()
        let token = try secrets.write("x-token=\(canaries[5])", to: "token")
        let program = try GatewayProgram(platform, ["--otlp-headers-file", token], environment: [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(collector.port)", "OTEL_EXPORTER_OTLP_HEADERS": "authorization=\(canaries[4])",
            "OTEL_METRIC_EXPORT_INTERVAL": "100",
            "CREDENTIALS_DIRECTORY": credentials.path, "CANARY_HEADER": canaries[3], "CANARY_OTHER": canaries[0],
            "SWIFT_BACKTRACE": "enable=no",
        ])
        try program.awaitReady()
        var seen: [String] = []
        for number in 0..<9 {
            let answer = try program.client.chat(stream: number > 5)
            seen.append("\(answer.headers) \(answer.text)")
        }
        for path in ["/metrics", "/readyz", "/healthz", "/v1/models", "/"] { seen.append(try program.client.get(path).text) }
        let sent = try #require(provider.seen.first?.headers)
        #expect(sent["authorization"] == "Bearer \(canaries[2])" && sent["x-one"] == canaries[3])
        #expect(sent["x-two"] == canaries[1] && sent["x-three"] == canaries[0])
        _ = try platform.ledger(rows: 3)
        #expect(try collector.spans(18).count >= 18)
        try eventually(within: .seconds(20), "metrics are exported") { try collector.points().contains { $0.metric.hasPrefix("gen_ai.") } }
        #expect(collector.seen.allSatisfy { $0.headers["authorization"] == canaries[4] && $0.headers["x-token"] == canaries[5] })
        // Neither what was asked nor what was answered.
        #expect(!collector.text.contains("one two three") && collector.messages("/v1/traces").allSatisfy { !$0.body.contains("a b") })
        seen.append(collector.text)
        program.process.kill(SIGABRT)
        #expect(program.process.wait(within: .seconds(60)) == -SIGABRT)
        seen += [program.process.output, program.process.errors, try dump(platform.database)]
        seen += try files(below: platform.folder.path + "/state")
        #expect(program.process.errors.contains("enforcing a revision"))
        for text in seen {
            for secret in canaries + [Platform.secret] { #expect(!text.contains(secret), "\(secret) in \(text.prefix(2000))") }
        }
    }

    /// Every row of every table of ours.
    private func dump(_ database: String) throws -> String {
        try Connection(database).transaction { transaction in
            let tables = try transaction.query(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'charter' ORDER BY 1"
            ).map { try $0.text(0) }
            #expect(tables.count > 10)
            return try tables.map { table in
                try transaction.query("SELECT coalesce(string_agg(t::text, ' '), '') FROM \(table) t")[0].text(0)
            }.joined(separator: "\n")
        }
    }

    private func files(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).compactMap {
            FileManager.default.contents(atPath: folder + "/" + $0).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test func `what another organization has and what nobody has look alike`() throws {
        let foreign = "ck-globex"
        let platform = try Platform([
            "orgs/globex/all.yaml": """
            apiVersion: charter/v1
            kind: Organization
            metadata: { name: globex }
            spec: { displayName: Globex }
            ---
            apiVersion: charter/v1
            kind: Member
            metadata: { name: kim }
            spec: { email: kim@globex.test, roles: [developer] }
            ---
            apiVersion: charter/v1
            kind: APIKey
            metadata: { name: main }
            spec: { owner: kim, scopes: [all], secrets: [{ sha256: \(SHA256.digest(foreign).hex) }] }
            ---
            apiVersion: charter/v1
            kind: RoutingPolicy
            metadata: { name: merger-plans }
            spec: { strategy: priority, targets: [{ model: openai/gpt-4o }] }
            """
        ])
        let client = TestClient(port: platform.port)
        #expect(try client.chat("merger-plans", key: foreign).status == 200)
        let (theirs, nobodys) = ("merger-plans", "merger-plane")
        for (has, hasNot) in [
            (try client.chat(theirs), try client.chat(nobodys)),
            (try client.chat(theirs, stream: true), try client.chat(nobodys, stream: true)),
            (try client.get("/v1/models/" + theirs), try client.get("/v1/models/" + nobodys)),
        ] {
            #expect(has.status == 404)
            #expect(has.status == hasNot.status)
            #expect(Self.comparable(has) == Self.comparable(hasNot))
        }
        #expect(try !client.get("/v1/models").text.contains(theirs))
    }

    /// Without the name that was asked for, and what names one request among others.
    private static func comparable(_ answer: TestClient.Answer) -> String {
        let text = answer.text.replacing("merger-plans", with: "*").replacing("merger-plane", with: "*")
        let changing = ["date", "x-request-id", "x-charter-decision", "x-charter-overhead-ms"]
        var known = text.replacing(/"(decision|request_id)":"[^"]*"/, with: "")
        for (name, value) in answer.headers.filter({ !changing.contains($0.key) && !$0.key.hasPrefix("x-ratelimit-") }).sorted(by: { $0.key < $1.key }) {
            known += "\n\(name): \(value)"
        }
        return known
    }
}

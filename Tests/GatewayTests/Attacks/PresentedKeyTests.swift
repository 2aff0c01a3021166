import Crypto
import Foundation
import HTTP
import Policy
import Spec
import Store
import TestKit
import Testing

@testable import Gateway

/// The ways in which a key is shown, and what who has none is told.
@Suite struct PresentedKeyTests {
    private static let chat = #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"hi"}]}"#
    private static let secret = Platform.secret

    private func ask(_ client: TestClient, _ headers: [String: String]) throws -> TestClient.Answer {
        try client.send("POST", "/v1/chat/completions", body: Self.chat, key: nil, headers: headers)
    }

    @Test func `a key opens by every header that clients use, alone and beside its equal`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let shown: [[String: String]] = [
            ["Authorization": "Bearer \(Self.secret)"], ["Authorization": "bearer \(Self.secret)"], ["Authorization": "BEARER  \(Self.secret) "],
            ["Authorization": "Bearer\t\(Self.secret)"], ["Authorization": "Bearer \t \(Self.secret)"], ["X-API-Key": Self.secret],
            ["api-key": Self.secret], ["x-goog-api-key": Self.secret], ["X-Goog-Api-Key": Self.secret, "api-key": Self.secret],
            ["Authorization": "Bearer \(Self.secret)", "X-API-Key": Self.secret, "api-key": Self.secret, "x-goog-api-key": Self.secret],
            ["Authorization": "Bearer \(Self.secret)", "X-API-Key": ""],
        ]
        for headers in shown { #expect(try ask(client, headers).status == 200, "\(headers)") }
    }

    @Test func `two different keys are told apart by no guess`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let names = ["Authorization", "X-API-Key", "api-key", "x-goog-api-key"]
        for (first, second) in names.flatMap({ one in names.filter { $0 != one }.map { (one, $0) } }) {
            func value(_ name: String, _ key: String) -> String { name == "Authorization" ? "Bearer \(key)" : key }
            let answer = try ask(client, [first: value(first, Self.secret), second: value(second, "ck-other")])
            #expect(answer.status == 400 && answer.json("error", "code") == "conflicting_credentials", "\(first) \(second)")
        }
    }

    @Test(arguments: ["Authorization: Bearer", "X-API-Key:", "api-key:", "x-goog-api-key:"]) func `a header that is sent twice is refused`(
        header: String
    ) throws {
        let platform = try Platform()
        let connection = try TestConnection(port: platform.port)
        let line = "\(header) \(Self.secret)\r\n"
        try connection.send("POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\(line)\(line)Content-Length: 2\r\n\r\n{}")
        #expect(try connection.readAnswer().status == 400)
    }

    @Test func `an application's key opens with the application's id, and with no other's`() throws {
        let platform = try Platform([
            "orgs/acme/project.yaml": "apiVersion: charter/v1\nkind: Project\nmetadata: { name: shop }\nspec: { displayName: Shop }\n",
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  project: shop\n"),
        ])
        let uids = try Connection(platform.database).transaction { transaction in
            try transaction.query("SELECT uid::text FROM charter.resource WHERE kind IN ('APIKey', 'Project')").map { try $0.text(0) }
        }
        #expect(uids.count == 2)
        let client = TestClient(port: platform.port)
        let unknown = try client.chat(key: "ck-unknown")
        for uid in uids {
            #expect(try client.chat(key: "app_\(uid):\(Self.secret)").status == 200)
            #expect(try client.chat(key: "app_\(uid.uppercased()):\(Self.secret)").status == 200)
            #expect(try client.chat(key: "app_\(uid):ck-unknown").status == 401)
        }
        for name in [UUID().uuidString, "", "main", "shop", uids[0] + ":"] {
            let answer = try client.chat(key: "app_\(name):\(Self.secret)")
            #expect(answer.status == 401 && answer.json("error", "message") == unknown.json("error", "message"), "\(name)")
        }
    }

    /// An unknown id, a bad checksum, a revoked key, one that is not valid yet, one that has expired, another's application.
    @Test func `whoever has no key is told so in one shape`() throws {
        let minted = "sk_0000abcd_" + String(repeating: "Z", count: 43) + "000000"
        let now = Date()
        let past = Instant(milliseconds: Int64(now.timeIntervalSince1970 - 3600) * 1000).rfc3339
        let future = Instant(milliseconds: Int64(now.timeIntervalSince1970 + 86400) * 1000).rfc3339
        func key(_ name: String, _ secret: String, _ window: String) -> String {
            """
            ---
            apiVersion: charter/v1
            kind: APIKey
            metadata: { name: \(name) }
            spec: { owner: sam, scopes: [all], secrets: [{ sha256: \(SHA256.digest(secret).hex)\(window) }] }

            """
        }
        let platform = try Platform([
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "") + "\n" + key("ended", "ck-ended", ", until: \"\(past)\"")
                + key("coming", "ck-coming", ", from: \"\(future)\"") + key("revoked", "ck-revoked", "")
        ])
        let client = TestClient(port: platform.port)
        #expect(try client.chat(key: "ck-revoked").status == 200)
        try platform.apply([
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "") + "\n" + key("ended", "ck-ended", ", until: \"\(past)\"")
                + key("coming", "ck-coming", ", from: \"\(future)\"")
        ])
        let answers = try ["ck-unknown", minted, "ck-revoked", "ck-ended", "ck-coming", "app_\(UUID().uuidString):\(Self.secret)"].map {
            try client.chat(key: $0)
        }
        for answer in answers {
            #expect(answer.status == 401 && answer.json("error", "code") == "invalid_api_key", "\(answer.text)")
            #expect(answer.json("error", "type") == "invalid_request_error" && answer.json("error", "param") == "null")
            #expect(answer.headers["www-authenticate"] != nil && answer.headers["x-should-retry"] == "false")
            #expect(answer.headers.keys.sorted() == answers[0].headers.keys.sorted())
        }
        #expect(Set(answers.map { $0.json("error", "charter", "code") ?? "" }) == ["invalid_api_key", "key_expired"])
        #expect(Set([0, 1, 2, 5].map { answers[$0].json("error", "message") ?? "" }).count == 1)
    }

    @Test func `while secrets overlap both open, and each alone before and after`() throws {
        let old = "ck-old", new = "ck-new"
        func key(_ secrets: [String]) -> [String: String] {
            let list = secrets.map { "{ sha256: \(SHA256.digest($0).hex) }" }.joined(separator: ", ")
            return [StandardConfiguration.keyPath: StandardConfiguration.key(spec: "").replacing("[{ sha256: \(Platform.digest) }]", with: "[\(list)]")]
        }
        let platform = try Platform(key([old]))
        let client = TestClient(port: platform.port)
        func opens() throws -> [Bool] { try [old, new].map { try client.chat(key: $0).status == 200 } }
        #expect(try opens() == [true, false])
        try platform.apply(key([old, new]))
        #expect(try opens() == [true, true])
        try platform.apply(key([new]))
        #expect(try opens() == [false, true])
    }

    @Test func `a key that was unknown a moment ago opens as soon as it is declared`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        for _ in 0..<200 { #expect(try client.chat(key: "ck-fresh").status == 401) }
        try platform.apply([
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "").replacing(Platform.digest, with: SHA256.digest("ck-fresh").hex)
        ])
        #expect(try client.chat(key: "ck-fresh").status == 200)
    }

    @Test func `who guesses keys is slowed down, and who has one is not, from the same address`() throws {
        let platform = try Platform(configure: { $0.unknownKeysMax = 20 })
        let client = TestClient(port: platform.port)
        var statuses: [Int: Int] = [:]
        var last: TestClient.Answer?
        for number in 0..<100 {
            let answer = try number % 2 == 0 ? client.chat(key: "ck-guess-\(number)") : client.get("/v1/models", key: "ck-guess-\(number)")
            statuses[answer.status, default: 0] += 1
            last = answer
            #expect(try client.chat().status == 200)
        }
        #expect(statuses.keys.sorted() == [401, 429] && statuses[401] ?? 0 >= 20, "\(statuses)")
        #expect(last?.json("error", "code") == "too_many_unknown_keys" && last?.headers["x-should-retry"] == "false")
        #expect(last?.headers["retry-after"] == nil)
    }

    @Test func `the pace of unknown keys is kept for each address, and what is remembered is bounded`() {
        var pace = UnknownKeyPace(burst: 20)
        func admits(_ client: ClientAddress, at now: Int64) -> Bool { pace.admits(client, now: now) }
        let first = ClientAddress(high: 0x2001_0db8_0000_0001, low: 1, isIPv4: false)
        let neighbour = ClientAddress(high: 0x2001_0db8_0000_0001, low: 2, isIPv4: false)
        let other = ClientAddress(high: 0x2001_0db8_0000_0002, low: 1, isIPv4: false)
        for _ in 0..<20 { #expect(admits(first, at: 1_000_000)) }
        #expect(!admits(first, at: 1_000_000) && !admits(neighbour, at: 1_000_000))
        #expect(admits(other, at: 1_000_000))
        #expect(admits(first, at: 1_000_000 + UnknownKeyPace.interval))
        #expect(!admits(first, at: 1_000_000 + UnknownKeyPace.interval))
        for number in 0..<UInt64(3 * UnknownKeyPace.addressesMax) {
            #expect(admits(ClientAddress(high: 0, low: number << 8 | 0x0a00_0000_00, isIPv4: true), at: 1_000_000))
        }
    }

    @Test func `no core is written of the gateway`() throws {
        let platform = try Platform(gateway: false)
        let program = try GatewayProgram(platform)
        try program.awaitReady()
        let process = "/proc/\(program.process.pid)/"
        let limit = try String(contentsOfFile: process + "limits", encoding: .utf8).split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        #expect(limit?.split(separator: " ").filter { $0 == "0" }.count == 2, "\(limit ?? "")")
        #expect(try String(contentsOfFile: process + "coredump_filter", encoding: .utf8).allSatisfy { $0 == "0" || $0 == "\n" })
    }
}

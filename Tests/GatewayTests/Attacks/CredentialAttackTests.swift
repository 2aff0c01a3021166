import Crypto
import Foundation
import Gateway
import Store
import TestKit
import Testing

/// What was shown to other gateways in place of a key.
@Suite struct CredentialAttackTests {
    private static let chat = #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"hi"}]}"#

    private func status(_ client: TestClient, _ headers: [String: String]) throws -> Int {
        try client.send("POST", "/v1/chat/completions", body: Self.chat, key: nil, headers: headers).status
    }

    @Test func `SQL strings as key, model, org and header are texts and nothing more`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "")])
        let client = TestClient(port: platform.port)
        func tables() throws -> [String] {
            try Connection(platform.database).transaction { transaction in
                try transaction.query(
                    "SELECT table_name::text || '.' || column_name::text FROM information_schema.columns WHERE table_schema = 'charter' AND table_name !~ '^usage_2' ORDER BY 1"
                ).map { try $0.text(0) }
            }
        }
        let before = try tables()
        let texts = StatementTexts.all
        #expect(texts.count >= 500)
        let answers = try inParallel(4) { part in
            var wrong: [String] = []
            for (index, text) in texts.enumerated() where index % 4 == part {
                let written = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                let asked = [
                    (401, try client.send("POST", "/v1/chat/completions", body: Self.chat, key: text)),
                    (401, try client.send("POST", "/v1/chat/completions", body: Self.chat, key: nil, headers: ["X-API-Key": text])),
                    (404, try client.chat(written)),
                    (200, try client.chat(more: #","user":"\#(written)""#, headers: [
                        "X-Request-ID": text, "X-Org": text, "OpenAI-Organization": text, "OpenAI-Project": text, "User-Agent": text,
                    ])),
                ]
                for (expected, answer) in asked where answer.status != expected { wrong.append("\(text): \(answer.status) \(answer.text)") }
            }
            return wrong
        }
        #expect(answers.flatMap(\.self) == [])
        let rows = try platform.ledger(rows: texts.count)
        #expect(rows.count == texts.count && rows.allSatisfy { $0.status == 200 && $0.model == "openai/gpt-4o" })
        #expect(try tables() == before)
        #expect(try platform.detail(containing: "served"))
    }

    @Test func `the stored hash is no key`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let digest = SHA256.digest(Platform.secret)
        let bytes = [digest.lanes.0, digest.lanes.1, digest.lanes.2, digest.lanes.3].flatMap { lane in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: lane >> UInt64($0)) }
        }
        let base64 = Data(bytes).base64EncodedString()
        for shown in [digest.hex, digest.hex.uppercased(), "sha256:\(digest.hex)", "SHA256:\(base64)", base64] {
            #expect(try client.chat(key: shown).status == 401, "\(shown)")
            #expect(try status(client, ["X-API-Key": shown]) == 401, "\(shown)")
            #expect(try status(client, ["api-key": shown]) == 401, "\(shown)")
        }
        #expect(try client.chat().status == 200)
    }

    /// Keys that share all but their last character, of which one may use a model that the other may not.
    @Test func `two keys that share twenty characters, or all but one, are never taken for each other`() throws {
        let stem = "ck-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        func key(_ name: String, _ last: String, _ spec: String) -> String {
            """
            apiVersion: charter/v1
            kind: APIKey
            metadata: { name: \(name) }
            spec: { owner: sam, scopes: [all], secrets: [{ sha256: \(SHA256.digest(stem + last).hex) }], \(spec) }

            """
        }
        let platform = try Platform([
            StandardConfiguration.keyPath: key("first", "1", "models: { allow: [openai/gpt-4o] }") + "---\n"
                + key("second", "2", "models: { deny: [openai/gpt-4o] }")
        ])
        let client = TestClient(port: platform.port)
        for _ in 0..<3 {
            #expect(try client.chat(key: stem + "1").status == 200)
            #expect(try client.chat(key: stem + "2").json("error", "code") == "model_not_allowed")
        }
        for count in 20...stem.count {
            let start = String(stem.prefix(count))
            for other in [start, start + "?", start + String(repeating: "1", count: stem.count + 1 - count)] where other != stem + "1" {
                #expect(try client.chat(key: other).status == 401, "\(other)")
            }
        }
        for other in [stem + "11", stem + "1\u{7f}", stem.uppercased() + "1", stem.lowercased() + "1"] {
            #expect([400, 401].contains(try client.chat(key: other).status), "\(other)")
        }
    }

    @Test func `a key in a form that none was given is refused like any other`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let unknown = try client.chat(key: "ck-unknown")
        for shown in [
            "nothing", "undefined", "Bearer nothing", "*", "Basic YWRtaW46YWRtaW4=", "ck-mai", "ck-mainn", "CK-MAIN", "ck-main,ck-main",
            "ck-main;", "\"ck-main\"", "ck-mäin", "ck-main\tck-main", String(repeating: "k", count: 6000), "eyJhbGciOiJub25lIn0.e30.",
        ] {
            let answer = try client.chat(key: shown)
            #expect(answer.status == 401, "\(shown)")
            #expect(answer.json("error", "code") == "invalid_api_key" && answer.json("error", "message") == unknown.json("error", "message"))
            #expect(!answer.text.contains(shown), "\(answer.text)")
        }
        #expect(try client.chat(key: String(repeating: "k", count: 10_000)).status == 431)
        #expect(try client.chat(key: "ck-main\0").status == 400)
    }
}

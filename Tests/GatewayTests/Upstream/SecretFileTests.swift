import Foundation
import Gateway
import HTTP
import TestKit
import Testing

/// Secrets of providers in files, which others change while the gateway runs.
@Suite struct SecretFileTests {
    private func authorization(_ provider: ScriptedProvider) -> String? { provider.seen.last?.headers["authorization"] }

    @Test func `a rotated secret is sent without a commit, also where a link leads to another file`() throws {
        let secrets = try TemporaryDirectory()
        let file = try secrets.write("first-secret", to: "one")
        let link = secrets.path + "/linked"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        let provider = try ScriptedProvider { exchange, _, _ in exchange.answerChat() }
        let platform = try Platform(beside: {
            StandardConfiguration.providers(provider.port, $0, spec: "  credential: { file: \(link) }\n")
        })
        let client = TestClient(port: platform.port)
        func becomes(_ secret: String) throws {
            try eventually(within: .seconds(10), "\(secret) is sent") {
                let status = try client.chat().status
                return status == 200 && authorization(provider) == "Bearer \(secret)"
            }
        }
        try becomes("first-secret")
        _ = try secrets.write("second-secret", to: "one")
        try becomes("second-secret")
        // As Kubernetes changes a mounted secret: the link is renamed over.
        let other = try secrets.write("third-secret", to: "two")
        try FileManager.default.createSymbolicLink(atPath: link + ".new", withDestinationPath: other)
        #expect(rename(link + ".new", link) == 0)
        try becomes("third-secret")
        #expect(platform.log.contains("a file of a provider has changed") && !platform.log.contains("third-secret"))
        #expect(try client.get("/readyz").json("revision") == "1")
    }

    @Test func `a provider whose secret is taken away is called no more, and again when it is back`() throws {
        let secrets = try TemporaryDirectory()
        let file = try secrets.write("first-secret", to: "one")
        let provider = try ScriptedProvider { exchange, _, _ in exchange.answerChat() }
        let platform = try Platform(beside: {
            StandardConfiguration.providers(provider.port, $0, spec: "  headers: { x-key: { file: \(file) } }\n")
        })
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200 && provider.seen.last?.headers["x-key"] == "first-secret")
        try FileManager.default.removeItem(atPath: file)
        try eventually(within: .seconds(10), "the provider is left out") { try client.chat().status == 503 }
        #expect(try client.get("/readyz").text.contains("cannot be read"))
        _ = try secrets.write("second-secret", to: "one")
        try eventually(within: .seconds(10), "the provider is back") { try client.chat().status == 200 }
        #expect(provider.seen.last?.headers["x-key"] == "second-secret")
    }
}

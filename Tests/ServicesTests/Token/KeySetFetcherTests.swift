import Crypto
import Dispatch
import HTTP
import Synchronization
import TestKit
import Testing

@testable import Services

/// Issuers on the network, as `openssl s_server` serves their files by TLS.
struct KeySetFetcherTests {
    /// What an issuer serves, until the value goes.
    private final class IssuerServer {
        let url: String
        let authority: String
        private let folder: TemporaryDirectory
        private let process: Subprocess

        /// The discovery document is `discovery` with the issuer's URL in place of `ISSUER`.
        init(discovery: String) throws {
            folder = try TemporaryDirectory()
            let port = try freePort()
            url = "https://localhost:\(port)"
            authority = folder.path + "/certificate.pem"
            try folder.write(discovery.split(separator: "ISSUER", omittingEmptySubsequences: false).joined(separator: url), to: ".well-known/openid-configuration")
            try folder.write(#"{"keys":[\#(try TokenKey(.ec("P-256")).jwk(#""kid":"a""#))]}"#, to: "keys")
            try SelfSignedCertificate(in: folder).make("localhost")
            process = try Subprocess(
                ["openssl", "s_server", "-accept", "\(port)", "-cert", "certificate.pem", "-key", "key.pem", "-WWW", "-quiet"], directory: folder.path)
        }
    }

    private static func fetch(_ server: IssuerServer, by fetcher: KeySetFetcher) throws -> Result<KeySet, TokenProblem> {
        let answer = Mutex<Result<KeySet, TokenProblem>?>(nil)
        let group = DispatchGroup()
        group.enter()
        fetcher.fetch(server.url) { result in
            answer.withLock { $0 = result }
            group.leave()
        }
        #expect(group.wait(timeout: .now() + .seconds(60)) == .success)
        return try #require(answer.withLock { $0 })
    }

    private static func fetcher(_ server: IssuerServer) throws -> KeySetFetcher {
        try KeySetFetcher(tls: ClientTLS(trust: .authorities(file: server.authority))) { _ in true }
    }

    @Test func `an issuer's keys are found by its discovery`() throws {
        let server = try IssuerServer(discovery: #"{"issuer":"ISSUER","jwks_uri":"ISSUER/keys"}"#)
        let fetcher = try Self.fetcher(server)
        // The server begins to listen some time after it was started.
        try eventually(within: .seconds(60), "the keys are there") { try Self.fetch(server, by: fetcher).get().has("a") }
    }

    @Test(arguments: [
        #"{"issuer":"https://evil.example","jwks_uri":"ISSUER/keys"}"#, #"{"issuer":"ISSUER/","jwks_uri":"ISSUER/keys"}"#,
        #"{"jwks_uri":"ISSUER/keys"}"#,
    ]) func `what answers as another issuer gives no keys`(discovery: String) throws {
        let server = try IssuerServer(discovery: discovery)
        let fetcher = try Self.fetcher(server)
        try eventually(within: .seconds(60), "it is found to be another") {
            guard case .failure(let problem) = try Self.fetch(server, by: fetcher) else { return false }
            return problem.description == "what answers says to be another issuer"
        }
    }

    @Test func `keys are asked for by TLS alone`() throws {
        let server = try IssuerServer(discovery: #"{"issuer":"ISSUER","jwks_uri":"http://localhost/keys"}"#)
        let fetcher = try Self.fetcher(server)
        try eventually(within: .seconds(60), "the address is refused") {
            guard case .failure(let problem) = try Self.fetch(server, by: fetcher) else { return false }
            return problem.description == "its `jwks_uri` is no https URL"
        }
    }

    @Test func `no issuer is on this machine, and none is believed without its certificate`() throws {
        let server = try IssuerServer(discovery: #"{"issuer":"ISSUER","jwks_uri":"ISSUER/keys"}"#)
        let careful = try KeySetFetcher(tls: ClientTLS(trust: .authorities(file: server.authority)))
        guard case .failure(let refused) = try Self.fetch(server, by: careful) else {
            Issue.record("an address of this machine was asked")
            return
        }
        #expect(refused.description.contains("addressRefused"))
        let trusting = try KeySetFetcher { _ in true }
        try eventually(within: .seconds(60), "the certificate is refused") {
            guard case .failure(let problem) = try Self.fetch(server, by: trusting) else { return false }
            return problem.description.contains("tls")
        }
    }
}

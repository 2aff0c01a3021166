import Crypto
import HTTP
import TestKit
import Testing

/// The client's side of TLS, against OpenSSL's own server where that can do more than ours.
@Suite struct ClientTLSTests {
    /// `openssl s_server`, which answers any GET with a page about the connection.
    private final class OpenSSLServer: Sendable {
        let port: UInt16
        private let process: Subprocess

        init(_ identity: TestIdentity, _ options: [String] = []) throws {
            let process = try Subprocess(
                ["openssl", "s_server", "-accept", "0", "-cert", identity.certificate, "-key", identity.key, "-www"] + options)
            self.process = process
            try eventually(within: .seconds(20), "s_server listens: \(process.errors)") { process.output.contains("ACCEPT ") }
            let line = process.output.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") } ?? ""
            port = try #require(line.split(separator: ":").last.flatMap { UInt16($0) })
        }

        deinit { process.kill(9) }
    }

    private func request(_ port: UInt16, host: String = "localhost") -> OutboundRequest {
        OutboundRequest(method: .get, origin: Origin(scheme: .https, host: host, port: port), target: "/")
    }

    private func failure(_ outcome: Outcome) -> String {
        if case .tls(let reason) = outcome.failure { reason } else { "\(String(describing: outcome.failure))" }
    }

    @Test func `shows its certificate to a server that asks`() async throws {
        let identity = try TestIdentity.local.get()
        let server = try OpenSSLServer(identity, ["-CAfile", identity.authority, "-Verify", "1", "-verify_return_error"])
        let known = try TestClient(tls: ClientTLS(trust: .authorities(file: identity.authority), identity: identity.files))
        let outcome = try await known.send(request(server.port))
        #expect(outcome.status == 200, "\(failure(outcome))")
        let unknown = try TestClient(trust: .authorities(file: identity.authority))
        // With TLS 1.3 the refusal comes after the client is done with its part of the handshake.
        #expect(try await unknown.send(request(server.port)).failure != nil)
    }

    @Test func `looks for the declared name, and asks for it`() async throws {
        let identity = try TestIdentity.foreign.get()
        let server = try OpenSSLServer(identity, ["-servername", "elsewhere.test", "-servername_fatal", "-cert2", identity.certificate, "-key2", identity.key])
        let trust = TLSTrust.authorities(file: identity.authority)
        #expect(try await TestClient(tls: ClientTLS(trust: trust, serverName: "elsewhere.test")).send(request(server.port)).status == 200)
        #expect(try await TestClient(tls: ClientTLS(trust: trust)).send(request(server.port)).failure != nil)
    }

    @Test func `refuses a certificate that has expired`() async throws {
        let identity = try TestIdentity.expired.get()
        let server = try OpenSSLServer(identity)
        let outcome = try await TestClient(trust: .authorities(file: identity.authority)).send(request(server.port))
        #expect(failure(outcome).contains("certificate has expired"))
    }

    @Test func `refuses a certificate that nobody else signed`() async throws {
        let identity = try TestIdentity.selfSigned.get()
        let server = try OpenSSLServer(identity)
        #expect(failure(try await TestClient().send(request(server.port))).contains("self-signed certificate"))
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `resumes a session over its next connection`(_ version: String) async throws {
        let identity = try TestIdentity.local.get()
        let server = try OpenSSLServer(identity, [version])
        let client = try TestClient(trust: .authorities(file: identity.authority))
        // The page ends with the connection, which is therefore not kept.
        var texts: [String] = []
        for _ in 0..<3 { texts.append(try await client.send(request(server.port)).text) }
        #expect(texts[0].contains("New, TLS"), "\(texts[0])")
        #expect(texts[1...].allSatisfy { $0.contains("Reused, TLS") }, "\(texts[1])")
    }

    @Test func `says which file cannot be read`() async throws {
        let server = try RawServer { peer, _ in _ = peer.waitForEnd() }
        let authorities = try await TestClient(trust: .authorities(file: "/nowhere/ca.pem")).send(request(server.port))
        #expect(failure(authorities).hasPrefix("/nowhere/ca.pem: "))
        let files = TLSIdentityFiles(certificate: "/nowhere/c.pem", key: "/nowhere/k.pem")
        let identity = try await TestClient(tls: ClientTLS(identity: files)).send(request(server.port))
        #expect(failure(identity).hasPrefix("/nowhere/c.pem: "))
    }
}

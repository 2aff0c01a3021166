import Crypto
import HTTP
import Policy
import TestKit
import Testing

@testable import Services

/// Where calls come from, and what they come by.
struct AdminNetworkTests {
    private static func settings(_ change: (inout AdminSettings) -> Void) -> AdminSettings {
        var settings = AdminSettings(database: "")
        settings.listen = "10.0.0.5:9470"
        change(&settings)
        return settings
    }

    private static func address(_ text: String) throws -> NetworkAddress { try #require(NetworkAddress(literal: text, port: 4711)) }

    /// As the networks of keys are judged; nil where a key with networks is refused.
    private static func proven(_ settings: AdminSettings, _ peer: String, _ headers: Headers = [:]) throws -> ClientAddress? {
        settings.proven(settings.client(of: try address(peer), headers))
    }

    @Test func `behind a proxy that nobody names, no network is proven`() throws {
        let plain = Self.settings { $0.allowsPlainNetwork = true }
        #expect(try Self.proven(plain, "10.0.0.9", ["x-forwarded-for": "192.0.2.1"]) == nil)
        let loopback = Self.settings { $0.listen = "127.0.0.1:9470" }
        #expect(try Self.proven(loopback, "127.0.0.1") == ClientAddress(bytes: [127, 0, 0, 1]))
        let secured = Self.settings { ($0.allowsPlainNetwork, $0.certificate) = (true, TLSIdentityFiles(certificate: "c", key: "k")) }
        #expect(try Self.proven(secured, "10.0.0.9", ["x-forwarded-for": "192.0.2.1"]) == ClientAddress(bytes: [10, 0, 0, 9]))
    }

    @Test func `a proxy that is named says where a call comes from, and nobody else does`() throws {
        let settings = Self.settings {
            ($0.allowsPlainNetwork, $0.forwarded.proxies) = (true, [NetworkPrefix("10.0.0.0/24")!])
        }
        #expect(try Self.proven(settings, "10.0.0.9", ["x-forwarded-for": "203.0.113.7, 192.0.2.1"]) == ClientAddress(bytes: [192, 0, 2, 1]))
        #expect(try Self.proven(settings, "198.51.100.1", ["x-forwarded-for": "192.0.2.1"]) == ClientAddress(bytes: [198, 51, 100, 1]))
        #expect(try Self.proven(settings, "10.0.0.9", ["x-forwarded-for": "unknown"]) == nil)
        // Not the field that was said to be read.
        #expect(try Self.proven(settings, "10.0.0.9", ["forwarded": "for=192.0.2.1"]) == ClientAddress(bytes: [10, 0, 0, 9]))
    }

    @Test func `a certificate that changes is shown without a restart, and one that cannot be used is not`() throws {
        let folder = try TemporaryDirectory()
        let certificate = SelfSignedCertificate(in: folder)
        try certificate.make("first.test")
        var settings = AdminSettings(database: "postgresql://127.0.0.1:1/none")
        (settings.listen, settings.certificate) = ("127.0.0.1:0", TLSIdentityFiles(certificate: certificate.path, key: certificate.key))
        let served = try AdminListener(settings) { _ in }
        defer { served.stop() }
        #expect(try Self.shown(served.port).contains("first.test"))
        _ = try folder.write("nothing", to: "certificate.pem")
        served.renewCertificate()
        #expect(try Self.shown(served.port).contains("first.test"))
        try certificate.make("second.test")
        // Also without being asked: it looks by itself.
        try eventually(within: .seconds(60), "the second is shown") { try Self.shown(served.port).contains("second.test") }
    }

    private static func shown(_ port: UInt16) throws -> String {
        try Subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:\(port)"], input: "").output
    }
}

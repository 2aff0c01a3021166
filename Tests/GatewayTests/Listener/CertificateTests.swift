import Crypto
import Foundation
import Gateway
import HTTP
import TestKit
import Testing

@Suite struct CertificateTests {
    private func shown(_ port: UInt16) throws -> String {
        let request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        return try Subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-ign_eof"], input: request).output
    }

    /// OpenSSL from 3.2 on writes a name's parts without spaces.
    private func shows(_ name: String, _ port: UInt16) throws -> Bool {
        let text = try shown(port)
        return text.contains("CN = \(name)\n") || text.contains("CN=\(name)\n")
    }

    private func service(_ folder: TemporaryDirectory) throws -> GatewayService {
        var options = GatewayOptions(
            database: "postgresql://127.0.0.1:\(try freePort())/none", listen: ListenAddress(host: "127.0.0.1", port: 0),
            state: folder.path + "/state", loops: 2)
        options.tls = TLSFiles(identities: [
            TLSIdentityFiles(certificate: SelfSignedCertificate(in: folder).path, key: SelfSignedCertificate(in: folder).key)
        ])
        options.admin = ListenAddress(host: "127.0.0.1", port: 0)
        return try GatewayService(options, log: Log(descriptor: -1))
    }

    private func metrics(_ service: GatewayService) throws -> String {
        try TestClient(port: try #require(service.adminPort)).get("/metrics", key: nil).text
    }

    @Test func `changed certificates are taken, and ones that cannot be used are not`() throws {
        let folder = try TemporaryDirectory()
        try SelfSignedCertificate(in: folder).make("first.test")
        let service = try service(folder)
        defer { service.stop() }
        #expect(try shows("first.test", service.port))
        #expect(try shown(service.port).contains(#"{"status":"ok"}"#))

        try SelfSignedCertificate(in: folder).make("second.test")
        service.renewCertificates()
        for _ in 0..<4 { #expect(try shows("second.test", service.port)) }

        try "nothing of a certificate".write(toFile: folder.path + "/certificate.pem", atomically: true, encoding: .utf8)
        for _ in 0..<3 { service.renewCertificates() }
        #expect(try shows("second.test", service.port))
        let text = try metrics(service)
        #expect(text.contains("charter_tls_reloads_total{outcome=\"taken\"} 1\n"))
        #expect(text.contains("charter_tls_reloads_total{outcome=\"refused\"} 1\n"))
        #expect(text.contains("charter_connection_events_total{event=\"handshake\"} "))
        #expect(text.contains("charter_tls_certificate_not_after_seconds{file=\"\(folder.path)/certificate.pem\"} 1"))

        try SelfSignedCertificate(in: folder).make("third.test")
        service.renewCertificates()
        #expect(try shows("third.test", service.port))
    }

    @Test func `a certificate that has ended replaces none`() throws {
        let folder = try TemporaryDirectory()
        try SelfSignedCertificate(in: folder).make("first.test")
        let service = try service(folder)
        defer { service.stop() }
        try SelfSignedCertificate(in: folder).make("ended.test", span: ("20200101000000Z", "20200102000000Z"))
        service.renewCertificates(isAsked: true)
        #expect(try shows("first.test", service.port))
    }

    @Test func `does not start with a key of another certificate`() throws {
        let folder = try TemporaryDirectory()
        try SelfSignedCertificate(in: folder).make("first.test")
        let key = try String(contentsOfFile: folder.path + "/key.pem", encoding: .utf8)
        try SelfSignedCertificate(in: folder).make("second.test")
        try key.write(toFile: folder.path + "/key.pem", atomically: true, encoding: .utf8)
        #expect(throws: TLSError.self) { try service(folder) }
    }
}

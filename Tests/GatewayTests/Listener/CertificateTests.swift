import Crypto
import Foundation
import Gateway
import HTTP
import TestKit
import Testing

@Suite struct CertificateTests {
    /// A certificate for `name` that signs itself, at fixed paths; one that has ended years ago if so asked.
    private func write(_ name: String, in folder: TemporaryDirectory, hasEnded: Bool = false) throws {
        try openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
            "-keyout", folder.path + "/new.key", "-out", folder.path + "/request.pem",
        ])
        _ = try folder.write("subjectAltName=DNS:\(name)\n", to: "names")
        _ = try folder.write("", to: "index.txt")
        _ = try folder.write(
            """
            [ca]
            default_ca = own
            [own]
            database = \(folder.path)/index.txt
            new_certs_dir = \(folder.path)
            rand_serial = yes
            default_md = sha256
            policy = any
            [any]
            commonName = supplied
            """, to: "ca.conf")
        try openssl([
            "ca", "-batch", "-notext", "-selfsign", "-config", folder.path + "/ca.conf", "-keyfile", folder.path + "/new.key",
            "-in", folder.path + "/request.pem", "-extfile", folder.path + "/names", "-out", folder.path + "/new.pem",
        ] + (hasEnded ? ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"] : ["-days", "2"]))
        _ = try Subprocess.run(["mv", folder.path + "/new.key", folder.path + "/key.pem"])
        _ = try Subprocess.run(["mv", folder.path + "/new.pem", folder.path + "/certificate.pem"])
    }

    private func openssl(_ arguments: [String]) throws {
        let outcome = try Subprocess.run(["openssl"] + arguments)
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

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
            TLSIdentityFiles(certificate: folder.path + "/certificate.pem", key: folder.path + "/key.pem")
        ])
        options.admin = ListenAddress(host: "127.0.0.1", port: 0)
        return try GatewayService(options, log: Log(descriptor: -1))
    }

    private func metrics(_ service: GatewayService) throws -> String {
        try TestClient(port: try #require(service.adminPort)).get("/metrics", key: nil).text
    }

    @Test func `changed certificates are taken, and ones that cannot be used are not`() throws {
        let folder = try TemporaryDirectory()
        try write("first.test", in: folder)
        let service = try service(folder)
        defer { service.stop() }
        #expect(try shows("first.test", service.port))
        #expect(try shown(service.port).contains(#"{"status":"ok"}"#))

        try write("second.test", in: folder)
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

        try write("third.test", in: folder)
        service.renewCertificates()
        #expect(try shows("third.test", service.port))
    }

    @Test func `a certificate that has ended replaces none`() throws {
        let folder = try TemporaryDirectory()
        try write("first.test", in: folder)
        let service = try service(folder)
        defer { service.stop() }
        try write("ended.test", in: folder, hasEnded: true)
        service.renewCertificates(isAsked: true)
        #expect(try shows("first.test", service.port))
    }

    @Test func `does not start with a key of another certificate`() throws {
        let folder = try TemporaryDirectory()
        try write("first.test", in: folder)
        let key = try String(contentsOfFile: folder.path + "/key.pem", encoding: .utf8)
        try write("second.test", in: folder)
        try key.write(toFile: folder.path + "/key.pem", atomically: true, encoding: .utf8)
        #expect(throws: TLSError.self) { try service(folder) }
    }
}

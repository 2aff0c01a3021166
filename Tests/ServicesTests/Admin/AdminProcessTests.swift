import Glibc
import TestKit
import Testing

/// `charter serve-admin` as a process, and its certificate.
struct AdminProcessTests {
    private let certificate: SelfSignedCertificate

    init() throws { certificate = SelfSignedCertificate(in: try TemporaryDirectory()) }

    private func serve() throws -> (process: Subprocess, port: UInt16) {
        let process = try Subprocess(
            [
                Programs.charter, "serve-admin", "--listen", "127.0.0.1:0", "--tls-certificate", certificate.path, "--tls-key", certificate.key,
                "--database", "postgresql://127.0.0.1:\(try freePort())/none",
            ], environment: ["SWIFT_BACKTRACE": "enable=no"])
        var port: UInt16?
        try eventually(within: .seconds(60), "it serves: \(process.errors)") {
            port = process.errors.firstMatch(of: /ready on port ([0-9]+)\n/).flatMap { UInt16($0.1) }
            return port != nil
        }
        return (process, try #require(port))
    }

    private func shown(_ port: UInt16) throws -> String {
        try Subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:\(port)"], input: "").output
    }

    @Test func `SIGHUP has the certificate's files read, whatever they look like, and the new one shown`() throws {
        try certificate.make("first.test")
        let (process, port) = try serve()
        #expect(try shown(port).contains("first.test"))
        // Looked at without being asked, files that did not change are not taken again.
        process.kill(SIGHUP)
        try eventually(within: .seconds(60), "it was asked: \(process.errors)") { process.errors.contains("certificate taken") }
        try certificate.make("second.test")
        process.kill(SIGHUP)
        try eventually(within: .seconds(60), "the second is shown: \(process.errors)") { try shown(port).contains("second.test") }
        process.kill(SIGTERM)
        #expect(process.wait(within: .seconds(60)) == 0)
    }

    @Test func `a certificate that has ended, has not begun, or is another key's is told of, and the old one stays`() throws {
        try certificate.make("first.test")
        let (process, port) = try serve()
        for (begin, end, keepsKey, fault) in [
            ("20200101000000Z", "20200102000000Z", false, "has ended"), ("20980101000000Z", "20990101000000Z", false, "has not begun"),
            ("20200101000000Z", "20990101000000Z", true, "key values mismatch"),
        ] {
            try certificate.make("second.test", span: (begin, end), keepsKey: keepsKey)
            process.kill(SIGHUP)
            try eventually(within: .seconds(60), "it is told of: \(process.errors)") {
                process.errors.split(separator: "\n").contains { $0.contains("the old one stays") && $0.contains(fault) }
            }
            #expect(try shown(port).contains("first.test"), "\(fault)")
        }
        try certificate.make("third.test")
        try eventually(within: .seconds(60), "the third is shown: \(process.errors)") { try shown(port).contains("third.test") }
    }

    @Test func `one that begins with a certificate that has ended says so and serves`() throws {
        try certificate.make("first.test", span: ("20200101000000Z", "20200102000000Z"))
        let (process, port) = try serve()
        #expect(process.errors.contains("has ended"))
        #expect(try shown(port).contains("first.test"))
    }
}

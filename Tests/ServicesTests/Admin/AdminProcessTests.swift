import Foundation
import Glibc
import TestKit
import Testing

/// `charter serve-admin` as a process, and its certificate.
struct AdminProcessTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private var certificate: String { folder.path + "/certificate.pem" }
    private var key: String { folder.path + "/key.pem" }

    /// The built `charter`, next to the tests' own program.
    private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "charter").path

    private func serve() throws -> (process: Subprocess, port: UInt16) {
        let process = try Subprocess(
            [
                Self.program, "serve-admin", "--listen", "127.0.0.1:0", "--tls-certificate", certificate, "--tls-key", key,
                "--database", "postgresql://127.0.0.1:\(try freePort())/none",
            ], environment: ["SWIFT_BACKTRACE": "enable=no"])
        var port: UInt16?
        try eventually(within: .seconds(60), "it serves: \(process.errors)") {
            port = process.errors.firstMatch(of: /ready on port ([0-9]+)\n/).flatMap { UInt16($0.1) }
            return port != nil
        }
        return (process, try #require(port))
    }

    /// Makes a certificate and puts it, with its key, in the place of those there are.
    private func make(_ name: String, from begin: String = "20200101000000Z", to end: String = "20990101000000Z", keepsKey: Bool = false) throws {
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
        try run([
            "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
            "-keyout", folder.path + "/new.key", "-out", folder.path + "/request.pem",
        ])
        try run([
            "openssl", "ca", "-batch", "-notext", "-selfsign", "-config", folder.path + "/ca.conf", "-keyfile", folder.path + "/new.key",
            "-in", folder.path + "/request.pem", "-startdate", begin, "-enddate", end, "-out", folder.path + "/new.pem",
        ])
        if !keepsKey { try run(["mv", folder.path + "/new.key", key]) }
        try run(["mv", folder.path + "/new.pem", certificate])
    }

    private func run(_ command: [String]) throws {
        let outcome = try Subprocess.run(command)
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    private func shown(_ port: UInt16) throws -> String {
        try Subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:\(port)"], input: "").output
    }

    @Test func `SIGHUP has the certificate's files read, whatever they look like, and the new one shown`() throws {
        try make("first.test")
        let (process, port) = try serve()
        #expect(try shown(port).contains("first.test"))
        // Looked at without being asked, files that did not change are not taken again.
        process.kill(SIGHUP)
        try eventually(within: .seconds(60), "it was asked: \(process.errors)") { process.errors.contains("certificate taken") }
        try make("second.test")
        process.kill(SIGHUP)
        try eventually(within: .seconds(60), "the second is shown: \(process.errors)") { try shown(port).contains("second.test") }
        process.kill(SIGTERM)
        #expect(process.wait(within: .seconds(60)) == 0)
    }

    @Test func `a certificate that has ended, has not begun, or is another key's is told of, and the old one stays`() throws {
        try make("first.test")
        let (process, port) = try serve()
        for (begin, end, keepsKey, fault) in [
            ("20200101000000Z", "20200102000000Z", false, "has ended"), ("20980101000000Z", "20990101000000Z", false, "has not begun"),
            ("20200101000000Z", "20990101000000Z", true, "key values mismatch"),
        ] {
            try make("second.test", from: begin, to: end, keepsKey: keepsKey)
            process.kill(SIGHUP)
            try eventually(within: .seconds(60), "it is told of: \(process.errors)") {
                process.errors.split(separator: "\n").contains { $0.contains("the old one stays") && $0.contains(fault) }
            }
            #expect(try shown(port).contains("first.test"), "\(fault)")
        }
        try make("third.test")
        try eventually(within: .seconds(60), "the third is shown: \(process.errors)") { try shown(port).contains("third.test") }
    }

    @Test func `one that begins with a certificate that has ended says so and serves`() throws {
        try make("first.test", to: "20200102000000Z")
        let (process, port) = try serve()
        #expect(process.errors.contains("has ended"))
        #expect(try shown(port).contains("first.test"))
    }
}

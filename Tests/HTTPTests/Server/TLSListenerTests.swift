import Crypto
import HTTP
import TestKit
import Testing

/// What the TLS of a listener does with clients that are not ours: `openssl s_client`.
@Suite struct TLSListenerTests {
    private let local: TestIdentity
    private let foreign: TestIdentity
    private let server: TestServer

    init() throws {
        local = try TestIdentity.local.get()
        foreign = try TestIdentity.foreign.get()
        server = try Self.server(Self.material(local, foreign))
    }

    private static func material(_ identities: TestIdentity..., client: TestIdentity? = nil, demand: TLSClientDemand = .required) throws -> TLSServerMaterial {
        try TLSServerMaterial(
            reading: identities.map { TLSIdentityFiles(certificate: $0.certificate, key: $0.key) },
            clientAuthorities: client?.authority, clientDemand: demand)
    }

    private static func server(_ material: TLSServerMaterial) throws -> TestServer {
        try TestServer({
            var options = ServerOptions()
            options.tls = try .server(material)
            return options
        }) { exchange, _ in exchange.respond("hello") }
    }

    /// The answer and everything that `s_client` says of the connection.
    private func connect(_ server: TestServer, host: String = "localhost", _ more: [String]) throws -> Subprocess.Outcome {
        let request = "GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
        return try Subprocess.run(
            ["openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-ign_eof"] + more, input: request)
    }

    @Test func `shows each host its certificate, and the first one to who names none`() throws {
        let trust = { (identity: TestIdentity, host: String) in
            ["-CAfile", identity.authority, "-verify_return_error", "-verify_hostname", host]
        }
        #expect(try connect(server, ["-servername", "localhost"] + trust(local, "localhost")).output.contains("hello"))
        #expect(try connect(server, host: "elsewhere.test", ["-servername", "elsewhere.test"] + trust(foreign, "elsewhere.test")).output.contains("hello"))
        #expect(try connect(server, ["-noservername"] + trust(local, "localhost")).output.contains("hello"))
        #expect(try connect(server, ["-servername", "unheard.test"] + trust(local, "localhost")).output.contains("Verification: OK"))
    }

    @Test func `answers 421 to a request for a host that the certificate shown is not for`() throws {
        let answer = try connect(server, host: "elsewhere.test", ["-servername", "localhost"]).output
        #expect(answer.contains("HTTP/1.1 421 Misdirected Request"))
        #expect(answer.contains("The request is for another host than the connection."))
        #expect(!answer.contains("hello"))
        #expect(try connect(server, host: "LOCALHOST:8443", ["-servername", "localhost"]).output.contains("hello"))
        #expect(try connect(server, host: "127.0.0.1", ["-servername", "localhost"]).output.contains("hello"))
    }

    @Test(arguments: [["-tls1_1"], ["-tls1"], ["-tls1_2", "-cipher", "AES128-SHA@SECLEVEL=0"], ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256@SECLEVEL=0"], ["-alpn", "h2"]])
    func `refuses what is weak, and protocols that it does not speak`(_ arguments: [String]) throws {
        let weak = arguments.contains("-cipher") || arguments.contains("-alpn") ? [] : ["-cipher", "DEFAULT@SECLEVEL=0"]
        let outcome = try connect(server, arguments + weak)
        #expect(!outcome.output.contains("hello"))
        #expect(outcome.errors.contains("alert"), "\(outcome.errors)")
    }

    @Test(arguments: [["-tls1_2"], ["-tls1_3"]])
    func `speaks HTTP 1.1 over both versions`(_ version: [String]) throws {
        let outcome = try connect(server, version + ["-alpn", "h2,http/1.1"])
        #expect(outcome.output.contains("hello"))
        #expect(outcome.output.contains("ALPN protocol: http/1.1"))
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `takes up a session that another loop began, and none of other keys`(_ version: String) throws {
        let material = try Self.material(local)
        let (first, second) = (try Self.server(material), try Self.server(material))
        let folder = try TemporaryDirectory()
        let session = folder.path + "/session"
        #expect(try connect(first, [version, "-sess_out", session]).output.contains("New, TLSv1"))
        #expect(try connect(second, [version, "-sess_in", session]).output.contains("Reused, TLSv1"))
        let stranger = try Self.server(material.with(TLSTicketKeys()))
        let outcome = try connect(stranger, [version, "-sess_in", session])
        #expect(outcome.output.contains("New, TLSv1"))
        #expect(outcome.output.contains("hello"))
    }

    @Test func `refuses to negotiate anew`() throws {
        let outcome = try Subprocess.run(
            ["openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-tls1_2"], input: "R\n")
        #expect(outcome.errors.contains("no renegotiation") || outcome.output.contains("no renegotiation"), "\(outcome)")
    }

    @Test func `asks clients for certificates where it is told to`() throws {
        let client = try TestIdentity.client.get()
        let show = ["-cert", client.certificate, "-key", client.key]
        let foreignShow = ["-cert", foreign.certificate, "-key", foreign.key]
        for demand in [TLSClientDemand.required, .optional] {
            let server = try Self.server(Self.material(local, client: client, demand: demand))
            #expect(try connect(server, show).output.contains("hello"))
            #expect(try !connect(server, foreignShow).output.contains("hello"))
            #expect(try connect(server, []).output.contains("hello") == (demand == .optional))
        }
    }

    @Test func `takes no key of another certificate, no key with a passphrase and no empty file`() throws {
        let folder = try TemporaryDirectory()
        let empty = try folder.write("", to: "empty.pem")
        let locked = folder.path + "/locked.pem"
        _ = try Subprocess.run(["openssl", "ec", "-in", local.key, "-aes128", "-passout", "pass:secret", "-out", locked])
        for (certificate, key) in [(local.certificate, foreign.key), (empty, local.key), (local.certificate, empty), (local.certificate, locked)] {
            #expect(throws: TLSError.self) { try TLSContext.server(certificate: certificate, key: key) }
        }
        #expect(throws: TLSError.self) { try TLSContext.server(certificate: folder.path + "/none", key: local.key) }
    }
}

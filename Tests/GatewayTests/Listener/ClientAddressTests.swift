import Gateway
import HTTP
import TestKit
import Testing

@Suite struct ClientAddressTests {
    private static let restricted = StandardConfiguration.key(spec: "  networks: [192.0.2.0/24]\n")

    private func gateway(_ more: [String]) throws -> (Platform, GatewayProgram) {
        let platform = try Platform([StandardConfiguration.keyPath: Self.restricted], gateway: false)
        let gateway = try GatewayProgram(platform, more)
        try gateway.awaitReady()
        return (platform, gateway)
    }

    @Test func `the networks of a key are those of the client behind a trusted proxy`() throws {
        let (platform, gateway) = try gateway(["--trusted-proxies", "127.0.0.0/8,10.0.0.0/8"])
        defer { withExtendedLifetime(platform) {} }
        func status(_ value: String?) throws -> Int {
            try gateway.client.chat(headers: value.map { ["X-Forwarded-For": $0] } ?? [:]).status
        }
        #expect(try status("192.0.2.7") == 200)
        #expect(try status("203.0.113.9, 192.0.2.7, 10.1.1.1") == 200)
        #expect(try status("192.0.2.7, 203.0.113.9") == 403)
        #expect(try status("unknown") == 403)
        #expect(try status(nil) == 403)
    }

    @Test func `nobody is believed who is not trusted`() throws {
        let (platform, gateway) = try gateway(["--trusted-proxies", "10.0.0.0/8"])
        defer { withExtendedLifetime(platform) {} }
        #expect(try gateway.client.chat(headers: ["X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.7"]).status == 403)
    }

    @Test func `a PROXY header says who asks`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: Self.restricted], gateway: false)
        let gateway = try GatewayProgram(platform, ["--trusted-proxies", "127.0.0.1", "--proxy-protocol"])
        func status(_ address: String, _ line: String = "POST /v1/chat/completions") throws -> Int {
            let connection = try TestConnection(port: gateway.port)
            let body = #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"one"}]}"#
            try connection.send(
                "PROXY TCP4 \(address) 127.0.0.1 4711 8080\r\n\(line) HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n"
                    + "Authorization: Bearer \(Platform.secret)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            return try connection.readAnswer().status
        }
        try eventually(within: .seconds(30), "every loop enforces something") { try status("203.0.113.9", "GET /readyz") == 200 }
        #expect(try status("192.0.2.7") == 200)
        #expect(try status("203.0.113.9") == 403)
    }

    @Test(arguments: [
        ["--proxy-protocol"], ["--trusted-proxies", "10.0.0.1/8"], ["--tls-key", "k"], ["--tls-certificate", "c", "--tls-key", "k", "--tls-client", "optional"],
        ["--connections", "0"], ["--client-address", "via"], ["--tls-client-ca", "c"], ["--loops", "0"], ["--unheard-of"], ["--drain-delay", "-1"],
    ])
    func `a command line that cannot be meant is refused with its reason`(_ arguments: [String]) throws {
        let outcome = try Subprocess.run([Programs.gateway, "--database", "postgresql:///none"] + arguments)
        #expect(outcome.code == 2)
        #expect(outcome.errors.hasPrefix("charter-gateway: "))
    }
}

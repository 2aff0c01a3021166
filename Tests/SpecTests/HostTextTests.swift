import Testing

@testable import Spec

@Suite struct HostTextTests {
    @Test(
        arguments: [
            "localhost", "LOCALHOST", "localhost.", "api.localhost", "127.0.0.1", "127.255.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1",
            "169.254.169.254", "100.100.100.200", "0.0.0.0", "198.18.0.1", "[::1]", "[0:0::1]", "[::]", "[::ffff:127.0.0.1]", "[::FFFF:7f00:1]",
            "[::127.0.0.1]", "[64:ff9b::10.0.0.1]", "[2002:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fec0::1]", "[ff02::1]", "ollama",
            "metadata.google.internal", "printer.local", "gateway.home.arpa",
        ]) func `what only this machine or a private network reaches is private`(host: String) {
            for url in ["http://\(host)", "https://\(host):8443/v1", "https://\(host)?a=b", "https://\(host)/?x=http://a.example"] {
                let found = HostText(of: url)
                #expect(found.isPrivate && found.problem == nil, "\(url)")
            }
        }

    @Test(
        arguments: ["api.openai.com", "API.OpenAI.com.", "8.8.8.8", "100.128.0.1", "[2606:4700::1111]", "[::ffff:8.8.8.8]", "172.32.0.1", "1x.example"]
    ) func `what everybody reaches is not`(host: String) {
        let found = HostText(of: "https://\(host):443/v1")
        #expect(!found.isPrivate && found.problem == nil)
    }

    @Test(
        arguments: [
            ("127.1", true), ("0x7f000001", true), ("2130706433", true), ("0177.0.0.1", true), ("0x7f.1", true), ("127.0.1", true),
            ("127.0.0.1.", true), ("017700000001", true), ("0x8080808", false), ("256.1.1.1", false), ("1.2.3.4.5", false), ("0x", true),
            ("a.7", false), ("08.1.1.1", false), ("99999999999999999999", false), ("a..b", false), ("-a.example", false), ("a%2eb", false),
            ("[::1", false), ("[1::2::3]", false), ("[::1%25eth0]", false), ("", false),
        ] as [(String, Bool)]
    ) func `what programs read in several ways is refused, and private all the same`(host: String, isPrivate: Bool) {
        let found = HostText(of: "http://\(host)/v1")
        #expect(found.problem != nil)
        if isPrivate { #expect(found.isPrivate) }
    }

    @Test(arguments: ["0", "65536", "99999", "080", "", "8a", "+80", "100000"]) func `what is no port is refused`(port: String) {
        #expect(HostText(of: "https://a.example:\(port)/").problem != nil)
        #expect(HostText(of: "https://[2606:4700::1111]:\(port)/").problem != nil)
    }

    @Test func `the pattern for schemas says the same`() throws {
        let pattern = try Regex("^(?:https?://\(HostText.pattern)(?:/.*)?)$")
        let hosts = [
            "a", "a.example", "a.example.", "a..b", "-a", "a-", "a_b", "127.0.0.1", "127.1", "0x7f.1", "0x1", "1a", "a.1", "a.1.", "a.0x", "1.2.3.256",
            "1.2.3.4.", "[::1]", "[::ffff:1.2.3.4]", "[1::2::3]", "[::1", "a%2e", "", "a:1", "a:65535", "a:65536", "a:0", "a:", "[::1]:80", "[::1]80",
        ]
        for host in hosts {
            let url = "http://\(host)/v1"
            #expect((url.wholeMatch(of: pattern) != nil) == (HostText(of: url).problem == nil), "\(url)")
        }
    }
}

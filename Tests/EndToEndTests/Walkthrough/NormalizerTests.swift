import Foundation
import Testing

struct NormalizerTests {
    @Test func `leaves what is written down as it is`() throws {
        let text = try String(contentsOf: EndToEnd.ConfigRepoWalkthrough.path, encoding: .utf8)
        for host in ["build-7.example.com", "ci", "pr", "key"] {
            let found = Normalizer(places: [], host: host).normalize(text).components(separatedBy: "\n")
            for change in found.difference(from: text.components(separatedBy: "\n")) { Issue.record("\(host): \(change)") }
        }
    }

    @Test func `leaves out what a terminal is not told`() {
        let line = "audit head sequence=7 hash=\(String(repeating: "ab", count: 32))"
        #expect(Normalizer(places: [], host: "ci").normalize("one\n\(line)\ntwo\n\(line)") == "one\ntwo\n")
    }

    @Test(arguments: ["ci", "build-7.example.com", "a+b"])
    func `takes a host for one only where it names a process`(host: String) {
        let normalizer = Normalizer(places: [], host: host)
        #expect(normalizer.normalize("the lead of \(host):4711:0a1b2c3d ended") == "the lead of <host>:<process> ended")
        for text in ["a de\(host)sion of \(host)", "\(host):12:19", "\(host):4711:0a1b2c3", "checkout.yaml:12:01234567"] {
            #expect(normalizer.normalize(text) == text)
        }
    }
}

import Synchronization
import TestKit
import Testing

@testable import Services

/// How often something is read for all.
struct SharedEditionTests {
    private final class Reads: Sendable {
        private let count = Mutex(0)

        var all: Int { count.withLock { $0 } }

        func add(_ text: String) -> String {
            count.withLock { $0 += 1 }
            return text
        }
    }

    private struct Fault: Error {}

    private static func edition(_ revision: Int64, _ digest: String) -> SharedEdition<String>.Edition {
        SharedEdition<String>.Edition(revision: revision, stateDigest: digest)
    }

    @Test func `all who ask for an edition at once are served by one who reads it`() throws {
        let (shared, reads, begin) = (SharedEdition<String>(), Reads(), Rendezvous(8))
        let found = try inParallel(8) { _ in
            begin.wait()
            return try shared.content(of: Self.edition(7, "a")) { reads.add("seven") }
        }
        #expect(found == Array(repeating: "seven", count: 8) && reads.all == 1)
    }

    @Test func `another revision is read, and so is another state under the same number, also of a database that was set back`() throws {
        let (shared, reads) = (SharedEdition<String>(), Reads())
        for (revision, digest, wanted) in [(7, "a", 1), (7, "a", 1), (8, "b", 2), (8, "c", 3), (5, "d", 4), (5, "d", 4)] as [(Int64, String, Int)] {
            #expect(try shared.content(of: Self.edition(revision, digest)) { reads.add(digest) } == digest)
            #expect(reads.all == wanted)
        }
    }

    @Test func `what is current no longer is read again, and kept when it is current again`() throws {
        let (shared, reads) = (SharedEdition<String>(), Reads())
        func content(of text: String, isCurrent: Bool) throws -> String {
            try shared.content(of: Self.edition(7, "a"), where: { _ in isCurrent }) { reads.add(text) }
        }
        #expect(try content(of: "one", isCurrent: false) == "one")
        #expect(try content(of: "two", isCurrent: true) == "one")
        #expect(try content(of: "two", isCurrent: false) == "two")
        #expect(try content(of: "three", isCurrent: true) == "two" && reads.all == 2)
    }

    @Test func `an edition that cannot be read is tried again`() throws {
        let shared = SharedEdition<String>()
        #expect(throws: Fault.self) { try shared.content(of: Self.edition(1, "a")) { throw Fault() } }
        #expect(try shared.content(of: Self.edition(1, "a")) { "one" } == "one")
    }
}

import Testing

@testable import Services

/// Who waits, and whose turn it is.
struct FairQueueTests {
    private static func queue(waiting: Int = 8, running: Int = .max, ofParty: Int = .max) -> FairQueue<String, String> {
        FairQueue(waitingMax: waiting, runningMax: running, runningMaxOfParty: ofParty)
    }

    /// All that waits, in the order in which it is carried out, one after the other.
    private static func drained(_ queue: FairQueue<String, String>) -> [String] {
        var queue = queue
        var items: [String] = []
        while let (item, party) = queue.next() {
            items.append(item)
            queue.end(party)
        }
        return items
    }

    @Test func `parties take turns, and each one's calls keep their order`() {
        var queue = Self.queue()
        for (item, party) in [("a1", "a"), ("a2", "a"), ("a3", "a"), ("b1", "b"), ("c1", "c"), ("b2", "b")] {
            #expect(queue.add(item, of: party) == nil)
        }
        #expect(Self.drained(queue) == ["a1", "b1", "c1", "a2", "b2", "a3"])
    }

    @Test func `a party alone may have all places, and gives up its newest to those who come`() {
        var queue = Self.queue(waiting: 4)
        for number in 1...4 { #expect(queue.add("a\(number)", of: "a") == nil) }
        #expect(queue.add("a5", of: "a") == "a5")
        #expect(queue.add("b1", of: "b") == "a4")
        #expect(queue.add("b2", of: "b") == "a3")
        // Now each has half.
        #expect(queue.add("b3", of: "b") == "b3")
        #expect(queue.add("c1", of: "c") != "c1")
        #expect(queue.count == 4)
    }

    @Test func `one who has a single place keeps it`() {
        var queue = Self.queue(waiting: 3)
        for party in ["a", "b", "c"] { #expect(queue.add(party, of: party) == nil) }
        #expect(queue.add("d", of: "d") == "d")
        #expect(Self.drained(queue) == ["a", "b", "c"])
    }

    @Test func `a party has so many carried out at once, and all together so many`() {
        var queue = Self.queue(running: 3, ofParty: 2)
        for number in 1...4 { _ = queue.add("a\(number)", of: "a") }
        for number in 1...2 { _ = queue.add("b\(number)", of: "b") }
        #expect([queue.next()?.item, queue.next()?.item, queue.next()?.item] == ["a1", "b1", "a2"])
        #expect(queue.next() == nil)
        queue.end("b")
        #expect(queue.next()?.item == "b2")
        queue.end("b")
        // Of `a` as many run as may.
        #expect(queue.next() == nil)
        queue.end("a")
        #expect(queue.next()?.item == "a3")
    }

    @Test func `what nobody waits for any more leaves its place`() {
        var queue = Self.queue(waiting: 2)
        _ = queue.add("a1", of: "a")
        _ = queue.add("b1", of: "b")
        queue.removeAll { $0 == "a1" }
        #expect(queue.count == 1 && queue.add("c1", of: "c") == nil)
        #expect(Self.drained(queue) == ["b1", "c1"])
    }
}

/// What is due and when, earliest first. Every pause is as long as the next, so each comes to the end.
struct DueQueue {
    struct Entry {
        var due: Int
        var socket: Int
    }

    private var entries: [Entry] = []
    private var start = 0

    var first: Entry? { start < entries.count ? entries[start] : nil }

    mutating func add(_ due: Int, _ socket: Int) {
        var place = entries.count
        while place > start, entries[place - 1].due > due { place -= 1 }
        entries.insert(Entry(due: due, socket: socket), at: place)
    }

    mutating func removeFirst() {
        start += 1
        if start > 4096, start * 2 > entries.count {
            entries.removeFirst(start)
            start = 0
        }
    }
}

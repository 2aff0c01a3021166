/// What waits for a place, each party's apart. Parties take turns, and where all places are taken whoever has most of them gives one up:
/// nobody waits for longer because another asks for much. A value.
struct FairQueue<Party: Hashable, Item> {
    private let waitingMax: Int
    private let runningMax: Int
    private let runningMaxOfParty: Int
    /// The oldest first; never an empty line.
    private var lines: [Party: [Item]] = [:]
    /// Those who have a line, whose turn is next first.
    private var turns: [Party] = []
    private var running: [Party: Int] = [:]

    /// For `waitingMax` that wait and `runningMax` that are carried out at once, of one party `runningMaxOfParty`.
    init(waitingMax: Int, runningMax: Int, runningMaxOfParty: Int) {
        (self.waitingMax, self.runningMax, self.runningMaxOfParty) = (waitingMax, runningMax, runningMaxOfParty)
    }

    /// How many wait.
    var count: Int { lines.values.reduce(0) { $0 + $1.count } }

    var isFull: Bool { count >= waitingMax }

    /// Takes an item, and gives the one that finds no place: itself, or the newest of a party that has more. Nil where there is room.
    mutating func add(_ item: Item, of party: Party) -> Item? {
        var given: Item?
        if isFull {
            let own = lines[party]?.count ?? 0
            guard let largest = turns.max(by: { size(of: $0) < size(of: $1) }), size(of: largest) > own + 1 else { return item }
            given = lines[largest]?.popLast()
        }
        if lines[party] == nil { turns.append(party) }
        lines[party, default: []].append(item)
        return given
    }

    /// The next to be carried out, which counts as such until `end`; nil where nothing waits that may be now.
    mutating func next() -> (item: Item, party: Party)? {
        guard running.values.reduce(0, +) < runningMax,
            let place = turns.firstIndex(where: { running[$0, default: 0] < runningMaxOfParty })
        else { return nil }
        let party = turns.remove(at: place)
        guard let item = lines[party]?.removeFirst() else { return nil }
        if size(of: party) == 0 { lines[party] = nil } else { turns.append(party) }
        running[party, default: 0] += 1
        return (item, party)
    }

    /// Something of the party's is carried out no more.
    mutating func end(_ party: Party) {
        let left = running[party, default: 1] - 1
        running[party] = left == 0 ? nil : left
    }

    /// Forgets those that nobody waits for any more.
    mutating func removeAll(where isGone: (Item) -> Bool) {
        for party in turns {
            lines[party]?.removeAll(where: isGone)
            if size(of: party) == 0 { lines[party] = nil }
        }
        turns.removeAll { lines[$0] == nil }
    }

    private func size(of party: Party) -> Int { lines[party]?.count ?? 0 }
}

/// Counters of one sort by key, at places that stay theirs until they are forgotten.
struct CellStore<Counter: Sendable>: Sendable {
    /// Written to in place; which of them are in use only the index says.
    var counters: [Counter] = []
    private var index: [CellKey: Int32] = [:]
    private var keys: [CellKey?] = []
    private var free: [Int32] = []
    private var cursor = 0

    var count: Int { index.count }

    func place(of key: CellKey) -> Int32? { index[key] }

    /// Nil at a place that is free.
    func key(at place: Int32) -> CellKey? { keys[Int(place)] }

    mutating func insert(_ counter: Counter, for key: CellKey) -> Int32 {
        if let place = free.popLast() {
            counters[Int(place)] = counter
            keys[Int(place)] = key
            index[key] = place
            return place
        }
        let place = Int32(counters.count)
        counters.append(counter)
        keys.append(key)
        index[key] = place
        return place
    }

    /// Forgets idle counters among the next few, going round.
    mutating func sweep(visits: Int, isIdle: (inout Counter) -> Bool) {
        for _ in 0..<min(visits, counters.count) {
            if cursor >= counters.count { cursor = 0 }
            if let key = keys[cursor], isIdle(&counters[cursor]) {
                index[key] = nil
                keys[cursor] = nil
                free.append(Int32(cursor))
            }
            cursor += 1
        }
    }
}

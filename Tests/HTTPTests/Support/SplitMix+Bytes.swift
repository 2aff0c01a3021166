import TestKit

extension SplitMix {
    /// One of `seeds` with a few bytes changed, taken out, doubled, or with another spliced in.
    mutating func mutated(_ seeds: [[UInt8]]) -> [UInt8] {
        var bytes = pick(seeds)
        for _ in 0...(next() % 3) where !bytes.isEmpty {
            let index = Int(next() % UInt64(bytes.count))
            switch next() % 5 {
            case 0: bytes[index] = UInt8(truncatingIfNeeded: next())
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(bytes[index], at: index)
            case 3: bytes.insert(pick([13, 10, 32, 9, 0, 58, 59, 255]), at: index)
            default: bytes = [UInt8](bytes[..<index]) + pick(seeds)
            }
        }
        return bytes
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(next() % UInt64(elements.count))]
    }
}

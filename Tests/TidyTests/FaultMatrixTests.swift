import Testing

/// Which faults are provoked: every one that a gateway or a reconciler must come through has a test that bears its number.
struct FaultMatrixTests {
    static let faults = [
        1: "the reconciler is killed", 2: "a leader freezes and another takes over",
        3: "sessions of PostgreSQL are ended", 4: "the answer to a COMMIT is lost", 5: "PostgreSQL is frozen, or out of reach",
        6: "PostgreSQL is killed", 8: "disks are full, or refuse", 9: "the journal is cut, flipped, repeated, reordered, zero",
        10: "the journal is booked twice", 12: "clocks are wrong", 13: "many ask at once for what is there once",
        14: "clients reset their connections", 15: "the gateway is killed in the middle of streams", 16: "the gateway is restarted while it spends",
        18: "providers tell nonsense of usage", 19: "charges by the million",
        20: "hands change the audit or the ledger", 22: "bad commits come among good ones",
        23: "hands change what is applied", 24: "thousands of resources are applied, and again",
        25: "PostgreSQL has no connection left, another password, or takes no writes",
    ]

    @Test func `every fault of the matrix has a test that is named by its number`() throws {
        let named = try SourceTree.swiftFiles(under: ["Tests"]).flatMap(Self.numbers)
        for (number, fault) in Self.faults.sorted(by: { $0.key < $1.key }) where !named.contains(number) {
            Issue.record("no test is named F\(number): \(fault)")
        }
        #expect(Set(named).subtracting(Self.faults.keys) == [], "a number that the matrix does not know")
    }

    @Test func `money is nowhere a number with a fraction of unknown size`() throws {
        let folders = ["Sources/Policy/Money/", "Sources/Policy/Cells/", "Sources/Policy/Claim/", "Sources/Store/Usage/", "Sources/Gateway/Ledger/", "Sources/Gateway/Journal/"]
        let wrong = try SourceTree.swiftFiles(under: ["Sources"]).filter { file in folders.contains { file.path.hasPrefix($0) } }.flatMap { file in
            file.code.enumerated().filter { $0.element.contains(/\b(Double|Float|Float16|Float80|Decimal|CGFloat)\b/) }
                .map { "\(file.path):\($0.offset + 1)" }
        }
        #expect(wrong == [])
    }

    private static func numbers(in file: SourceFile) -> [Int] {
        file.lines.compactMap { line in
            guard let match = line.firstMatch(of: #/func `F(\d+) /#) else { return nil }
            return Int(match.output.1)
        }
    }
}

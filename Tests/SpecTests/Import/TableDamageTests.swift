import Testing

@testable import Spec

/// Tables with other values in the places of theirs: nothing may be lost, and nothing invalid come out.
struct TableDamageTests {
    private static let rounds = 20
    private static let strangers = [
        "null", "true", "-1", "0", "1e400", "1e-400", "0.1234567890123456789012345", "9223372036854775807", "\"\"",
        "\"x\"",
        "\"a\\u0007b\"", "\"a\\u202eb\"", "[]", "{}", "[1]", "[[0, 1]]", "{\"a\": 1}", "[{\"range\": [0, 5]}]",
        "[\"text\", \"\", 7, \"text\"]", "{\"size\": 1e9, \"type\": \"context\"}", "\"2026-02-30\"",
    ]

    @Test(arguments: TableImportTests.Table.allCases, [1, 2] as [UInt64])
    func `strange values are carried, or listed, and never make an invalid catalog`(
        _ table: TableImportTests.Table, seed: UInt64
    ) throws {
        var random = SplitMix(state: seed)
        let text = try ImportTables.fixture(table.fixture)
        let places = Values(text).ranges
        let bytes = Array(text.utf8)
        for round in 0..<Self.rounds {
            // From the end, so that earlier places stay where they are.
            let chosen = Set((0..<40).compactMap { _ in places.randomElement(using: &random) }).sorted {
                $0.lowerBound > $1.lowerBound
            }
            var damaged = bytes
            var end = bytes.count
            for range in chosen where range.upperBound <= end {
                damaged.replaceSubrange(range, with: (Self.strangers.randomElement(using: &random) ?? "null").utf8)
                end = range.lowerBound
            }
            let json = String(decoding: damaged, as: UTF8.self)
            guard let scene = try? ImportScene(json, table.format) else { continue }
            #expect(scene.errors == [], "seed \(seed), round \(round)")
            let problems = try Accounting(json, table.format, scene).problems(in: scene.models)
            #expect(problems.prefix(5) == [], "seed \(seed), round \(round)")
        }
    }

    /// Where values below the entries stand.
    private struct Values {
        var ranges: [Range<Int>] = []

        init(_ text: String) {
            var walk = JSONWalk(text)
            take(&walk, depth: 0)
        }

        private mutating func take(_ walk: inout JSONWalk, depth: Int) {
            let members = (try? walk.members()) ?? []
            for member in members {
                if depth > 0 { ranges.append(member.value) }
                var inner = JSONWalk(walk.bytes, at: member.value)
                if inner.peek == UInt8(ascii: "{") { take(&inner, depth: depth + 1) }
            }
        }
    }
}

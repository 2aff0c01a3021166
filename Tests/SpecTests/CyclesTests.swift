import Testing

@testable import Spec

@Suite struct CyclesTests {
    @Test(
        arguments: [
            ([:], []),
            (["a": ["b"], "b": []], []),
            (["a": ["a"]], [["a"]]),
            (["b": ["c"], "c": ["a"], "a": ["b"]], [["a", "b", "c"]]),
            (["a": ["b"], "b": ["a"], "x": ["y", "a"], "y": ["x"]], [["a", "b"], ["x", "y"]]),
            (["a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []], []),
        ] as [([String: [String]], [[String]])]
    ) func `finds each circle once, from its least member`(edges: [String: [String]], cycles: [[String]]) {
        #expect(Cycles.find(in: edges) == cycles)
    }

    @Test func `a chain of any length needs no stack, and a tangle no time`() {
        let count = 20_000
        var edges = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, [$0 + 1]) })
        #expect(Cycles.find(in: edges).isEmpty)
        edges[count] = [0]
        #expect(Cycles.find(in: edges).map(\.count) == [count + 1])
        for index in 0..<count { edges[index]?.append(contentsOf: [index / 2, 0]) }
        #expect(!Cycles.find(in: edges).isEmpty)
    }
}

import Testing

@testable import Reconciler

struct ThreeWayTests {
    @Test(arguments: [
        ("1", "1", "1", nil), ("1", "2", "1", FieldVerdict.pending), ("1", "1", "2", .drift),
        ("1", "2", "3", .conflict),
        ("1", "2", "2", .equal),
    ])
    func `tells pending, drift, conflict and equal apart`(
        base: String, desired: String, actual: String, verdict: FieldVerdict?
    ) {
        let found = ThreeWay.compare(
            base: #"{"a":\#(base),"b":0}"#, desired: #"{"a":\#(desired),"b":0}"#, actual: #"{"a":\#(actual),"b":0}"#)
        #expect(found.map(\.verdict) == (verdict.map { [$0] } ?? []))
        #expect(found.map(\.pointer) == (verdict == nil ? [] : ["/a"]))
    }

    @Test func `an added and a removed field have one side only`() {
        let found = ThreeWay.compare(base: #"{"a":1}"#, desired: #"{"b":2}"#, actual: #"{"a":1}"#)
        #expect(
            found == [
                FieldComparison(pointer: "/a", basePointer: "/a", path: "a", base: "1", desired: nil, actual: "1"),
                FieldComparison(pointer: "/b", basePointer: nil, path: "b", base: nil, desired: "2", actual: nil),
            ])
    }

    @Test func `a text that differs in form alone is named as a whole`() {
        let found = ThreeWay.compare(base: #"{"a":1}"#, desired: #"{"a":1}"#, actual: #"{ "a": 1 }"#)
        #expect(found.map(\.pointer) == [""])
        #expect(found.map(\.verdict) == [.drift])
    }

    /// `path: base → desired` of every difference, where nobody touched the rows.
    private func changes(_ base: String, _ desired: String) -> [String] {
        ThreeWay.compare(base: base, desired: desired, actual: base).map {
            "\($0.path): \($0.base ?? "-") → \($0.desired ?? "-")"
        }
    }

    @Test func `items of a list are told apart by what names them, wherever they stand`() {
        let base = #"{"spec":{"targets":[{"model":"a/one","weight":80},{"model":"b/two","weight":20}]}}"#
        let desired = #"{"spec":{"targets":[{"model":"c/new"},{"model":"a/one","weight":80},{"model":"b/two","weight":30}]}}"#
        #expect(
            changes(base, desired) == [
                #"spec.targets[c/new]: - → {"model":"c/new"}"#, "spec.targets[b/two].weight: 20 → 30",
            ])
        let found = ThreeWay.compare(base: base, desired: desired, actual: base)
        #expect(found.map(\.pointer) == ["/spec/targets/0", "/spec/targets/2/weight"])
        #expect(found.map(\.basePointer) == [nil, "/spec/targets/1/weight"])
    }

    @Test func `a secret is told by its fingerprint`() {
        let digest = String(repeating: "9f3c", count: 16)
        #expect(
            changes(#"{"secrets":[{"sha256":"\#(digest)"}]}"#, #"{"secrets":[{"sha256":"\#(digest)","until":"2027-01-01"}]}"#)
                == [#"secrets[sha256:9f3c9f3c].until: - → "2027-01-01""#])
    }

    @Test func `another order of the same items is one difference, and none in a set`() {
        func steps(_ names: String...) -> String {
            #"{"steps":[\#(names.map { #"{"name":"\#($0)","of":1}"# }.joined(separator: ","))]}"#
        }
        #expect(changes(steps("a", "b", "c"), steps("c", "a", "b")) == [#"steps (order): ["a","b","c"] → ["c","a","b"]"#])
        // A set is written in the order of its texts, which a changed field may change.
        let set = #"{"x":[{"a":1,"name":"k"},{"a":2,"name":"b"}]}"#
        #expect(changes(set, #"{"x":[{"a":2,"name":"b"},{"a":3,"name":"k"}]}"#) == ["x[k].a: 1 → 3"])
    }

    @Test func `items without a name are matched by what they say`() {
        let base = #"{"tests":[{"r":{"m":1}},{"r":{"m":2}},{"r":{"m":3}}]}"#
        #expect(changes(base, #"{"tests":[{"r":{"m":2}},{"r":{"m":3}}]}"#) == [#"tests[0]: {"r":{"m":1}} → -"#])
        #expect(changes(base, #"{"tests":[{"r":{"m":1}},{"r":{"m":9}},{"r":{"m":3}}]}"#) == ["tests[1].r.m: 2 → 9"])
    }

    @Test func `all three sides of a list are compared by key`() throws {
        let found = ThreeWay.compare(
            base: #"{"l":[{"name":"a","v":1},{"name":"b","v":1}]}"#,
            desired: #"{"l":[{"name":"b","v":2},{"name":"a","v":1}]}"#,
            actual: #"{"l":[{"name":"a","v":7},{"name":"b","v":3}]}"#)
        #expect(found.map(\.path) == ["l[b].v", "l[a].v", "l (order)"])
        #expect(found.map(\.verdict) == [.conflict, .drift, .pending])
    }

    @Test func `fields that are the same on all sides are counted`() {
        let way = ThreeWay(
            base: #"{"a":1,"b":{"c":2,"d":[1,2]},"e":{}}"#, desired: #"{"a":1,"b":{"c":3,"d":[1,2]},"e":{}}"#,
            actual: #"{"a":1,"b":{"c":2,"d":[1,2]},"e":{}}"#)
        #expect(way.unchanged == 3)
        #expect(way.differences.map(\.path) == ["b.c"])
    }

    @Test(arguments: ["nonsense", "[1", #"{"a":1,"a":2}"#, "{\"a\":1}x", String(repeating: "[", count: 100_000)])
    func `a row that is no JSON is compared as a whole`(text: String) {
        let found = ThreeWay.compare(base: #"{"a":1}"#, desired: #"{"a":1}"#, actual: text)
        #expect(found.map(\.path) == ["(whole text)"])
        #expect(found.map(\.actual) == [text])
    }

    @Test(arguments: [
        ("/spec/budget/hard", "spec.budget.hard"), ("/spec/targets/0/weight", "spec.targets[0].weight"),
        ("/spec/models/gpt-4.1/context", #"spec.models["gpt-4.1"].context"#), ("/labels/a~1b~0", #"labels["a/b~"]"#),
        ("", "(whole text)"),
    ])
    func `pointers are readable`(pointer: String, text: String) {
        #expect(FieldPointer.readable(pointer) == text)
    }
}

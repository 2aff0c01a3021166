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
                FieldComparison(pointer: "/a", base: "1", desired: nil, actual: "1"),
                FieldComparison(pointer: "/b", base: nil, desired: "2", actual: nil),
            ])
    }

    @Test func `a text that differs in form alone is named as a whole`() {
        let found = ThreeWay.compare(base: #"{"a":1}"#, desired: #"{"a":1}"#, actual: #"{ "a": 1 }"#)
        #expect(found.map(\.pointer) == [""])
        #expect(found.map(\.verdict) == [.drift])
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

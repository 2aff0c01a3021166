import Spec
import Testing

/// Several overrides of one resource, whose list may be in another order by now.
@Suite struct PatchedResourceTests {
    private static let key = ResourceKey(org: "acme", kind: .apiKey, name: "checkout")
    private static let route = ResourceKey(org: "acme", kind: .routingPolicy, name: "assistant")

    private func declared(_ limits: String...) throws -> Resource {
        let list = limits.map { "\"\($0)\"" }.joined(separator: ",")
        return try Resource.decode(key: Self.key, canonical: #"{"spec":{"limits":[\#(list)],"owner":"sam","scopes":["all"]}}"#)
    }

    private func limits(_ resource: Resource) -> [String] {
        (0..<resource.canonicalCount(at: "/spec/limits")).compactMap { resource.canonicalScalar(at: "/spec/limits/\($0)") }
    }

    /// Where the limit that counts so stands, and a patch of it that remembers it.
    private func patch(_ declared: Resource, _ unit: String, _ value: String) throws -> ResourcePatch {
        let index = try #require(limits(declared).firstIndex { $0.hasSuffix(unit + "\"") })
        return ResourcePatch(["/spec/limits/\(index)": "\"\(value)\""]).remembering(declared)
    }

    @Test func `two overrides of one list each change the limit they were made for, though the first moves it`() throws {
        let declared = try declared("2M tokens/day", "600 requests/min")
        var patched = try PatchedResource(declared)
        // Sorted by text, 9000 requests stand behind 5M tokens, and 100 would stand before.
        try patched.lay(patch(declared, " requests/min", "100 requests/min"), number: 0)
        try patched.lay(patch(declared, " tokens/day", "5M tokens/day"), number: 1)
        #expect(limits(patched.resource).sorted() == [#""100 requests/min""#, #""5M tokens/day""#])
        for place in patched.places {
            let value = try #require(patched.resource.canonicalScalar(at: place.pointer))
            #expect(value.contains(place.number == 0 ? "requests" : "tokens"), "\(place)")
        }
        #expect(Set(patched.places.map(\.pointer)).count == 2)
    }

    @Test func `of two overrides of one limit the newer counts`() throws {
        let declared = try declared("2M tokens/day", "600 requests/min")
        var patched = try PatchedResource(declared)
        try patched.lay(patch(declared, " requests/min", "100 requests/min"), number: 0)
        try patched.lay(patch(declared, " requests/min", "200 requests/min"), number: 1)
        #expect(limits(patched.resource).sorted() == [#""200 requests/min""#, #""2M tokens/day""#])
        #expect(patched.places.map(\.number) == [1])
    }

    @Test func `a commit that re-sorts the list moves the override along, and one that takes the limit away leaves nothing to change`() throws {
        let made = try patch(declared("2M tokens/day", "600 requests/min"), " requests/min", "700 requests/min")
        let sorted = try declared("1 concurrent", "2M tokens/day", "5 requests/s", "600 requests/min")
        var patched = try PatchedResource(sorted)
        try patched.lay(made, number: 0)
        #expect(Set(limits(patched.resource)) == Set(limits(sorted)).subtracting([#""600 requests/min""#]).union([#""700 requests/min""#]))
        var gone = try PatchedResource(declared("2M tokens/day", "900 requests/min"))
        let before = gone.resource
        let problem = #expect(throws: PatchProblem.self) { try gone.lay(made, number: 0) }
        #expect(problem?.description.contains("600 requests/min") == true)
        #expect(gone.resource.canonical == before.canonical && gone.places.isEmpty)
    }

    @Test func `one that does not fit leaves those before it as they are`() throws {
        let declared = try declared("2M tokens/day", "600 requests/min")
        var patched = try PatchedResource(declared)
        try patched.lay(patch(declared, " requests/min", "100 requests/min"), number: 0)
        #expect(throws: PatchProblem.self) { try patched.lay(ResourcePatch(["/spec/limits/0": #""a lot""#]), number: 1) }
        #expect(limits(patched.resource).contains(#""100 requests/min""#) && patched.places.map(\.number) == [0])
    }

    @Test func `one that remembers no element finds the only limit that counts alike, and else the one of its number`() throws {
        let old = ResourcePatch(["/spec/limits/0": #""700 requests/min""#])
        var moved = try PatchedResource(declared("2M tokens/day", "600 requests/min"))
        try moved.lay(old, number: 0)
        #expect(limits(moved.resource).sorted() == [#""2M tokens/day""#, #""700 requests/min""#])
        var alone = try PatchedResource(declared("2M tokens/day", "5 concurrent"))
        let first = limits(alone.resource)[0]
        try alone.lay(old, number: 0)
        #expect(!limits(alone.resource).contains(first) && limits(alone.resource).contains(#""700 requests/min""#))
    }

    @Test func `a weight stays with its model, wherever a commit puts the target`() throws {
        func route(_ targets: String) throws -> Resource {
            try Resource.decode(key: Self.route, canonical: #"{"spec":{"targets":[\#(targets)]}}"#)
        }
        let (first, second) = (#"{"model":"openai/a","weight":80}"#, #"{"model":"openai/b","weight":20}"#)
        let patch = try ResourcePatch(["/spec/targets/1/weight": "60"]).remembering(route(first + "," + second))
        #expect(patch.elements == ["/spec/targets/1/weight": "openai/b"])
        var patched = try PatchedResource(route(second + "," + first))
        try patched.lay(patch, number: 0)
        #expect(patched.resource.canonicalScalar(at: "/spec/targets/0/weight") == "60")
        #expect(patched.resource.canonicalScalar(at: "/spec/targets/1/weight") == "80")
        var without = try PatchedResource(route(first))
        #expect(throws: PatchProblem.elementGone(pointer: "/spec/targets/1/weight", element: "openai/b")) { try without.lay(patch, number: 0) }
    }

    @Test func `what a patch remembers is the same after it was written and read`() throws {
        let patch = ResourcePatch(["/spec/limits/0": #""1 requests/min""#], elements: ["/spec/limits/0": #"6 "quoted""#])
        #expect(try ResourcePatch(json: patch.json, elements: patch.elementsJSON) == patch)
        #expect(throws: JSONProblem.self) { try ResourcePatch(json: patch.json, elements: #"{"/a":[]}"#) }
    }

    @Test func `a resource is suspended as it would be declared, in place of an older suspension`() throws {
        let declared = try declared("600 requests/min")
        let until = try Instant.parse("2027-02-01")
        let suspended = try declared.suspended(because: "it \"leaked\"", until: until)
        #expect(suspended.suspension?.until == until && suspended.suspension?.reason == "it \"leaked\"")
        let again = try suspended.suspended(because: "still", until: nil)
        #expect(again.suspension?.reason == "still" && again.suspension?.until == nil)
        #expect(try Resource.decode(key: again.key, canonical: again.canonical).canonical == again.canonical)
    }
}

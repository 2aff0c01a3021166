import Spec
import Testing

@Suite struct ResourcePatchTests {
    private static let budget = ResourceKey(org: "acme", kind: .budget, name: "monthly")
    private static let canonical = #"{"spec":{"for":{"organization":true},"hard":"250 USD/month"}}"#

    private func patched(_ fields: [String: String], _ canonical: String = canonical) throws -> Resource {
        try Resource.decode(key: Self.budget, canonical: canonical, patch: ResourcePatch(fields))
    }

    @Test func `a value is read by the language, and comes out as it would be stored`() throws {
        let changed = try patched(["/spec/hard": #""400USD/month""#])
        #expect(changed.canonicalScalar(at: "/spec/hard") == #""400 USD/month""#)
        #expect(changed.canonical == Self.canonical.replacing("250", with: "400"))
    }

    @Test func `a field that is left to its default can be set, and a wrong amount is refused in the language's words`() throws {
        #expect(try patched(["/spec/soft": #""100 USD/month""#]).canonicalScalar(at: "/spec/soft") == #""100 USD/month""#)
        #expect(throws: PatchProblem.self) { try patched(["/spec/hard": #""a lot""#]) }
        #expect(throws: PatchProblem.self) { try patched(["/spec/unknown": "1"]) }
        #expect(throws: PatchProblem.noField(pointer: "/spec/limits/3")) { try patched(["/spec/limits/3": "1"]) }
        #expect(throws: PatchProblem.noField(pointer: "/spec/for")) { try patched(["/spec/for": "1"]) }
    }

    @Test func `a patch is the same after it was written and read`() throws {
        let patch = ResourcePatch(["/spec/hard": #""4 \"USD\"/month""#, "/spec/targets/0/weight": "12", "/spec/a~1b": "true"])
        #expect(try ResourcePatch(json: patch.json) == patch)
        for wrong in ["[]", "1", #"{"/a": {}}"#, #"{"/a": [1]}"#, "{", #"{"/a":1,"/a":2}"#] {
            #expect(throws: JSONProblem.self) { try ResourcePatch(json: wrong) }
        }
    }

    @Test(arguments: [
        ("/spec/hard", Kind.budget, true), ("/spec/for/project", .budget, false), ("/spec/limits/0", .apiKey, true),
        ("/spec/limits/-1", .apiKey, false), ("/spec/limits", .apiKey, false), ("/spec/owner", .apiKey, false),
        ("/spec/secrets/0/sha256", .apiKey, false), ("/spec/roles/0", .member, false), ("/spec/targets/2/weight", .routingPolicy, true),
        ("/spec/baseURL", .provider, false),
    ]) func `numbers of rules may be changed, and rights, owners and secrets may not`(pointer: String, kind: Kind, isPermitted: Bool) {
        #expect(OverridableField.permits(pointer, of: kind) == isPermitted)
    }
}

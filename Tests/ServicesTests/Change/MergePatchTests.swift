import Spec
import Store
import Testing

@testable import Services

struct MergePatchTests {
    private static let declared = #"{"labels":{"tier":"gold"},"spec":{"budget":{"hard":"5 USD/month"},"owner":"sam","scopes":["chat"]}}"#

    private func patch(_ text: String) throws -> MergePatch { try MergePatch(Array(text.utf8)) }

    @Test(arguments: [
        (#"{"spec":{"owner":"bo"}}"#, ["/spec/owner=\"bo\""]), (#"{"labels":{"tier":null}}"#, ["/metadata/labels/tier"]),
        (#"{"spec":{"budget":{"zone":"UTC"}}}"#, ["/spec/budget/zone=\"UTC\""]),
        (#"{"spec":{"budget":null,"expires":null}}"#, ["/spec/budget"]), (#"{"spec":{"scopes":["a","b"]}}"#, [#"/spec/scopes=["a","b"]"#]),
        (#"{"annotations":{"a/b":"x","c":null}}"#, [#"/metadata/annotations={"a/b":"x"}"#]), ("{}", []), (#"{"spec":{"x":null}}"#, []),
    ])
    func `each field that the patch names is one edit of the document`(text: String, edits: [String]) throws {
        let operations = try patch(text).operations(on: JSONReader.parse(Self.declared))
        #expect(operations.map { $0.pointer + ($0.value.map { "=" + $0 } ?? "") } == edits)
    }

    @Test(arguments: [
        (#"{"spec":{"owner":"bo","scopes":["a"],"expires":"2031-01-01"}}"#, false), (#"{"labels":{"tier":null,"team":"x"}}"#, false),
        (#"{"annotations":{"a":"x"}}"#, true), (#"{"labels":{"team":null}}"#, true), (#"{"spec":{"budget":{"at":{"80%":"notify"}}}}"#, true),
    ])
    func `a patch rests on absence where it sets an object that is not there, or removes what is not`(text: String, rests: Bool) throws {
        #expect(try patch(text).restsOnAbsence(in: JSONReader.parse(Self.declared)) == rests)
    }

    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#), (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#), ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ])
    func `the cases of RFC 7396 come out as its appendix has them`(target: String, text: String, result: String) throws {
        #expect(try patch(text).applied(to: JSONReader.parse(target)).text == result)
    }

    @Test(arguments: ["", "[]", "7", "{", #"{"a":1,"a":2}"#, String(repeating: #"{"a":"#, count: 5000)])
    func `what is no object is refused`(text: String) throws {
        #expect(throws: Problem.self) { try patch(text) }
    }

    @Test func `each mistake of a declaration is told with its pointer`() throws {
        let body = try DeclarationBody(Array(#"{"spec":{"displayName":{},"nonsense":true},"more":1}"#.utf8))
        do {
            _ = try body.canonical(of: ResourceKey(org: "acme", kind: .project, name: "search"))
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .invalidBody)
            for part in ["/spec/displayName: ", "/spec: unknown field `nonsense`", "/: unknown field `more`"] {
                #expect(error.detail.contains(part), "\(error.detail)")
            }
        }
    }
}

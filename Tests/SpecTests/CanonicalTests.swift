import Testing

@testable import Spec

@Suite struct CanonicalTests {
    @Test func `a valid repository has no errors and holds every kind`() throws {
        let declarations = try FixtureRepository.load("valid")
        #expect(declarations.errors.map { Rendering.text($0) } == [])
        #expect(Set(declarations.resources.keys.map(\.kind)) == Set(Kind.allCases))
    }

    @Test func `a resource read from its canonical text has the same canonical text`() throws {
        for resource in try FixtureRepository.load("valid").resources.values {
            let again = try Resource.decode(key: resource.key, canonical: resource.canonical)
            #expect(again.canonical == resource.canonical)
            #expect(again.metadata == resource.metadata)
            #expect(again.body == resource.body)
        }
    }

    @Test(arguments: [
        (
            "catalog/x.yaml", "ModelCatalog", "{ provider: openai, models: {} }",
            #"{"spec":{"models":{},"provider":"openai"}}"#
        ),
        (
            "orgs/acme/x.yaml", "Workflow",
            "{ trigger: { manual: {} }, steps: [{ name: wait, delay: 5s }] }",
            #"{"spec":{"steps":[{"delay":"5s","name":"wait"}],"trigger":{"manual":{}}}}"#
        ),
    ]) func `an empty mapping that means something stays`(path: String, kind: String, spec: String, text: String) throws
    {
        let bytes = Array("apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: x }\nspec: \(spec)\n".utf8)
        let resources = Specification.load([SourceFile(path: path, bytes: bytes)]).resources.values
        let resource = try #require(resources.first)
        #expect(resource.canonical == text)
        #expect(try Resource.decode(key: resource.key, canonical: text).body == resource.body)
    }
}

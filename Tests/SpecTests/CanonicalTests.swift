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
}

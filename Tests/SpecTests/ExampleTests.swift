import Foundation
import Testing

@testable import Spec

@Suite struct ExampleTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../examples/config-repo")

    @Test func `the example repository has no errors`() throws {
        let declarations = Specification.load(try FixtureRepository.files(in: Self.root))
        #expect(declarations.errors.map { Rendering.text($0) } == [])
        #expect(declarations.resources.count > 10)
    }
}

import Foundation
import Testing

@testable import Spec

@Suite struct ExampleTests {
    @Test func `the example repository has no errors`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../examples/config-repo")
        let declarations = Specification.load(try FixtureRepository.files(in: root))
        #expect(declarations.errors.map { Rendering.text($0) } == [])
        #expect(declarations.resources.count > 10)
    }
}

import Foundation
import Testing

@testable import Spec

/// Edits by the thousand, from seeds that are printed with each failure.
///
/// `CHARTER_MUTATION_ROUNDS` does more of it.
@Suite struct EditPropertyTests {
    private static let rounds = UInt64(MutationTests.rounds)

    @Test(arguments: [0, 1, 2, 3] as [UInt64]) func `an edit makes what is meant and leaves all else as it is`(part: UInt64) {
        var property = EditProperty()
        for seed in part * Self.rounds..<(part + 1) * Self.rounds { property.check(seed: seed) }
        #expect(property.failures == [])
        #expect(property.made > Self.rounds / 2, "\(property.refused)")
    }

    @Test func `every scalar of the example repository is set, and set back to the same bytes`() throws {
        var count = 0
        for file in try FixtureRepository.files(in: ExampleTests.root) {
            let documents = YAMLReader(path: file.path, bytes: file.bytes).documents
            for (index, document) in documents.enumerated() {
                for (pointer, scalar) in Self.scalars(in: document, at: "") where pointer != "/kind" {
                    count += 1
                    try Self.check(pointer, scalar, of: index, document, file)
                }
            }
        }
        #expect(count > 500)
    }

    private static func check(_ pointer: String, _ scalar: Node, of index: Int, _ document: Node, _ file: SourceFile) throws {
        let target = try #require(EditTarget(of: document))
        var edited = file
        edited.bytes = try DocumentEdit(target, [FieldEdit(pointer, .set(.text("changed")))]).applied(to: file)
        let changed = YAMLReader(path: file.path, bytes: edited.bytes).documents[index]
        let path = JSONPointer.names(pointer)
        #expect(EditModel(changed) == EditModel(document).changed(.set(.text("changed")), at: path[...]), "\(file.path) \(pointer)")
        let back = DocumentEdit(try #require(EditTarget(of: changed)), [FieldEdit(pointer, .set(EditValue(scalar)))])
        #expect(try back.applied(to: edited) == file.bytes, "\(file.path) \(pointer)")
    }

    private static func scalars(in node: Node, at pointer: String) -> [(String, Node)] {
        switch node.content {
        case .scalar: [(pointer, node)]
        case .sequence(let items): items.enumerated().flatMap { scalars(in: $1, at: "\(pointer)/\($0)") }
        case .mapping(let entries): entries.flatMap { scalars(in: $0.value, at: pointer + "/" + JSONPointer.escaped($0.key)) }
        case .broken: []
        }
    }

    @Test(arguments: [7, 8] as [UInt64]) func `no bytes make an edit trap or answer what cannot be read`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let alphabet = Array("{}[]:-?&*!|>'\"%@`#,. \t\r\n\\aé0~<\u{feff}".utf8) + [0, 0xFF, 0x80]
        for round in 0..<Self.rounds {
            var bytes = RandomDocument.file(&random)
            for _ in 0..<Int.random(in: 0...4, using: &random) { Damage.random(using: &random).apply(to: &bytes, using: &random) }
            if round % 3 == 0 {
                bytes = Array("kind: Budget\nmetadata: {name: b0}\nspec:".utf8)
                    + (0..<Int.random(in: 0...30, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) }
            }
            let file = SourceFile(path: "a.yaml", bytes: bytes)
            let target = EditTarget.resource(.budget, name: "b0")
            let node = YAMLReader(path: "", bytes: bytes).documents.randomElement(using: &random)
            let edit = node.map { RandomEdit(of: $0, &random).field } ?? FieldEdit("/spec/a", .remove)
            let results = [
                try? DocumentEdit(target, [edit]).applied(to: file), try? DocumentRemoval(target).applied(to: file),
                try? DocumentAddition(bytes).applied(to: file), try? DocumentAddition(Array("kind: Role\n".utf8)).applied(to: file),
            ]
            for edited in results.compactMap(\.self) {
                #expect(YAMLReader(path: "", bytes: edited).diagnostics.filter { $0.severity == .error }.isEmpty, "seed \(seed), round \(round)")
            }
        }
    }

    @Test func `a file of the largest size is edited at once`() throws {
        let lines = (0..<20_000).map { "    k\($0): { name: größe\($0), weight: \($0) } # remark \($0)\n" }.joined()
        let file = SourceFile("a.yaml", "kind: Budget\nmetadata: { name: b0 }\nspec:\n" + lines)
        let edits = ["/spec/k19999/weight", "/spec/k7/weight"].map { FieldEdit($0, .set(.integer(-1))) }
        let bytes = try DocumentEdit(.resource(.budget, name: "b0"), edits).applied(to: file, limits: { var limits = ReadingLimits(); limits.fileBytesMax = 4 << 20; return limits }())
        let changed = EditProperty.changed(file.bytes, bytes)
        #expect(bytes.count < file.bytes.count && changed.count < file.bytes.count)
    }
}

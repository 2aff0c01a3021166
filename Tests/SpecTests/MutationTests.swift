import Foundation
import Testing

@testable import Spec

/// Small damage, done over and over to a valid repository, from a seed that is printed with each failure.
///
/// `CHARTER_MUTATION_ROUNDS` does more of it.
@Suite struct MutationTests {
    static let rounds = ProcessInfo.processInfo.environment["CHARTER_MUTATION_ROUNDS"].flatMap { Int($0) } ?? 200

    /// The fixture by odd seeds, the repository of the demonstration by even ones.
    static func files(_ seed: UInt64) throws -> [SourceFile] {
        seed % 2 == 1
            ? try FixtureRepository.files("valid")
            : try FixtureRepository.files(in: ExampleTests.root)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func `no damage crashes the reader or is told without a place`(
        seed: UInt64
    ) throws {
        var random = SplitMix(state: seed)
        let files = try Self.files(seed)
        var parsed = Specification.parse(files)
        for round in 0..<Self.rounds {
            let index = Int.random(in: files.indices, using: &random)
            var bytes = files[index].bytes
            for _ in 0...Int.random(in: 0...2, using: &random) {
                Damage.random(using: &random).apply(to: &bytes, using: &random)
            }
            let whole = parsed
            var damaged = files
            damaged[index].bytes = bytes
            // What stands below damaged defaults is read under them.
            if files[index].isFolderDefaults {
                parsed = Specification.parse(damaged)
            } else {
                parsed[index] = ParsedFile(damaged[index], under: FolderDefaults(damaged))
            }
            var declarations = Specification.compose(parsed, now: MistakeTests.now)
            declarations.diagnostics = SourceLines(parsed).attach(to: declarations.judged(compiled: nil))
            check(
                declarations, "seed \(seed), round \(round)",
                bytes: Dictionary(uniqueKeysWithValues: parsed.map { ($0.path, $0.bytes) }))
            parsed = whole
        }
    }

    @Test(arguments: [5, 6] as [UInt64]) func `an unknown field is never accepted`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let files = try Self.files(seed)
        for round in 0..<Self.rounds {
            let index = Int.random(in: files.indices, using: &random)
            let mappings = YAMLReader(path: "", bytes: files[index].bytes).documents.flatMap {
                UnknownField.places(in: $0)
            }
            let place = try #require(mappings.randomElement(using: &random))
            let damaged = UnknownField.insert(into: files[index].bytes, at: place)
            let source = SourceFile(path: files[index].path, bytes: damaged)
            let others = files.filter { $0.path != source.path }
            let file = ParsedFile(source, under: FolderDefaults(others + [source]))
            #expect(
                file.diagnostics.contains { $0.severity == .error && $0.sourceLine == nil },
                "seed \(seed), round \(round): \(String(decoding: damaged, as: UTF8.self))")
        }
    }

    private func check(_ declarations: Declarations, _ name: String, bytes: [String: [UInt8]]) {
        for diagnostic in declarations.diagnostics {
            let lines =
                diagnostic.place.flatMap { bytes[$0.path] }.map { SourceText.lines(of: SourceText.withoutMark($0)) }
                ?? []
            let line = (diagnostic.place?.position.line ?? 0) - 1
            #expect(
                lines.indices.contains(line) && diagnostic.sourceLine != nil, "\(name): \(Rendering.text(diagnostic))")
            #expect(!diagnostic.message.isEmpty && diagnostic.length >= 1)
        }
        guard !declarations.hasErrors else { return }
        for resource in declarations.resources.values {
            let again = try? Resource.decode(key: resource.key, canonical: resource.canonical)
            #expect(again?.canonical == resource.canonical && again?.body == resource.body, "\(name): \(resource.key)")
        }
    }
}

/// Vigna's SplitMix64: small, seeded, the same everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// One way to damage a text.
enum Damage: CaseIterable {
    case flipByte, insertByte, removeByte, removeRange, repeatRange, swapLines, removeLine, repeatLine, insertToken,
        truncate

    static let tokens = [
        "{", "}", "[", "]", ": ", "- ", "---\n", "\n", "\t", "\"", "'", "&a ", "*a", "!!str ", "<<: ", "~", "null",
        "|\n", "? ", "#", "%", "@", "\u{2028}", "&x [", "*x ", "!!int ", "!x ", "%YAML 1.1\n", " # charter:ignore CH0912 x\n",
        "# charter:ignore CH1042\n", "а", "ｏ", "\u{200D}", "010",
        "é", "日本", "9223372036854775808", "-1", "1e400", "true", "\0", ",", "\r", "\r\n", "  ",
    ]

    static func random(using random: inout SplitMix) -> Damage { allCases.randomElement(using: &random) ?? .flipByte }

    func apply(to bytes: inout [UInt8], using random: inout SplitMix) {
        guard bytes.count > 2 else { return }
        let index = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, index + Int.random(in: 1...20, using: &random))
        switch self {
        case .flipByte: bytes[index] ^= UInt8.random(in: 1...255, using: &random)
        case .insertByte: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        case .removeByte: bytes.remove(at: index)
        case .removeRange: bytes.removeSubrange(index..<end)
        case .repeatRange: bytes.insert(contentsOf: Array(bytes[index..<end]), at: end)
        case .insertToken:
            bytes.insert(contentsOf: Array((Self.tokens.randomElement(using: &random) ?? "").utf8), at: index)
        case .truncate: bytes.removeSubrange(index...)
        case .swapLines, .removeLine, .repeatLine: damageLines(of: &bytes, using: &random)
        }
    }

    private func damageLines(of bytes: inout [UInt8], using random: inout SplitMix) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        let first = Int.random(in: lines.indices, using: &random)
        let second = Int.random(in: lines.indices, using: &random)
        switch self {
        case .swapLines: lines.swapAt(first, second)
        case .removeLine: lines.remove(at: first)
        default: lines.insert(lines[first], at: second)
        }
        bytes = Array(lines.joined(separator: [0x0A]))
    }
}

/// Puts a field that does not exist into a mapping.
enum UnknownField {
    /// Where mappings begin. What is put there is no value of any field, so names of an author's choosing refuse it too.
    static func places(in node: Node) -> [Position] {
        switch node.content {
        case .scalar, .broken: return []
        case .sequence(let items): return items.flatMap { places(in: $0) }
        case .mapping(let entries):
            let inner = entries.flatMap { places(in: $0.value) }
            return [node.extent.position] + inner
        }
    }

    static func insert(into bytes: [UInt8], at place: Position) -> [UInt8] {
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map
        { Array($0.unicodeScalars) }
        let column = place.column - 1
        if lines[place.line - 1][column] == "{" {
            lines[place.line - 1].insert(contentsOf: Array("zzz: [[]], ".unicodeScalars), at: column + 1)
        } else {
            let indent = String(repeating: " ", count: column)
            lines[place.line - 1].insert(contentsOf: Array("zzz: [[]]\n\(indent)".unicodeScalars), at: column)
        }
        return Array(lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n").utf8)
    }
}

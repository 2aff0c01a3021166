import Foundation
import Spec
import TestKit
import Testing

@testable import Reconciler

/// What is compiled of a part, held against what is compiled of the whole: the example repository under random edits.
///
/// Every failure names its seed and round.
struct ConcernedChecksTests {
    private static let example: [SourceFile] = {
        let root = Programs.root.appending(path: "examples/config-repo")
        return (try? FolderReader(root.path).files) ?? []
    }()

    @Test(arguments: [11, 12, 13, 14] as [UInt64]) func `a change to the example is told what the whole is told of it`(
        seed: UInt64
    ) throws {
        var random = SeededDraws(state: seed)
        #expect(Self.example.count > 20)
        for round in 0..<40 {
            var after = Self.example
            let paths = Self.edit(&after, using: &random)
            let changes = FileChanges(paths: paths, before: Self.example.filter { paths.contains($0.path) })
            let part = DeclarationCheck(files: after, refusals: [], change: changes)
            let whole = DeclarationCheck(files: after, refusals: [])
            let concerned = Set(part.paths)
            let wanted = whole.diagnostics.filter { concerned.contains($0.place?.path ?? "") }
            #expect(
                part.diagnostics.map { Rendering.text($0) } == wanted.map { Rendering.text($0) },
                "seed \(seed), round \(round): \(paths.sorted())")
        }
    }

    /// Takes a word of the repository for another one, in one or two files, or removes a file.
    private static func edit(_ files: inout [SourceFile], using random: inout SeededDraws) -> Set<String> {
        var paths: Set<String> = []
        for _ in 0...Int.random(in: 0...1, using: &random) {
            let index = Int.random(in: files.indices, using: &random)
            paths.insert(files[index].path)
            if Int.random(in: 0..<5, using: &random) == 0 {
                files.remove(at: index)
                continue
            }
            let words = String(decoding: files[index].bytes, as: UTF8.self).split(
                separator: " ", omittingEmptySubsequences: false)
            let other = String(decoding: files[Int.random(in: files.indices, using: &random)].bytes, as: UTF8.self)
                .split(separator: " ")
            var edited = words.map(String.init)
            edited[Int.random(in: edited.indices, using: &random)] =
                other.randomElement(using: &random).map(String.init) ?? ""
            files[index].bytes = Array(edited.joined(separator: " ").utf8)
        }
        return paths
    }
}

/// Vigna's SplitMix64.
private struct SeededDraws: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

import Foundation
import TestKit
import Testing

/// GHSA-jhqp-vf4w-rpwq: manifests that take many times their size in memory.
struct ReadingMemoryTests {
    private static let files = 4

    enum Shape: String, CaseIterable {
        case documents, unknownFields, longTexts, manyItems, aliases, nested, remarks, unenforced

        /// Of memory for a mebibyte of YAML, beyond what the program takes for none.
        static let bytesPerMebibyteMax = 64 << 20

        /// Not quite a mebibyte, which is what one file may have.
        func text(_ file: Int) -> String {
            switch self {
            case .documents: filled { Declared.project("p\(file)-\($0)", "Project \($0)") + "---\n" }
            case .unknownFields:
                "apiVersion: charter/v1\nkind: Project\nmetadata: { name: p\(file) }\nspec:\n" + filled { "  unknown\($0): x\n" }
            case .longTexts:
                "apiVersion: charter/v1\nkind: Project\nmetadata: { name: p\(file) }\nspec:\n"
                    + (0..<5).map { "  text\($0): " + String(repeating: "x", count: 200_000) + "\n" }.joined()
            case .manyItems:
                "apiVersion: charter/v1\nkind: Project\nmetadata: { name: p\(file) }\nspec:\n  tags: [" + filled(of: 700_000) { "a\($0), " } + "]\n"
            case .aliases:
                "apiVersion: charter/v1\nkind: Project\nmetadata: { name: p\(file) }\nspec:\n  all: &all [1, 2, 3]\n" + filled { "  a\($0): *all\n" }
            // Nothing but warnings: remarks that silence nothing, and fields that are not enforced.
            case .remarks: "# a file\n" + filled { _ in "# charter:ignore CH0912 b\n" }
            case .unenforced:
                filled { "apiVersion: charter/v1\nkind: Guardrail\nmetadata: { name: g\(file)-\($0) }\nspec: { mode: observe, reads: input, size: { body: 1kB } }\n---\n" }
            case .nested: filled { _ in "- " + String(repeating: "[", count: 60) + String(repeating: "]", count: 60) + "\n" }
            }
        }

        private func filled(of bytes: Int = 1_000_000, _ part: (Int) -> String) -> String {
            var text = ""
            var number = 0
            while text.utf8.count < bytes {
                text += part(number)
                number += 1
            }
            return text
        }
    }

    private func peak(_ files: [String: String]) throws -> Int {
        let folder = try TemporaryDirectory()
        for (path, text) in files { try folder.write(text, to: path) }
        let run = try MeasuredRun(["validate", folder.path])
        #expect([0, 1].contains(run.outcome.code), "\(run.outcome.errors.prefix(2000))")
        return run.peak
    }

    @Test(arguments: Shape.allCases) func `a mebibyte of YAML takes at most 64 of memory, and one of nothing but mistakes or warnings no more`(shape: Shape) throws {
        let none = try peak(Declared.platform)
        var files = Declared.platform
        for number in 0..<Self.files { files["orgs/acme/big\(number).yaml"] = shape.text(number) }
        let some = try peak(files)
        let each = (some - none) / Self.files
        #expect(each < Shape.bytesPerMebibyteMax, "\(shape.rawValue): \(each >> 10) KiB for each")
    }

    @Test func `a 60 MB blob and a tree bomb of 10^8 files are refused at the cost of neither`() throws {
        let forge = try TreeForge()
        let sound = TreeForge.Entry("100644", "sound.yaml", try forge.blob())
        func measure(_ entries: TreeForge.Entry...) throws -> MeasuredRun {
            try forge.commit(forge.tree((entries + [sound]).sorted { $0.name.lexicographicallyPrecedes($1.name) }))
            return try MeasuredRun(["validate", forge.repository.path, "--rev", "main", "--max-files", "1000"])
        }
        let nothing = try measure().peak
        let file = forge.repository.root.appending(path: "large").path
        try forge.repository.shell("truncate -s 60M '\(file)'")
        let large = try measure(.init("100644", "large.yaml", forge.repository.git("hash-object", "-w", file)))
        #expect(large.outcome.output.contains("large.yaml"), "\(large.outcome)")
        #expect(large.peak - nothing < 30 << 20, "\((large.peak - nothing) >> 20) MiB")
        var (id, mode) = (try forge.blob(), "100644")
        for level in 0..<8 {
            id = try forge.tree((0..<10).map { TreeForge.Entry(mode, "f\($0)\(level == 0 ? ".yaml" : "")", id) })
            mode = "40000"
        }
        let clock = ContinuousClock()
        let began = clock.now
        let bomb = try measure(.init("40000", "bomb", id))
        #expect(clock.now - began < .seconds(20))
        #expect(bomb.outcome.code != 0 && (bomb.outcome.output + bomb.outcome.errors).contains("more than 1000 YAML files"), "\(bomb.outcome)")
        #expect(bomb.peak - nothing < 64 << 20, "\((bomb.peak - nothing) >> 20) MiB")
    }
}

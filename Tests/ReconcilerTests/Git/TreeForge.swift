import Foundation
import TestKit

@testable import Reconciler

/// Writes trees that Git itself would not, object by object.
struct TreeForge {
    let repository: TestRepository

    struct Entry {
        var mode: String
        var name: [UInt8]
        var id: String

        init(_ mode: String, _ name: String, _ id: String) {
            self.init(mode, Array(name.utf8), id)
        }

        init(_ mode: String, _ name: [UInt8], _ id: String) {
            self.mode = mode
            self.name = name
            self.id = id
        }
    }

    init() throws { repository = try TestRepository() }

    private func write(_ bytes: [UInt8], type: String) throws -> String {
        let file = repository.root.appending(path: "object-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try repository.git("hash-object", "-t", type, "--literally", "-w", file.path)
    }

    func blob(_ text: String = "a: 1\n") throws -> String { try write(Array(text.utf8), type: "blob") }

    /// In the order given.
    func tree(_ entries: [Entry]) throws -> String {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes += Array(entry.mode.utf8) + [0x20] + entry.name + [0]
            let digits = Array(entry.id)
            for offset in stride(from: 0, to: 40, by: 2) { bytes.append(UInt8(String(digits[offset...offset + 1]), radix: 16) ?? 0) }
        }
        return try tree(bytes)
    }

    /// Of these very bytes, whatever they are.
    func tree(_ bytes: [UInt8]) throws -> String { try write(bytes, type: "tree") }

    /// The tip of `main`.
    @discardableResult
    func commit(_ tree: String, at date: String = "1700000000 +0000") throws -> String {
        let text = "tree \(tree)\nauthor Ada <a@x> \(date)\ncommitter Ada <a@x> \(date)\n\nForged\n"
        let id = try write(Array(text.utf8), type: "commit")
        try repository.git("update-ref", "refs/heads/main", id)
        return id
    }

    func read(limits: GitLimits = GitLimits()) throws -> TreeReading {
        let opened = try GitRepository(at: repository.path)
        guard let main = BranchName("main") else { return TreeReading() }
        return try opened.files(of: opened.tip(of: main), limits: limits)
    }
}

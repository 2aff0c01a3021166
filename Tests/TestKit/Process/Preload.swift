internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// A library of `Tests/Shims` that stands between a program and the C library, and the page of memory by which it is told what to do.
package final class Preload: Sendable {
    package enum Library: String, Sendable {
        /// A wall clock that is wrong.
        case clock
        /// A disk that refuses.
        case disk
    }

    private let library: Library
    private let folder: TemporaryDirectory
    // Escape: whole words, which the other process reads whenever it likes.
    private nonisolated(unsafe) let page: UnsafeMutablePointer<Int64>
    private static let bytes = 4096

    /// Builds it with the system's C compiler.
    package init(_ library: Library) throws {
        self.library = library
        folder = try TemporaryDirectory()
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Shims/\(library.rawValue).c").path
        // Whichever the machine has: the toolchain of Swift brings one of its own.
        let compiler = try ["cc", "gcc", "clang"].first { try Subprocess.run(["sh", "-c", "command -v " + $0]).code == 0 } ?? "cc"
        let built = try Subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", folder.path + "/shim.so", source, "-ldl"])
        guard built.code == 0 else { throw Refused(words: built.errors) }
        let file = try folder.write(String(repeating: "\0", count: Self.bytes), to: "page")
        let descriptor = open(file, O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        guard let start = mmap(nil, Self.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), Int(bitPattern: start) != -1 else {
            throw SystemError(call: "mmap", code: errno)
        }
        page = start.assumingMemoryBound(to: Int64.self)
    }

    deinit { munmap(page, Self.bytes) }

    /// For the program that is to run under it, and under what the tests run under themselves, as they do beneath a sanitizer.
    package var environment: [String: String] {
        let outer = getenv("LD_PRELOAD").map { [String(cString: $0)] } ?? []
        return [
            "LD_PRELOAD": ([folder.path + "/shim.so"] + outer).joined(separator: ":"),
            "CHARTER_TEST_\(library.rawValue.uppercased())": folder.path + "/page",
        ]
    }

    /// What the library reads at its next call; the places are those of its source.
    package func set(_ place: Int, to value: Int64) { page[place] = value }
    package func value(_ place: Int) -> Int64 { page[place] }

    struct Refused: Error { let words: String }
}

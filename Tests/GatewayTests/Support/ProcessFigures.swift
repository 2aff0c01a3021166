import Foundation
import Testing

/// What a process uses, as the kernel tells (proc(5)).
struct ProcessFigures {
    let pid: Int32

    /// Hundredths of a second of processor time so far (fields 14 and 15 of `stat`).
    func processorTicks() throws -> Int {
        let fields = try text("stat").split(separator: ")").last?.split(separator: " ") ?? []
        return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
    }

    /// Whether resident memory is what the program uses: the address sanitizer keeps what was freed, and more beside all that is used.
    private static let areOfMemory = dlsym(nil, "__asan_init") == nil

    /// Resident memory grew by less than so many bytes.
    static func expect(grown: Int, below bound: Int, sourceLocation: Testing.SourceLocation = #_sourceLocation) {
        #expect(!areOfMemory || grown < bound, "\(grown >> 20) MiB more", sourceLocation: sourceLocation)
    }

    /// Bytes of memory that are resident (field 2 of `statm`, in pages).
    func residentBytes() throws -> Int {
        let fields = try text("statm").split(separator: " ")
        return (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    func descriptors() throws -> Int { try openFiles().count }

    /// Open descriptors that are no connections to `port` of a peer (proc(5): `net/tcp`).
    func descriptors(besideConnectionsTo port: UInt16) throws -> Int {
        let suffix = String(format: ":%04X", port)
        let inodes = try text("net/tcp").split(separator: "\n").dropFirst().compactMap { line -> Substring? in
            let fields = line.split(separator: " ")
            return fields[2].hasSuffix(suffix) ? fields[9] : nil
        }
        let sockets = Set(inodes.map { "socket:[\($0)]" })
        return try openFiles().filter { !sockets.contains($0) }.count
    }

    /// What each descriptor stands for; some are closed while they are looked at.
    private func openFiles() throws -> [String] {
        let folder = "/proc/\(pid)/fd"
        return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
        }
    }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: "/proc/\(pid)/\(name)", encoding: .utf8) }
}

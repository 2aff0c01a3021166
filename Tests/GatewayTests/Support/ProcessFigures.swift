import Foundation

/// What a process uses, as the kernel tells (proc(5)).
struct ProcessFigures {
    let pid: Int32

    /// Hundredths of a second of processor time so far (fields 14 and 15 of `stat`).
    func processorTicks() throws -> Int {
        let fields = try text("stat").split(separator: ")").last?.split(separator: " ") ?? []
        return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
    }

    /// Bytes of memory that are resident (field 2 of `statm`, in pages).
    func residentBytes() throws -> Int {
        let fields = try text("statm").split(separator: " ")
        return (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: "/proc/\(pid)/\(name)", encoding: .utf8) }
}

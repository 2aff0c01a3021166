import Glibc
import HTTP

/// Where this program lay when it was started: a newer one may lie there by now.
struct ProgramFile {
    private let path: String
    private let arguments: [String]

    init?() {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        guard count > 0 else { return nil }
        path = String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        arguments = CommandLine.arguments
    }

    /// Starts it with the arguments of this process and a few more variables; no signal is blocked or ignored there.
    func start(_ more: [String: String]) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var usual = sigset_t()
        sigfillset(&usual)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var pid = pid_t()
        let code = Self.withPointers(arguments) { arguments in
            Self.withPointers(Self.environment(more)) { posix_spawn(&pid, path, nil, &attributes, arguments, $0) }
        }
        guard code == 0 else { throw SystemError(code, call: "posix_spawn") }
        return pid
    }

    /// The variables that this process was started with (proc(5)), `more` in place of those of the same names.
    private static func environment(_ more: [String: String]) -> [String] {
        let inherited = bytes(of: "/proc/self/environ").split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return inherited.filter { line in !more.keys.contains { line.hasPrefix($0 + "=") } } + more.map { "\($0.key)=\($0.value)" }
    }

    private static func bytes(of path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { return all }
            all += piece[..<count]
        }
    }

    private static func withPointers<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}

internal import Glibc

/// What the child that fetches may use of the machine, whatever a server sends it.
struct ProcessBounds {
    private let memory: Int
    private let fileBytes: Int

    /// An index lies beside its pack and may be the larger one where objects are small.
    private static let indexShare = 2

    init(_ order: FetchOrder) {
        memory = order.memoryMax
        fileBytes = max(order.bytesMax, order.mirrorBytesMax / Self.indexShare)
    }

    /// Holds for the rest of this process (setrlimit(2)).
    func hold() throws(SystemError) {
        // Data and not address space: packs are mapped, and what is mapped of a file costs no memory of ours.
        try limit(RLIMIT_DATA, to: memory)
        try limit(RLIMIT_FSIZE, to: fileBytes)
        try limit(RLIMIT_CORE, to: 0)
        // A file that grows too long is then an error of write(2), with words, and not a signal.
        signal(SIGXFSZ, SIG_IGN)
    }

    private func limit(_ resource: __rlimit_resource, to most: Int) throws(SystemError) {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0 else { throw SystemError("ask for a limit", code: errno) }
        limits.rlim_cur = min(rlim_t(most), limits.rlim_max)
        limits.rlim_max = limits.rlim_cur
        guard setrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0 else { throw SystemError("set a limit", code: errno) }
    }
}

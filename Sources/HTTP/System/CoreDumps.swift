internal import Glibc

/// Images of memory that the system writes of a process that dies, in which every secret would stand.
package enum CoreDumps {
    /// None is written from now on, of this process or of those it starts: by a limit of no bytes (setrlimit(2)), and for systems
    /// that hand the image to a program whatever the limit, by a filter that leaves all memory out (core(5)).
    ///
    /// Not by PR_SET_DUMPABLE, which would take the files of /proc/self away from a process that is not root's.
    /// Throws where the system keeps the process from it.
    package static func forbid() throws(SystemError) {
        var none = rlimit()
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 else { throw SystemError(errno, call: "setrlimit") }
        let filter = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC)
        // Kernels without the file write no cores.
        guard filter >= 0 else { return }
        defer { close(filter) }
        guard write(filter, "0", 1) == 1 else { throw SystemError(errno, call: "write") }
    }
}

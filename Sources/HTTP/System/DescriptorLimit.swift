internal import Glibc

/// How many descriptors this process may have open (RLIMIT_NOFILE, getrlimit(2)).
package enum DescriptorLimit {
    /// Raises the limit as far as this process may, and says how far that was.
    package static func raise() -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return usual }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let isRaised = setrlimit(resource, &limit) == 0
        return Int(clamping: isRaised ? limit.rlim_max : before)
    }

    private static let usual = 1024
}

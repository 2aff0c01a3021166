/// A listening socket that another process made: a service manager, or the gateway before this one.
package struct InheritedSocket: Hashable, Sendable {
    package var descriptor: Int32
    package var role: ListenerRole

    package init(descriptor: Int32, role: ListenerRole) {
        self.descriptor = descriptor
        self.role = role
    }
}

/// What a listener serves.
package enum ListenerRole: String, Hashable, Sendable {
    case data
    case admin
}

extension InheritedSocket {
    /// Those of socket activation (sd_listen_fds(3)): `LISTEN_FDS` of them from descriptor 3 on. The one named `admin` is the
    /// admin listener's. None when they are meant for another process.
    package static func activated(_ environment: (String) -> String?, process: Int32) -> [InheritedSocket] {
        guard let count = environment("LISTEN_FDS").flatMap(Int.init), (1...countMax).contains(count),
            environment("LISTEN_PID").flatMap({ Int32($0) }) == process
        else { return [] }
        let names = (environment("LISTEN_FDNAMES") ?? "").split(separator: ":", omittingEmptySubsequences: false)
        return (0..<count).map { index in
            let isAdmin = index < names.count && names[index] == ListenerRole.admin.rawValue
            return InheritedSocket(descriptor: firstDescriptor + Int32(index), role: isAdmin ? .admin : .data)
        }
    }

    private static let firstDescriptor: Int32 = 3
    private static let countMax = 512
}

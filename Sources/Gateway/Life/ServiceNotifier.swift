internal import Glibc
internal import HTTP

/// Tells the service manager how the process is doing (sd_notify(3)); does nothing where there is none.
package struct ServiceNotifier: Sendable {
    private let socket: String?
    /// How often the manager wants to hear that the process makes progress; nil when it does not ask.
    package let watchdogEvery: Duration?

    /// From `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`. A process that takes over from the one that was asked
    /// also answers for it.
    package init(_ environment: (String) -> String?, process: Int32, takesOver: Bool) {
        let name = environment("NOTIFY_SOCKET") ?? ""
        socket = name.hasPrefix("/") || name.hasPrefix("@") ? name : nil
        let isMeant = environment("WATCHDOG_PID").flatMap { Int32($0) }.map { $0 == process || takesOver } ?? true
        let microseconds = environment("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
        watchdogEvery = isMeant && microseconds > 0 && socket != nil ? .microseconds(microseconds) : nil
    }

    package enum State: Hashable, Sendable {
        case ready
        /// Still starting: the manager must not give up for as long.
        case starting(for: Duration)
        case reloading
        case stopping
        /// The loops make progress.
        case alive
        /// Another process is the service from now on.
        case follower(Int32)
    }

    /// Waits a second for a manager that has not read what came before, but for what is said again anyway.
    package func tell(_ state: State, status: String? = nil) {
        guard let socket else { return }
        var lines = [Self.line(state)]
        if let status { lines.append("STATUS=" + status.replacing("\n", with: " ")) }
        let patience: Duration =
            switch state {
            case .alive, .starting: .zero
            case .ready, .reloading, .stopping, .follower: .seconds(1)
            }
        DatagramNote.send(lines.joined(separator: "\n"), to: socket, patience: patience)
    }

    private static func line(_ state: State) -> String {
        switch state {
        case .ready: "READY=1"
        case .starting(let duration): "EXTEND_TIMEOUT_USEC=\(duration.inNanoseconds / 1000)"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(WallClock.monotonicNanoseconds / 1000)"
        case .stopping: "STOPPING=1"
        case .alive: "WATCHDOG=1"
        case .follower(let process): "MAINPID=\(process)"
        }
    }
}

internal import Glibc

/// A named point at which a test may stop or kill this process: `CHARTER_FAILPOINT=apply:mid=kill`.
///
/// The variable holds `<point>` or `<point>=<action>`; the actions are `kill` (SIGKILL, the default) and `stop`
/// (SIGSTOP, until somebody sends SIGCONT). Without the variable a point costs one look at the environment.
package enum Failpoint: String, CaseIterable, Sendable {
    /// Before the transaction of an apply begins.
    case beforeApply = "apply:begin"
    /// With every resource written and the revision not yet recorded.
    case midApply = "apply:mid"
    /// With everything written, before COMMIT.
    case beforeCommit = "apply:commit"
    /// After COMMIT, before anything is reported.
    case afterApply = "apply:done"

    package static let variable = "CHARTER_FAILPOINT"

    /// Does what the environment asks of this point.
    package func reach() {
        guard let text = getenv(Self.variable).map({ String(cString: $0) }) else { return }
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.first.map(String.init) == rawValue else { return }
        kill(getpid(), parts.count == 2 && parts[1] == "stop" ? SIGSTOP : SIGKILL)
    }
}

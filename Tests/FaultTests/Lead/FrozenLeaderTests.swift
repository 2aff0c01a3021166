import Foundation
import Store
import TestKit
import Testing

/// A leader that stops past its lease, as a paused virtual machine does, and wakes when another has moved on.
struct FrozenLeaderTests {
    /// Outside its transaction a leader holds nothing up for longer than its lease.
    @Test(arguments: [Failpoint.afterLead, .beforeApply, .afterApply])
    func `F2 another takes over when the lease is over, and the first writes nothing when it wakes`(point: Failpoint) throws {
        try freeze(at: point, within: .seconds(30))
    }

    /// Inside, PostgreSQL holds the lead for it until it counts as dead: after a minute, or two within a statement that waits for it.
    @Test(
        .enabled(if: FaultSettings.isLong, "takes minutes; `make faults`"),
        arguments: [Failpoint.afterVerification, .midCopy, .beforeCommit])
    func `a leader that froze inside its transaction keeps others out for a minute or two, and no longer`(point: Failpoint) throws {
        try freeze(at: point, within: .seconds(point == .midCopy ? 200 : 90))
    }

    /// The same in short: PostgreSQL gives the session up as it does after that minute, but at once.
    @Test(arguments: [Failpoint.afterVerification, .beforeCommit])
    func `F2 a leader whose session was given up while it stood still in its transaction writes nothing when it wakes`(point: Failpoint) throws {
        try freeze(at: point, within: .seconds(20), givingUp: true)
    }

    /// With `givingUp`, the session that stands still is ended as PostgreSQL's own bound ends it.
    private func freeze(at point: Failpoint, within bound: Duration, givingUp: Bool = false) throws {
        let scene = try FaultScene()
        try scene.apply()
        let tip = try scene.commit(2)
        // Long enough that a machine that stands still for a moment costs nobody the lead.
        let frozen = try scene.start("watch", "--lease", "3s", at: point, stop: true)
        try eventually(within: .seconds(15), "the first stands still") { frozen.isStopped }
        let other = try scene.start("watch", "--lease", "3s")
        if givingUp {
            try eventually(within: .seconds(15), "the session that stands still is given up") { try scene.sql(Self.giveUp) == ["true"] }
        }
        try eventually(within: bound, "the second leads") { other.errors.contains(" led ") }
        try eventually(within: .seconds(20), "the second goes on") { try scene.applied == tip }
        let next = try scene.commit(3)
        try eventually(within: .seconds(20), "and on") { try scene.applied == next }
        let before = try scene.fingerprint()
        frozen.kill(18)
        try eventually(within: .seconds(15), "the first notices: \(frozen.errors)") {
            ["lost_lead", "retrying"].contains { frozen.errors.contains(" \($0)") }
        }
        // It stands by, as the other still leads, and takes over when that one goes.
        #expect(try scene.fingerprint() == before)
        try expectNothing(scene.whatIsWrong())
        other.kill(9)
        let last = try scene.commit(4)
        try eventually(within: .seconds(30), "the first leads again: \(frozen.errors)") { try scene.applied == last }
        #expect(frozen.errors.split(separator: "\n").count { $0.contains(" led ") } == 2, "\(frozen.errors)")
        frozen.kill(15)
        #expect(frozen.wait(within: .seconds(15)) == 0)
        try expectNothing(scene.whatIsWrong())
    }

    private static let giveUp = """
        SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction' AND state_change < now() - interval '1 second'
        """

    @Test func `a person's apply takes the lead from a leader that froze, which writes nothing when it wakes`() throws {
        let scene = try FaultScene()
        try scene.apply()
        try scene.commit(2)
        let frozen = try scene.start("watch", at: .beforeApply, stop: true)
        try eventually(within: .seconds(15), "the first stands still") { frozen.isStopped }
        try expectNothing(scene.converge())
        let before = try scene.fingerprint()
        frozen.kill(18)
        try eventually(within: .seconds(15), "the first notices") { frozen.errors.contains(" lost_lead") }
        #expect(try scene.fingerprint() == before)
    }
}

extension FaultSettings {
    /// Whether there is time for what takes minutes.
    static var isLong: Bool { fromEnvironment.moments >= 100 }
}

extension Subprocess {
    /// Whether a signal stopped it.
    var isStopped: Bool { Self.state(of: pid) == "T" }

    /// Whether a process that is no child of ours is over; it stays a zombie where the first process of a container reaps nobody.
    static func hasEnded(_ pid: Int32) -> Bool { state(of: pid).map { "ZX".contains($0) } ?? true }

    /// Of a process that there is (proc(5), the field behind the name).
    private static func state(of pid: Int32) -> Character? {
        let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return status?.split(separator: ")").last?.dropFirst().first
    }
}

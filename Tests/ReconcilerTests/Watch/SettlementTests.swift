import Spec
import Testing

@testable import Reconciler
@testable import Store

struct SettlementTests {
    private let commit = ObjectID(hex: String(repeating: "a", count: 40))!
    private let start = ContinuousClock.now
    private var settlement = Settlement(pauseMax: .seconds(30))

    init() {
        settlement.settle(commit, as: .done)
        _ = settlement.heed(UnitControl(), unit: "default", isScanDue: false)
    }

    private func commit(
        after outcome: Settlement.Outcome, _ control: UnitControl, isScanDue: Bool = false, later pause: Duration = .zero
    ) -> ObjectID? {
        var settlement = settlement
        settlement.settle(commit, as: outcome, now: start)
        _ = settlement.heed(control, unit: "default", isScanDue: isScanDue, at: start + pause)
        return settlement.commit
    }

    @Test func `another unit's move calls for another look at what is not done`() {
        let moved = UnitControl(lastRevisionOfOthers: 7)
        #expect(commit(after: .done, moved) == commit)
        #expect(commit(after: .rejected, moved) == nil)
        #expect(commit(after: .waiting, moved) == nil)
        #expect(commit(after: .unchecked, moved) == nil)
        #expect(commit(after: .rejected, UnitControl()) == commit)
    }

    @Test func `an approval and time call for another look at what waits, and at nothing else`() {
        let approved = UnitControl(lastApprovals: [3])
        #expect(commit(after: .waiting, approved) == nil)
        #expect(commit(after: .waiting, UnitControl(), isScanDue: true) == nil)
        #expect(commit(after: .waiting, UnitControl()) == commit)
        for outcome in [Settlement.Outcome.done, .rejected] {
            #expect(commit(after: outcome, approved, isScanDue: true, later: .seconds(3600)) == commit)
        }
    }

    @Test func `an approval that is committed behind a later one calls for another look as well`() {
        var settlement = settlement
        settlement.settle(commit, as: .waiting)
        _ = settlement.heed(UnitControl(lastApprovals: [6]), unit: "default", isScanDue: false)
        settlement.settle(commit, as: .waiting)
        _ = settlement.heed(UnitControl(lastApprovals: [6, 5]), unit: "default", isScanDue: false)
        #expect(settlement.commit == nil)
    }

    @Test func `each revert that is asked for calls for a scan, those of a suspended unit when it goes on, and none twice`() {
        var settlement = settlement
        func isScanWanted(_ control: UnitControl) -> Bool {
            let before = settlement.control
            _ = settlement.heed(control, unit: "default", isScanDue: false)
            return settlement.wantsRevert(since: before)
        }
        let suspension = UnitSuspension(unit: "default", actor: "mira", reason: "a night", since: Instant(milliseconds: 0), until: nil)
        #expect(isScanWanted(UnitControl(revertsAsked: 4)))
        #expect(!isScanWanted(UnitControl(revertsAsked: 4)))
        #expect(isScanWanted(UnitControl(revertsAsked: 9)), "another one, while the first one waits")
        #expect(!isScanWanted(UnitControl(suspension: suspension, revertsAsked: 20)))
        #expect(isScanWanted(UnitControl(revertsAsked: 20)))
        #expect(!isScanWanted(UnitControl()))
    }

    @Test func `what could not be checked is tried again after pauses that grow`() {
        var settlement = settlement
        var pauses: [Duration] = []
        for _ in 1...8 {
            settlement.settle(commit, as: .unchecked, now: start)
            pauses.append(settlement.rest(of: .seconds(3600), now: start))
            _ = settlement.heed(UnitControl(), unit: "default", isScanDue: true, at: start)
            #expect(settlement.commit == commit)
            _ = settlement.heed(UnitControl(), unit: "default", isScanDue: false, at: start + .seconds(30))
            #expect(settlement.commit == nil)
        }
        #expect(pauses.allSatisfy { $0 >= .milliseconds(500) && $0 <= .seconds(30) })
        #expect(pauses[7] > pauses[0] * 4)
        settlement.settle(commit, as: .done, now: start)
        #expect(settlement.rest(of: .seconds(3600), now: start) == .seconds(3600))
    }

    @Test func `a suspension and a hold are told once, and what moved meanwhile is looked at`() {
        var settlement = settlement
        let suspension = UnitSuspension(unit: "default", actor: "mira", reason: "x", since: .now, until: nil)
        var told: [String] = []
        for control in [UnitControl(suspension: suspension), UnitControl(suspension: suspension), UnitControl()] {
            told += settlement.heed(control, unit: "default", isScanDue: false).map(\.name)
        }
        #expect(told == ["suspended", "resumed"])
        #expect(settlement.commit == nil)
    }

    @Test func `what is said of a commit again in the same words is no news`() {
        var settlement = settlement
        let news = ["a", "a", "b", "a"].map { settlement.isNews(WatchEvent("rejected", [("reason", .string($0))])) }
        #expect(news == [true, false, true, true])
    }
}

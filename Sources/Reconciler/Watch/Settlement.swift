internal import Spec
internal import Store

/// The commit that a unit was brought to, what came of it, and what calls for another look although the branch has not moved; a value.
struct Settlement {
    enum Outcome: Hashable {
        /// The database is as the commit declares.
        case done
        /// It waits for somebody's word.
        case waiting
        /// It has mistakes, which may be in how it goes with what other units have applied.
        case rejected
        /// It was rejected since a signature could not be checked, which may be possible later.
        case unchecked
    }

    /// Nil where the next turn looks at whatever the branch names.
    private(set) var commit: ObjectID?
    private var outcome = Outcome.done
    /// What people said of the unit, and how far others were, when it was last asked.
    private(set) var control: UnitControl?
    /// The pauses between attempts to check a signature.
    private var pauses: Backoff
    private var nextLook: ContinuousClock.Instant?
    /// What was last told of the commit.
    private var told: String?

    init(pauseMax: Duration) { pauses = Backoff(first: .seconds(1), max: pauseMax) }

    mutating func settle(_ commit: ObjectID, as outcome: Outcome, now: ContinuousClock.Instant = .now) {
        (self.commit, self.outcome) = (commit, outcome)
        guard outcome == .unchecked else {
            pauses.reset()
            nextLook = nil
            return
        }
        nextLook = now + pauses.pause(draw: .random(in: 0..<1))
    }

    /// The next turn looks at the branch's commit, whether it was dealt with or not.
    mutating func reopen() { commit = nil }

    /// False for what was told of the commit in the same words, when it is looked at again.
    mutating func isNews(_ event: WatchEvent) -> Bool {
        let text = event.text(at: Instant(milliseconds: 0))
        defer { told = text }
        return told != text
    }

    /// How long the loop may rest at most.
    func rest(of pause: Duration, now: ContinuousClock.Instant = .now) -> Duration {
        guard commit != nil, let nextLook else { return pause }
        return max(.zero, min(pause, now.duration(to: nextLook)))
    }

    /// Takes in how the unit stands now, and answers what there is to tell; `isScanDue` once in a while.
    mutating func heed(
        _ now: UnitControl, unit: String, isScanDue: Bool, at instant: ContinuousClock.Instant = .now
    ) -> [WatchEvent] {
        defer { control = now }
        var events: [WatchEvent] = []
        if now.suspension != control?.suspension {
            // What moved meanwhile is looked at when the unit goes on.
            reopen()
            events.append(now.suspension.map(WatchEvent.suspended) ?? WatchEvent("resumed", [("unit", .string(unit))]))
        }
        if now.hold != control?.hold {
            reopen()
            events.append(now.hold.map(WatchEvent.held) ?? WatchEvent("released", [("unit", .string(unit))]))
        }
        if mayComeOutOtherwise(now, isScanDue, instant) { reopen() }
        return events
    }

    /// Whether somebody asked for drift to be put right since `before`, or did while nothing was applied to the unit.
    func wantsRevert(since before: UnitControl?) -> Bool {
        guard let control, control.revertsAsked != 0, control.suspension == nil else { return false }
        return control.revertsAsked != before?.revertsAsked || before?.suspension != nil
    }

    private func mayComeOutOtherwise(_ now: UnitControl, _ isScanDue: Bool, _ instant: ContinuousClock.Instant) -> Bool {
        let haveOthersMoved = now.lastRevisionOfOthers != control?.lastRevisionOfOthers
        return switch outcome {
        case .done: false
        // Time alone may lift a block too, such as a key that is no longer used.
        case .waiting: haveOthersMoved || isScanDue || now.lastApprovals != control?.lastApprovals
        case .rejected: haveOthersMoved
        case .unchecked: haveOthersMoved || nextLook.map { $0 <= instant } ?? true
        }
    }
}

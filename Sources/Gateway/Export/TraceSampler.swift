internal import Policy

/// Which traces are exported, as OpenTelemetry's samplers say.
package struct TraceSampler: Hashable, Sendable {
    /// Whether a client's word about its own trace holds.
    private let isParentBased: Bool
    /// Traces are exported whose random 63 bits lie below, so that all who sample the same share keep the same traces.
    private let threshold: UInt64

    /// What holds where nothing is said: a client's word, else every trace.
    package static let standard = TraceSampler(isParentBased: true, share: 1)

    private init(isParentBased: Bool, share: Double) {
        self.isParentBased = isParentBased
        threshold = share >= 1 ? .max : UInt64(share * 0x1p63)
    }

    /// Nil for a name that is none of the standard's, or an argument that is no share from 0 to 1.
    package init?(name: String, argument: String?) {
        let share: Double
        switch name {
        case "always_on", "parentbased_always_on": share = 1
        case "always_off", "parentbased_always_off": share = 0
        case "traceidratio", "parentbased_traceidratio":
            guard let given = argument.map({ Double($0) }) ?? 1, (0...1).contains(given) else { return nil }
            share = given
        default: return nil
        }
        self.init(isParentBased: name.hasPrefix("parentbased_"), share: share)
    }

    /// `parent` is what the client said of its trace; nil for a trace that the gateway begins.
    func samples(_ trace: TraceID, parent: Bool?) -> Bool {
        if isParentBased, let parent { return parent }
        return trace.low >> 1 < threshold
    }
}

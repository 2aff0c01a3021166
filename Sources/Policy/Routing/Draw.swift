/// Choices that follow from one number, so that a recorded draw gives the same order again.
struct Draw {
    private var state: UInt64

    /// The first choice uses the number as it is.
    init(_ draw: UInt64) { state = draw }

    /// A number below `bound`, proportional to the draw. Bias is below one in 2^32 for any sane sum of weights.
    mutating func next(below bound: UInt64) -> UInt64 {
        let choice = state.multipliedFullWidth(by: bound).high
        state = Self.mixed(state)
        return choice
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    private static func mixed(_ state: UInt64) -> UInt64 {
        var mixed = state &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

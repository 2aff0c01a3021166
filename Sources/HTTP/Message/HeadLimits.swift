/// How much of a head is taken, in bytes without line ends except of the whole.
struct HeadLimits {
    /// Empty lines before the first.
    var emptyLinesMax: Int
    var firstLineMax: Int
    /// Any line behind the first.
    var lineMax: Int
    var headMax: Int
}

extension HTTPLimits {
    /// Some clients send one line end more than a body has (RFC 9112 §2.2).
    private static let emptyLinesMax = 1

    var head: HeadLimits {
        HeadLimits(
            emptyLinesMax: Self.emptyLinesMax, firstLineMax: targetBytesMax, lineMax: headerLineBytesMax, headMax: headBytesMax)
    }
}

extension ClientLimits {
    var head: HeadLimits {
        HeadLimits(emptyLinesMax: 0, firstLineMax: headBytesMax, lineMax: headBytesMax, headMax: headBytesMax)
    }
}

/// How much of a provider's answer is kept in memory.
enum AnswerLimits {
    /// Up to here a plain answer is read whole, so that its head can tell its cost; a larger one is passed on as it comes.
    static let keptBytesMax = 4 << 20
    /// The end of a passed answer, in which its usage stands.
    static let tailBytesMax = 16 << 10
    /// Of a provider's error, whose words fit in much less.
    static let refusalBytesMax = 64 << 10
    /// Events held back until a stream has content; a provider that sends more than this before it has none.
    static let heldBackBytesMax = 32 << 10
    /// Of the length that the head of a broken answer tells.
    static let lengthBelievedMax = 4 << 20
    /// How long the usage of a stream may take whose text is whole and whose client has left.
    static let usageWaitMax = Duration.seconds(1)
    /// A reused connection that ends within this time of a request was stale, and the request went unread.
    static let staleNanosecondsMax: Int64 = 1_000_000_000
}

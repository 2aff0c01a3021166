/// Why a token or a set of keys is not good, as the end of a sentence about it; for the log, never for whoever presented it.
struct TokenProblem: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What a repository may ask of its readers; each is a setting, and more than one of them ends in one clear error.
package struct ReadingLimits: Hashable, Sendable {
    /// YAML files of the whole: ten times the largest repository foreseen.
    package var filesMax = 250_000
    /// Bytes of all YAML files together; they are in memory while they are parsed.
    package var bytesMax = 512 << 20
    /// Bytes of one file: a hundred times the largest hand-written one seen.
    package var fileBytesMax = 1 << 20
    /// Keys and values of one file: bounds its tree at some 200 bytes each.
    package var nodesMax = 200_000
    /// Nested lists and mappings: the deepest kind needs fewer than ten; libyaml's time grows with the square.
    package var depthMax = 64
    /// Keys and values that the aliases of one file add: twenty limits said once and used fifty times. Aliases of
    /// aliases double with each line, so that ten lines could make a billion.
    package var aliasNodesMax = 1000

    /// Errors of one file that are listed, and as many warnings; the others are counted. Nobody mends more before looking again,
    /// and a mebibyte has room for a hundred thousand, each with its line, place and hint.
    static let findingsListedMax = 200

    package init() {}

    package static let standard = ReadingLimits()

    /// What is said of a file with too many bytes, whoever meets it first; nil when it has not.
    package func problem(ofByteCount count: Int) -> (code: DiagnosticCode, message: String, hint: String)? {
        guard count > fileBytesMax else { return nil }
        return (
            .fileTooLarge, "the file has \(count) bytes, \(fileBytesMax) are allowed",
            "split it; several files may declare resources of one organization"
        )
    }
}

/// One breach of a rule of the house, at one line of one file.
struct Violation: Hashable, CustomStringConvertible {
    let path: String
    /// Counts from 1; 0 means the file as a whole.
    let line: Int
    let reason: String

    var description: String { "\(path):\(line): \(reason)" }
}

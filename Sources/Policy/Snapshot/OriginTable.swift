/// The origins that keys declare, each once.
struct OriginTable: Sendable {
    private var indexes: [String: Int32] = [:]

    /// Adds a declared origin where it is not in the table yet.
    mutating func index(of declared: String) -> Int32 {
        let pattern = WebOrigin.pattern(of: declared)
        if let index = indexes[pattern] { return index }
        let index = Int32(indexes.count)
        indexes[pattern] = index
        return index
    }

    /// Whether one of these indexes is of a pattern that means the pages.
    func matches(_ origin: WebOrigin, among declared: ArraySlice<Int32>) -> Bool {
        !declared.isEmpty && origin.firstPattern { indexes[$0].flatMap { declared.contains($0) ? $0 : nil } } != nil
    }

    /// Whether any pattern means the pages. Looks up as many names as the host has labels.
    func matches(_ origin: WebOrigin) -> Bool { origin.firstPattern { indexes[$0] } != nil }
}

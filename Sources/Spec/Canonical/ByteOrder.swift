extension String {
    /// Whether its UTF-8 comes first, byte by byte: the order of the canonical form, which no version of Unicode changes.
    func precedesInBytes(_ other: String) -> Bool {
        let (a, b) = (utf8.span, other.utf8.span)
        for index in 0..<min(a.count, b.count) where a[index] != b[index] { return a[index] < b[index] }
        return a.count < b.count
    }
}

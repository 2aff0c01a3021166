/// The part of a line that a finding covers, in the units that formats count in.
struct SourceColumns {
    /// Offsets in UTF-8 from the beginning of the line; never beyond its end.
    let bytes: Range<Int>
    /// What stands there.
    let covered: String

    /// `column` counts from 1 and `length` covers, both in Unicode scalars.
    init(_ line: String, column: Int, length: Int) {
        let scalars = line.unicodeScalars
        let start = scalars.index(scalars.startIndex, offsetBy: max(0, column - 1), limitedBy: scalars.endIndex)
        let first = start ?? scalars.endIndex
        let last = scalars.index(first, offsetBy: length, limitedBy: scalars.endIndex) ?? scalars.endIndex
        covered = String(scalars[first..<last])
        let offset = line.utf8.distance(from: line.startIndex, to: first)
        bytes = offset..<offset + covered.utf8.count
    }
}

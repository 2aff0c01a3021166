/// How units are called.
package enum UnitName {
    /// Bytes.
    private static let lengthMax = 63

    /// Lower-case letters and digits, with `-`, `_` and `.` after the first.
    package static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= lengthMax else { return false }
        return isLowerOrDigit(first) && name.utf8.allSatisfy { isLowerOrDigit($0) || "-_.".utf8.contains($0) }
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
}

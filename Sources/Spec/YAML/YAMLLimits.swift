/// What a file may ask of the reader.
enum YAMLLimits {
    /// Bytes of one file: a hundred times the largest hand-written one seen.
    static let fileBytesMax = 1 << 20
    /// Nested lists and mappings: the deepest kind needs fewer than ten; libyaml's time grows with the square.
    static let depthMax = 64
    /// Values in one file: bounds memory at about 200 bytes each.
    static let nodesMax = 200_000
}

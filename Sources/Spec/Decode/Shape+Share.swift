extension Shape where Value == Int {
    /// A percentage from 0 to 100, in hundredths.
    static var share: Shape<Int> {
        let percent = Shape<Percent>.amount
        return Shape(percent.describe()) { node, reading in
            guard let decoded = percent.read(node, reading) else { return nil }
            guard decoded.value.hundredths <= 10_000 else {
                reading.report(.valueInvalid, node.extent, "`\(decoded.value.text)` is more than the whole", hint: "at most `100%`")
                return nil
            }
            return Decoded(decoded.value.hundredths, decoded.canonical)
        }
    }
}

extension Unicode.Scalar {
    /// Whether it shows as itself: a terminal obeys control characters, and some format characters hide or turn what is read.
    package var isPrintable: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: false
        default: !isHidden
        }
    }

    /// Characters without width, and those that turn the direction of the text around them (Unicode Annex 9).
    ///
    /// The joiners U+200C and U+200D are not among them: some scripts cannot be written without.
    var isHidden: Bool {
        switch value {
        case 0x061C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F: true
        default: false
        }
    }
}

extension String {
    /// With U+FFFD in place of what is not printable: names, values and authors are written by strangers.
    package var printable: String {
        guard unicodeScalars.contains(where: { !$0.isPrintable }) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.isPrintable ? $0 : "\u{fffd}" }))
    }

    /// The first `count` characters, with a mark where more follow.
    package func shortened(to count: Int) -> String {
        guard let end = index(startIndex, offsetBy: count, limitedBy: endIndex), end < endIndex else { return self }
        return self[..<end] + "…"
    }
}

/// Names of files and folders may be of any script; few deceive.
extension Lookalikes {
    /// The first character by which a name passes for another path: a letter of another script among ASCII ones in one word, or what
    /// looks like the end of a folder or of a name; nil where none does.
    package static func firstPretender(inName name: String) -> Unicode.Scalar? {
        // Nearly always.
        if name.utf8.allSatisfy({ $0 < 0x80 }) { return nil }
        var pretender: Unicode.Scalar?
        var hasASCII = false
        for scalar in name.unicodeScalars {
            let plain = foreignASCII(of: scalar)
            if let plain, ["/", "."].contains(plain) { return scalar }
            guard scalar.properties.isAlphabetic else {
                (pretender, hasASCII) = (nil, false)
                continue
            }
            if scalar.isASCII { hasASCII = true } else if plain != nil { pretender = pretender ?? scalar }
            if hasASCII, let pretender { return pretender }
        }
        return nil
    }

    /// The name as it is read by somebody who takes every character for the ASCII one that it looks like.
    package static func asRead(_ name: String) -> String {
        if name.utf8.allSatisfy({ $0 < 0x80 }) { return name }
        return String(String.UnicodeScalarView(name.unicodeScalars.map { foreignASCII(of: $0) ?? $0 }))
    }

    /// Letters such as `ø` are of the same script and read as themselves.
    private static func foreignASCII(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard let plain = scalar.isASCII ? nil : ascii(of: scalar) else { return nil }
        return scalar.properties.name?.hasPrefix("LATIN ") == true ? nil : plain
    }
}

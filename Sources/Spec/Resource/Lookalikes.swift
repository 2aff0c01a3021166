/// Characters of other scripts that are read as ASCII (Unicode Technical Standard 39, confusables).
///
/// The common ones of Cyrillic, Greek, Armenian, Latin extensions, and all of the full-width forms.
package enum Lookalikes {
    private static let table: [Unicode.Scalar: Unicode.Scalar] = {
        let pairs = """
            аa ѕs сc ԁd еe һh іi јj ӏl оo рp ԛq ѡw ѵv хx уy АA ВB СC ЕE НH ІI ЈJ КK МM ОO РP ЅS ТT ХX УY ԌG Ԝw кk мm тt вb
            αa βb γy εe ηn ιi κk νv οo ρp σo τt υu χx ωw ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX
            օo սu հh ոn ցg զq ɑa ɡg ɩi ɪi ʀr ʏy ıi łl øo ǀl ℓl ℮e ⅰi ⅴv ⅹx ⅼl ⅽc ⅾd ⅿm
            ‐- ‑- ‒- –- —- ―- −- ﹣- ˗- ․. ‚, ʼ' ’' ‘' ∕/ ⁄/ ։: ꞉: ∶: ＿_
            """
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        for pair in pairs.split(whereSeparator: \.isWhitespace) {
            let scalars = Array(pair.unicodeScalars)
            if scalars.count == 2 { table[scalars[0]] = scalars[1] }
        }
        return table
    }()

    /// The ASCII character that it looks like.
    static func ascii(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if let known = table[scalar] { return known }
        // Full-width forms of `!` to `~`.
        return (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) : nil
    }

    /// The text as it looks; nil where a character of it looks like nothing in ASCII.
    static func ascii(of text: String) -> String? {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard let plain = scalar.isASCII ? scalar : ascii(of: scalar) else { return nil }
            scalars.append(plain)
        }
        return String(scalars)
    }

    /// `U+0430 CYRILLIC SMALL LETTER A looks like a`, with the signs of code.
    package static func sentence(about scalar: Unicode.Scalar) -> String {
        let code = "U+" + String(scalar.value, radix: 16, uppercase: true).leftPadded(to: 4)
        let name = scalar.properties.name.map { "\(code) \($0)" } ?? code
        return ascii(of: scalar).map { "\(name) looks like `\($0)`" } ?? "\(name) is not allowed in names"
    }
}

extension Lookalikes {
    /// The same of one at the beginning of a line.
    static func sentence(asIndent space: Unicode.Scalar) -> String {
        let code = "U+" + String(space.value, radix: 16, uppercase: true).leftPadded(to: 4)
        return (space.properties.name.map { "\(code) \($0)" } ?? code) + " is not indentation"
    }

    /// What a text is meant to be, which says what is wrong in it.
    enum Use {
        /// Only ASCII belongs in it.
        case identifier
        /// A word of a grammar, such as `day`: other characters are told of as ever.
        case word
        /// The name of a label, where any script may be used but none that poses as another.
        case label
    }

    /// The index of the first character that deceives; nil where none does.
    static func firstDeceiver(in text: String, _ use: Use) -> Int? {
        // Nearly always.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return nil }
        let scalars = Array(text.unicodeScalars)
        switch use {
        case .identifier: return scalars.firstIndex { !$0.isASCII }
        case .word: return scalars.firstIndex { ascii(of: $0) != nil || $0.isHidden }
        case .label:
            if let hidden = scalars.firstIndex(where: \.isHidden) { return hidden }
            let letters = scalars.filter(\.properties.isAlphabetic)
            let isMixed = letters.contains(where: \.isASCII)
            let isWholly = letters.allSatisfy { $0.isASCII || ascii(of: $0) != nil }
            return isMixed || isWholly ? scalars.firstIndex { ascii(of: $0) != nil } : nil
        }
    }
}

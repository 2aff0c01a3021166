extension DiagnosticCode {
    /// The code in two or three words, such as `field unknown`: its case's name, spelled out.
    package var title: String {
        var words: [String] = [""]
        var wasUpper = false
        for scalar in "\(self)".unicodeScalars {
            let isUpper = scalar.properties.isUppercase
            if isUpper && !wasUpper { words.append("") }
            words[words.count - 1].unicodeScalars.append(scalar)
            wasUpper = isUpper
        }
        return words.map { $0.allSatisfy(\.isUppercase) || $0.contains("UTF") ? $0 : $0.lowercased() }
            .joined(separator: " ")
    }

    /// The case's name with a capital, as SARIF names rules.
    var name: String { "\(self)".prefix(1).uppercased() + "\(self)".dropFirst() }
}

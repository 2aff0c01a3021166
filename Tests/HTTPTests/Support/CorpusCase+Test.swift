import Testing

extension CorpusCase: CustomTestStringConvertible {
    var testDescription: String { "\(row): \(name)" }
}

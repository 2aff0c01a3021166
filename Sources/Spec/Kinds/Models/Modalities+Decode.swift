extension ModelCatalog.Modalities: FieldSet {
    init?(from fields: inout Fields) {
        input = fields.value("input", .modalityList, default: [], "what it takes", .informs)
        output = fields.value("output", .modalityList, default: [], "what it gives", .informs)
    }
}

extension Shape where Value == [String] {
    fileprivate static var modalityList: Shape<[String]> {
        Shape.set(of: Shape<String>.text.remarking(by: .modalities))
    }
}

extension Shape where Value == ModelCatalog.Modalities {
    /// A list of what a model takes, or a mapping with both sides; without an output it is written as a list.
    static var modalities: Shape<ModelCatalog.Modalities> {
        let plain = Shape<[String]>.modalityList
        let both = Shape.fields
        return Shape(.either([plain.describe(), both.describe()])) { node, reading in
            guard case .mapping = node.content else {
                return plain.read(node, reading).map { Decoded(ModelCatalog.Modalities(input: $0.value), $0.canonical) }
            }
            let mark = reading.mark
            guard let read = both.read(node, reading) else { return nil }
            guard read.value.output.isEmpty, case .object(let fields) = read.canonical else { return read }
            reading.lift("/input", since: mark)
            return Decoded(read.value, fields.first?.value ?? .list([]))
        }
    }
}

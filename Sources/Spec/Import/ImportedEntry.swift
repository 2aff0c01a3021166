/// One entry of a foreign table: the model it makes, if any, and the account of its values.
struct ImportedEntry {
    let key: String
    /// Nil when the entry is left out whole.
    var model: ImportedModel?
    var values: [ImportedValue]
    var notices: [(pointer: String, reason: ImportReason, detail: String?)]
    /// Whether an earlier entry made the same model.
    var isMerged = false

    init(_ reading: EntryReading) {
        key = reading.entry
        model = reading.model
        values = reading.values
        notices = reading.notices
    }

    /// An entry that makes no model.
    init(_ key: String, _ node: Node, left reason: ImportReason) {
        self.key = key
        model = nil
        var reading = EntryReading(entry: key, node, provider: "", name: "")
        reading.leave("", reason)
        values = reading.values
        notices = []
    }

    /// Takes back what was to be carried.
    mutating func drop(_ reason: ImportReason, _ detail: String) {
        model = nil
        notices = []
        for index in values.indices {
            if case .left = values[index].fate { continue }
            values[index].fate = .left(reason, detail: detail)
        }
    }
}

/// A provider as a foreign table tells of it.
struct ImportedProvider: Hashable {
    var name: String
    var baseURL: String?
    var environment: String?
    var dialect: String?
    var documentation: String?
}

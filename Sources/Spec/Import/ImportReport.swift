/// All that is not in the catalogs as it was in the table, and what deserves a look although it is.
package struct ImportReport: Sendable {
    package struct Item: Hashable, Sendable {
        /// The entry's name in the table.
        package var entry: String
        /// `provider/model` in the catalogs; nil when the entry makes none.
        package var model: String?
        /// Where in the entry, as RFC 6901 writes it; empty for the entry as such.
        package var pointer: String
        /// As the table writes it.
        package var value: String?
        package var reason: ImportReason
        /// What is kept instead, or what stands in the way.
        package var detail: String?

        /// The entry's own field that it is about.
        var field: String { JSONPointer.names(pointer).first ?? "" }
    }

    package private(set) var items: [Item] = []

    mutating func add(_ entry: ImportedEntry) {
        let model = entry.model.map { "\($0.provider)/\($0.name)" }
        func item(_ pointer: String, _ value: String?, _ reason: ImportReason, _ detail: String?) -> Item {
            Item(entry: entry.key, model: model, pointer: pointer, value: value, reason: reason, detail: detail)
        }
        var texts: [String: String] = [:]
        for value in entry.values {
            texts[value.pointer] = value.text
            switch value.fate {
            case .carried: break
            case .rounded(_, let kept): items.append(item(value.pointer, value.text, .rounded, kept))
            case .left(let reason, let detail): items.append(item(value.pointer, value.text, reason, detail))
            }
        }
        for notice in entry.notices {
            items.append(item(notice.pointer, texts[notice.pointer], notice.reason, notice.detail))
        }
    }

    package subscript(_ reason: ImportReason) -> [Item] { items.filter { $0.reason == reason } }
}

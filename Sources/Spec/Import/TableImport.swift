/// The way from a foreign table of models and prices to catalogs: a pure function of the table's text.
package struct TableImport: Sendable {
    /// One or more catalogs for each provider.
    package let catalogs: [ImportedFile]
    /// A Provider for each, to be finished by a person.
    package let providers: [ImportedFile]
    package let report: ImportReport
    /// What became of each value of the entries that were wanted.
    package let account: [ImportedValue]
    /// Which model each entry made, or is the same as.
    package let entryModels: [(entry: String, model: String)]
    /// Entries of the table, and how many of them were wanted.
    package let entryCount: Int
    package let selectedCount: Int
    package let modelCount: Int

    /// The most bytes of a table: twenty times the largest seen.
    package static let bytesMax = 64 << 20

    /// Reads the table; throws when it is not one of the format.
    package init(
        _ text: String, _ origin: ImportOrigin, selection: ImportSelection = ImportSelection()
    ) throws(ImportProblem) {
        let table: Node
        do throws(JSONProblem) { table = try JSONReader.parse(text) } catch { throw .notJSON(error, in: text) }
        let (entries, told) = try TableImport.read(table, origin.format)
        entryCount = entries.count
        var wanted = entries.filter(selection.takes)
        selectedCount = wanted.count
        let models = TableImport.settleNames(&wanted)
        modelCount = models.count

        let byProvider = Dictionary(grouping: models, by: \.provider).sorted { $0.key < $1.key }
        // A part that needs a number must not take another provider's name.
        var taken: Set<String> = []
        catalogs = byProvider.flatMap { provider, models in
            CatalogFiles.files(
                of: provider, models.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }, origin,
                taken: &taken)
        }
        providers = byProvider.map { name, _ in
            ProviderStub.file(for: told.first { $0.name == name } ?? ImportedProvider(name: name), origin)
        }
        var report = ImportReport()
        for entry in wanted { report.add(entry) }
        self.report = report
        entryModels = wanted.compactMap { entry in entry.model.map { (entry.key, "\($0.provider)/\($0.name)") } }
        account = wanted.flatMap(\.values)
    }

    private static func read(
        _ table: Node, _ format: ImportFormat
    ) throws(ImportProblem) -> ([ImportedEntry], [ImportedProvider]) {
        switch format {
        case .litellmPrices:
            guard table.members.contains(where: { $0.value.member("litellm_provider") != nil }) else {
                throw ImportProblem("it is not LiteLLM's table: no entry has `litellm_provider`")
            }
            return (LiteLLMTable.read(table), [])
        case .modelsDev:
            guard ModelsDevTable.isTable(table) else {
                throw ImportProblem(
                    "it is not models.dev's api.json or catalog.json: an object of providers with `models` is expected")
            }
            return ModelsDevTable.read(table)
        }
    }

    /// Gives each name to one entry, and notes what deserves a look; answers the models that are left.
    private static func settleNames(_ entries: inout [ImportedEntry]) -> [ImportedModel] {
        var holders: [String: Int] = [:]
        // Of two entries of one name, the one whose key says the provider is the more certain.
        let order = entries.indices.sorted { a, b in
            let (left, right) = (entries[a].namesProvider, entries[b].namesProvider)
            return left == right ? a < b : left
        }
        for index in order {
            guard let model = entries[index].model else { continue }
            let name = model.provider + "/" + model.name
            guard let holder = holders[name] else {
                holders[name] = index
                continue
            }
            if let union = entries[holder].model?.union(with: model) {
                entries[holder].model = union
                entries[index].merge(into: entries[holder].key)
            } else {
                entries[index].drop(.nameTaken, entries[holder].key)
            }
        }
        for index in entries.indices { entries[index].noteMoney() }
        return holders.values.sorted().compactMap { entries[$0].model }
    }
}

/// Why a text is no table that can be imported.
package struct ImportProblem: Error, CustomStringConvertible, Sendable {
    package var description: String

    init(_ description: String) { self.description = description }

    static func notJSON(_ problem: JSONProblem, in text: String) -> ImportProblem {
        let before = text.utf8.prefix(problem.offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
        return ImportProblem("it is not JSON: \(problem.message) (line \(line), column \(column))")
    }
}

extension ImportedEntry {
    fileprivate var namesProvider: Bool { key.contains("/") }

    /// The model is in the catalog already, under the same name.
    fileprivate mutating func merge(into other: String) {
        notices.append(("", .sameModel, other))
        isMerged = true
    }

    /// Models that cost nothing, or nobody knows what.
    fileprivate mutating func noteMoney() {
        guard let model, !isMerged else { return }
        if model.prices.isEmpty {
            notices.append(("", .unpriced, nil))
        } else if model.prices.values.allSatisfy({ $0.picoUSDPerMillion == 0 }) {
            notices.append(("", .free, nil))
        } else if !model.prices.contains(where: {
            $0.key.tier == nil && EntryReading.countedMeters.contains($0.key.meter)
        }) {
            notices.append(("", .uncounted, nil))
        }
    }
}

extension TableImport {
    /// What a check of these catalogs would find wrong, beside Providers made for them: nothing, or the import is at fault.
    package var mistakes: [Diagnostic] {
        let files = [("catalog/", catalogs), ("providers/", providers)].flatMap { folder, files in
            files.map { SourceFile(path: folder + $0.path, bytes: Array($0.text.utf8)) }
        }
        return Specification.load(files).diagnostics.filter { $0.severity == .error }
    }
}

/// A file that an import would write; the path is relative to the folder for its kind.
package struct ImportedFile: Hashable, Sendable {
    package var path: String
    package var text: String
}

/// Cuts the models of one provider into catalogs that every reader of YAML takes.
enum CatalogFiles {
    /// Half of what Charter reads in one file, so that comments and edits have room.
    static let bytesMax = 512 << 10

    static func files(
        of provider: String, _ models: [ImportedModel], _ origin: ImportOrigin, bytesMax: Int = CatalogFiles.bytesMax,
        taken: inout Set<String>
    ) -> [ImportedFile] {
        var parts: [String] = []
        var part = ""
        for model in models {
            let lines = CatalogText.lines(of: model)
            if !part.isEmpty, part.utf8.count + lines.utf8.count > bytesMax {
                parts.append(part)
                part = ""
            }
            part += lines
        }
        return (parts + [part]).map { part in
            let name = freeName(provider, &taken)
            return ImportedFile(
                path: name + ".yaml", text: CatalogText.head(of: name, provider: provider, origin) + part)
        }
    }

    /// The provider's own name, or with the first number that makes it one that no catalog has.
    private static func freeName(_ provider: String, _ taken: inout Set<String>) -> String {
        if taken.insert(provider).inserted { return provider }
        var number = 2
        while true {
            let ending = "-\(number)"
            let name = provider.prefix(Names.lengthMax - ending.count) + ending
            if taken.insert(String(name)).inserted { return String(name) }
            number += 1
        }
    }
}

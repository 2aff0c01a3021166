internal import Spec

extension DeletionReason {
    /// What became of a document that stood in the file at `path`, given all folders that still hold a file.
    init(of path: String?, isFile: Bool, folders: Set<String>) {
        guard let path, !path.isEmpty else {
            self = .undeclared
            return
        }
        if isFile {
            self = .documentRemoved(path)
        } else if let folder = Self.folders(of: path).last(where: { !folders.contains($0) }) {
            self = .folderRemoved(folder)
        } else {
            self = .fileRemoved(path)
        }
    }

    /// The folders around a file, the innermost first.
    static func folders(of path: String) -> [String] {
        var folders: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            folders.append(String(rest))
        }
        return folders
    }

    /// As a sentence without its full stop.
    package var text: String {
        switch self {
        case .folderRemoved(let folder): "the folder \(folder.printable) is gone"
        case .fileRemoved(let path): "the file \(path.printable) was removed"
        case .documentRemoved(let path): "its document was taken out of \(path.printable)"
        case .rolledBack(let revision): "revision \(revision) does not have it"
        case .undeclared: "nothing declares it"
        }
    }

    /// Permanent, for scripts.
    package var code: String {
        switch self {
        case .folderRemoved: "folder_removed"
        case .fileRemoved: "file_removed"
        case .documentRemoved: "document_removed"
        case .rolledBack: "rolled_back"
        case .undeclared: "undeclared"
        }
    }
}

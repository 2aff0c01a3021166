internal import CLibGit2

extension GitRepository {
    /// The commit that is enforced now.
    package func tip(of reference: SourceReference) throws(GitError) -> Commit { try commit(tipID(of: reference)) }

    /// The id alone, which is what a poll asks: of a branch one small file is read.
    package func tipID(of reference: SourceReference) throws(GitError) -> ObjectID {
        switch reference {
        case .branch(let branch): return try tipID(of: branch)
        case .tags(let pattern):
            let names = tags
            guard let chosen = pattern.highest(of: names) else { throw pattern.absence(among: names) }
            return try commitID(ofTag: chosen)
        case .commit(let id):
            guard try commitIfPresent(id) != nil else {
                throw GitError(.reference, code: .notFound, message: "no commit \(id)")
            }
            return id
        }
    }

    /// The name of the tag that is chosen now; nil for other references.
    package func tagName(of reference: SourceReference) -> String? {
        guard case .tags(let pattern) = reference else { return nil }
        return pattern.highest(of: tags)
    }

    /// The folders in which the files lie that say what references name.
    var referenceFolders: [String] {
        var found: [String] = []
        for root in [git_repository_path(handle), git_repository_commondir(handle)] {
            guard let root, let text = String(validatingCString: root), !found.contains(text) else { continue }
            found.append(text)
            found += FileTree.folders(in: text + "refs")
        }
        return found
    }

    /// Where a mirror keeps a commit that no branch may name.
    static func pin(of id: ObjectID) -> String { "refs/charter/\(id)" }

    /// The name of the tag that a reference's full name stands for.
    static func tagName(_ reference: String) -> String? {
        guard reference.hasPrefix("refs/tags/"), !reference.hasSuffix("^{}") else { return nil }
        return String(reference.dropFirst("refs/tags/".utf8.count))
    }

    private var tags: [String] { references.compactMap(Self.tagName) }

    func removeTags(where isGone: (String) -> Bool) throws(GitError) {
        for name in tags where isGone(name) {
            try git(.reference) { git_reference_remove(handle, "refs/tags/\(name)") }
        }
    }

    private func commitID(ofTag name: String) throws(GitError) -> ObjectID {
        let reference = try git(.reference) { git_reference_lookup(&$0, handle, "refs/tags/\(name)") }
        defer { git_reference_free(reference) }
        let commit: OpaquePointer
        do {
            commit = try git(.reference) { git_reference_peel(&$0, reference, GIT_OBJECT_COMMIT) }
        } catch {
            throw GitError(.reference, code: .notFound, message: "no commit under the tag \(name): it names something else")
        }
        defer { git_object_free(commit) }
        guard let id = git_object_id(commit) else { throw GitError(.reference, code: .notFound, message: "no commit under the tag \(name)") }
        return ObjectID(id)
    }
}

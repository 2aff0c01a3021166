internal import Spec
internal import Store

/// The message of the commit that a request becomes.
enum ChangeMessage {
    /// The line of the message that names the request, by which a commit is known that reached its branch before anybody noted it.
    static let trailer = "Charter-Change"
    private static let callerTrailer = "Charter-Asked-By"
    private static let titleMax = 100
    private static let purposeMax = 4000

    /// The trailers are the last paragraph, so that nothing a caller writes is one.
    static func text(of request: ChangeRequest) -> String {
        let title = line(request.asked.title, max: titleMax)
        let purpose = request.asked.purpose.prefix(purposeMax).split(whereSeparator: \.isNewline).map { line(String($0), max: purposeMax) }
        let body = purpose.filter { !$0.isEmpty }.joined(separator: "\n")
        return "\(title.isEmpty ? "Change what is declared" : title)\n\n" + (body.isEmpty ? "" : body + "\n\n")
            + "\(callerTrailer): \(line(request.asked.caller, max: titleMax))\n\(trailer): \(request.uid)\n"
    }

    private static func line(_ text: String, max: Int) -> String {
        let kept = String(String.UnicodeScalarView(text.unicodeScalars.filter(\.isPrintable)))
        return kept.count > max ? kept.prefix(max - 1) + "…" : kept
    }

    /// Whether a commit's bytes name the request.
    static func names(_ uid: String, _ object: [UInt8]) -> Bool {
        let text = String(decoding: object, as: UTF8.self)
        guard let head = text.firstRange(of: "\n\n") else { return false }
        return MessageTrailers(of: text[head.upperBound...]).values(of: trailer).contains(uid)
    }
}

extension GitRepository {
    /// The commit of a request among those that `tip` has and `base` has not; without a base among the first parents of the tip.
    func commit(carrying uid: String, since base: ObjectID?, upTo tip: ObjectID) throws(GitError) -> ObjectID? {
        var ids: [ObjectID]?
        if let base { ids = try commits(since: base, upTo: tip) }
        if ids == nil { ids = try firstParents(of: tip) }
        for id in ids ?? [] { if try names(uid, id) { return id } }
        return nil
    }

    /// One too large to look into is none of ours.
    private func names(_ uid: String, _ id: ObjectID) throws(GitError) -> Bool {
        do { return ChangeMessage.names(uid, try rawCommit(id)) } catch where error.code == .refused { return false }
    }

    private func firstParents(of tip: ObjectID, limits: GitLimits = GitLimits()) throws(GitError) -> [ObjectID] {
        var found = [tip]
        while found.count < limits.commitsMax, let last = found.last, let parent = try commit(last).firstParent { found.append(parent) }
        return found
    }
}

internal import CLibGit2

/// Brings one reference of a mirror to a remote, takes a branch away there, or looks at some; runs in the child process, since libgit2
/// has no timeouts.
struct MirrorPush {
    var order: PushOrder

    /// What came of it.
    enum Ending: Hashable {
        case done
        /// The branch is not as it was asked to be; what it named when it was listed, nil for nothing.
        case moved(ObjectID?)
        /// In the remote's words, or ours of what it lists.
        case refused(String)
        case heads([BranchName: ObjectID])
    }

    func run() throws(GitError) -> Ending {
        try GitLibrary.trust(authorities: order.access.access.authorities)
        let repository = try GitRepository(mirrorAt: order.access.mirror)
        let conversation = try RemoteConversation(order.access.url, order.access.access, bytesMax: order.access.bytesMax, isPush: order.act.isPush)
        try order.access.makeHome(conversation.knownLines)
        let remote = try git(.remote) { git_remote_create_anonymous(&$0, repository.handle, order.access.url.address) }
        defer { git_remote_free(remote) }
        return try conversation.attend { (callbacks) throws(GitError) in
            switch order.act {
            case .push(let reference, let branch, let old): try move(branch, from: old, by: reference, remote, conversation, callbacks)
            case .remove(let branch, let old): try move(branch, from: old, by: "", remote, conversation, callbacks)
            case .look(let branches):
                .heads(Self.heads(branches, try RemoteListing(remote, GIT_DIRECTION_FETCH, callbacks).names()))
            }
        }
    }

    private static func heads(_ branches: [BranchName], _ names: [String: ObjectID]) -> [BranchName: ObjectID] {
        var found: [BranchName: ObjectID] = [:]
        for branch in branches { found[branch] = names[branch.reference] }
        return found
    }

    /// A smart remote is told what the branch was in the listing, and refuses where it is another by then.
    private func move(
        _ branch: BranchName, from old: ObjectID?, by reference: String, _ remote: OpaquePointer, _ conversation: RemoteConversation,
        _ callbacks: git_remote_callbacks
    ) throws(GitError) -> Ending {
        let names = try RemoteListing(remote, GIT_DIRECTION_PUSH, callbacks).names()
        let there = names[branch.reference]
        guard there == old else { return .moved(there) }
        if there == nil, let above = branch.referencesAbove.first(where: { names[$0] != nil }) { return .refused(branch.problem(beside: above)) }
        var options = git_push_options()
        try git(.push) { git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)) }
        // As in a fetch, a redirect could lead to another host.
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        options.callbacks = callbacks
        do { try push("\(reference):\(branch.reference)", remote, options) } catch where [.notForward, .modified].contains(error.code) {
            return .moved(there)
        }
        return conversation.rejection.map { Self.isOfRace($0) ? .moved(there) : .refused($0) } ?? .done
    }

    /// What `git receive-pack` says of a branch that another push moved first.
    private static func isOfRace(_ rejection: String) -> Bool {
        let words = ["non-fast-forward", "fetch first", "stale info", "failed to update ref", "cannot lock ref", "failed to lock"]
        return words.contains { rejection.contains($0) }
    }

    private func push(_ refspec: String, _ remote: OpaquePointer, _ options: git_push_options) throws(GitError) {
        var options = options
        let answer: Result<Void, GitError> = withCStrings([refspec]) { texts in
            var texts = texts
            return texts.withUnsafeMutableBufferPointer { texts in
                var list = git_strarray(strings: texts.baseAddress, count: 1)
                return Result { () throws(GitError) in try git(.push) { git_remote_push(remote, &list, &options) } }
            }
        }
        try answer.get()
    }
}

extension PushOrder.Act {
    var isPush: Bool { if case .look = self { false } else { true } }
}

internal import CLibGit2
internal import Glibc

/// Brings what is enforced of a remote into a bare mirror; runs in the child process, since libgit2 has no timeouts.
struct MirrorFetch {
    var order: FetchOrder

    /// Fetches, forced, and answers the commit; throws `notFound` when the remote has no such branch or tag.
    func run() throws(GitError) -> ObjectID {
        try GitLibrary.trust(authorities: order.access.authorities)
        let repository = try GitRepository(mirrorAt: order.mirror)
        if case .commit(let id) = order.reference, try repository.commitIfPresent(id) != nil { return id }
        let conversation = try RemoteConversation(order.url, order.access, bytesMax: order.bytesMax)
        try order.makeHome(conversation.knownLines)
        let remote = try git(.remote) { git_remote_create_anonymous(&$0, repository.handle, order.url.address) }
        defer { git_remote_free(remote) }
        var options = git_fetch_options()
        try git(.fetch) { git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION)) }
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.prune = GIT_FETCH_NO_PRUNE
        options.update_fetchhead = 0
        // A redirect could lead to another host, which would then be sent this one's credentials.
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        return try conversation.attend { (callbacks) throws(GitError) in
            options.callbacks = callbacks
            let advertised = try RemoteListing(remote, GIT_DIRECTION_FETCH, callbacks).names()
            return try bring(remote, advertised, into: repository, options)
        }
    }

    private func bring(
        _ remote: OpaquePointer, _ advertised: [String: ObjectID], into repository: GitRepository, _ options: git_fetch_options
    ) throws(GitError) -> ObjectID {
        switch order.reference {
        case .branch(let branch):
            guard let tip = advertised[branch.reference] else {
                throw GitError(.fetch, code: .notFound, message: "the remote has no branch \(branch)" + (advertised.isEmpty ? ": it has no commits yet" : ""))
            }
            try fetch(["+\(branch.reference):\(branch.reference)"], remote, options)
            guard try repository.tipID(of: branch) == tip else {
                throw GitError(.fetch, code: .general, message: "branch \(branch) moved while it was fetched")
            }
            return tip
        case .tags(let pattern):
            let names = advertised.keys.compactMap(GitRepository.tagName)
            guard let chosen = pattern.highest(of: names) else { throw pattern.absence(among: names) }
            try fetch(["+refs/tags/\(chosen):refs/tags/\(chosen)"], remote, options)
            // A tag deleted there must not live on here.
            try repository.removeTags { pattern.matches($0) && !names.contains($0) }
            return try repository.tipID(of: order.reference)
        case .commit(let id):
            // Not every server gives a commit by its id; those that do not give all branches and tags.
            do { try fetch(["+\(id):\(GitRepository.pin(of: id))"], remote, options) } catch {
                guard try repository.commitIfPresent(id) == nil else { return id }
                _ = try RemoteListing(remote, GIT_DIRECTION_FETCH, options.callbacks)
                try fetch(["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"], remote, options)
            }
            guard try repository.commitIfPresent(id) != nil else {
                throw GitError(.fetch, code: .notFound, message: "the remote has no commit \(id) on any branch or tag")
            }
            return id
        }
    }

    private func fetch(_ refspecs: [String], _ remote: OpaquePointer, _ options: git_fetch_options) throws(GitError) {
        var options = options
        let answer: Result<Void, GitError> = withCStrings(refspecs) { texts in
            var texts = texts
            return texts.withUnsafeMutableBufferPointer { texts in
                var list = git_strarray(strings: texts.baseAddress, count: refspecs.count)
                return Result { () throws(GitError) in
                    try git(.fetch) { git_remote_fetch(remote, &list, &options, nil) }
                }
            }
        }
        try answer.get()
    }
}

extension FetchOrder {
    /// libgit2 insists on a home folder when it speaks ssh; this process gets one in which nothing else is.
    func makeHome(_ knownHosts: String) throws(GitError) {
        let home = mirror + ".home"
        do {
            try FileTree.make(home + "/.ssh")
            try SmallFile.write(knownHosts, to: home + "/.ssh/known_hosts")
        } catch {
            throw GitError(.remote, code: .general, message: "\(error)")
        }
        setenv("HOME", home, 1)
    }
}

extension TagPattern {
    func absence(among names: some Collection<String>) -> GitError {
        let examples = names.sorted().suffix(3).joined(separator: ", ")
        let others = names.isEmpty ? "it has no tags" : "it has \(names.count) tags, such as \(examples)"
        return GitError(.reference, code: .notFound, message: "no tag that matches \(text) and names a version: \(others)")
    }
}

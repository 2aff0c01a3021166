internal import CLibGit2

/// Brings one branch of a remote into a bare mirror; runs in the child process, since libgit2 has no timeouts.
package struct MirrorFetch {
    package var url: RemoteURL
    package var mirror: String
    package var branch: BranchName
    package var limits: GitLimits

    package init(url: RemoteURL, mirror: String, branch: BranchName, limits: GitLimits = GitLimits()) {
        self.url = url
        self.mirror = mirror
        self.branch = branch
        self.limits = limits
    }

    /// Fetches the branch, forced, and answers the commit it names; throws `notFound` when the remote has no such branch.
    package func run() throws(GitError) -> ObjectID {
        let repository = try GitRepository(mirrorAt: mirror)
        let remote = try git(.remote) { git_remote_create_anonymous(&$0, repository.handle, url.secret) }
        defer { git_remote_free(remote) }
        var options = git_fetch_options()
        try git(.fetch) { git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION)) }
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.prune = GIT_FETCH_NO_PRUNE
        options.update_fetchhead = 0
        // A redirect could lead to another host, which would then be sent this one's credentials.
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        options.callbacks.transfer_progress = { progress, budget in
            guard let progress, let budget else { return 0 }
            return progress.pointee.received_bytes > budget.load(as: Int.self) ? -1 : 0
        }
        try fetch(remote, &options)
        let tip = try advertisedTip(of: remote)
        guard try repository.tipID(of: branch) == tip else {
            throw GitError(.fetch, code: .general, message: "branch \(branch) moved while it was fetched")
        }
        return tip
    }

    private func fetch(_ remote: OpaquePointer, _ options: inout git_fetch_options) throws(GitError) {
        var budget = limits.fetchBytesMax
        let refspec = "+\(branch.reference):\(branch.reference)"
        let answer: Result<Void, GitError> = withUnsafeMutablePointer(to: &budget) { budget in
            options.callbacks.payload = UnsafeMutableRawPointer(budget)
            return refspec.withCString { text in
                var entry: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(mutating: text)
                return withUnsafeMutablePointer(to: &entry) { entry in
                    var list = git_strarray(strings: entry, count: 1)
                    return Result { () throws(GitError) in
                        try git(.fetch) { git_remote_fetch(remote, &list, &options, nil) }
                    }
                }
            }
        }
        try answer.get()
    }

    /// What the remote said the branch names; a branch deleted there must not live on here.
    private func advertisedTip(of remote: OpaquePointer) throws(GitError) -> ObjectID {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try git(.remote) { git_remote_ls(&heads, &count, remote) }
        for index in 0..<count {
            guard let head = heads?[index], let name = head.pointee.name, String(cString: name) == branch.reference
            else { continue }
            return withUnsafePointer(to: head.pointee.oid) { ObjectID($0) }
        }
        throw GitError(.fetch, code: .notFound, message: "the remote has no branch \(branch)")
    }
}

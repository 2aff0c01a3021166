internal import CLibGit2

/// Pushes one reference of a mirror; runs in the child process, since libgit2 has no timeouts.
struct MirrorPush {
    var order: PushOrder

    /// Answers why the remote did not take it, in its own words; nil where it did. Throws `notForward` where it would not have.
    func run() throws(GitError) -> String? {
        try GitLibrary.trust(authorities: order.access.access.authorities)
        let repository = try GitRepository(mirrorAt: order.access.mirror)
        let conversation = try RemoteConversation(order.access.url, order.access.access, bytesMax: order.access.bytesMax)
        try order.access.makeHome(conversation.knownLines)
        let remote = try git(.remote) { git_remote_create_anonymous(&$0, repository.handle, order.access.url.address) }
        defer { git_remote_free(remote) }
        var options = git_push_options()
        try git(.push) { git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)) }
        // As in a fetch, a redirect could lead to another host.
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        try conversation.attend { (callbacks) throws(GitError) in
            options.callbacks = callbacks
            try push(remote, options)
        }
        return conversation.rejection
    }

    private func push(_ remote: OpaquePointer, _ options: git_push_options) throws(GitError) {
        var options = options
        let answer: Result<Void, GitError> = withCStrings([order.refspec]) { texts in
            var texts = texts
            return texts.withUnsafeMutableBufferPointer { texts in
                var list = git_strarray(strings: texts.baseAddress, count: 1)
                return Result { () throws(GitError) in try git(.push) { git_remote_push(remote, &list, &options) } }
            }
        }
        try answer.get()
    }
}

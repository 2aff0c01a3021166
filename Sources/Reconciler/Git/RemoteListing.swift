internal import CLibGit2

/// What a remote says it has, over a connection that what follows goes over as well.
struct RemoteListing {
    private let remote: OpaquePointer

    /// Connects for a fetch or a push.
    init(_ remote: OpaquePointer, _ direction: git_direction, _ callbacks: git_remote_callbacks) throws(GitError) {
        var options = git_remote_connect_options()
        try git(.remote) {
            git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION))
        }
        options.callbacks = callbacks
        // A redirect could lead to another host, which would then be sent this one's credentials.
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        try git(direction == GIT_DIRECTION_PUSH ? .push : .fetch) { git_remote_connect_ext(remote, direction, &options) }
        self.remote = remote
    }

    /// What each name stands for; a name that is not text stands for nothing.
    func names() throws(GitError) -> [String: ObjectID] {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try git(.remote) { git_remote_ls(&heads, &count, remote) }
        var found: [String: ObjectID] = [:]
        for index in 0..<count {
            guard let head = heads?[index], let text = head.pointee.name, let name = String(validatingCString: text)
            else { continue }
            found[name] = withUnsafePointer(to: head.pointee.oid) { ObjectID($0) }
        }
        return found
    }
}

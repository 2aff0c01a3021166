internal import CLibGit2

/// Why Git could not do what was asked.
package struct GitError: Error, Sendable, CustomStringConvertible {
    package var operation: GitOperation
    package var code: GitErrorCode
    package var message: String
    /// Whether the message is libgit2's, which needs to be said what it is about.
    private var isForeign = false
    /// Whether it may come from objects or references that a disk has lost; what remotes and people do wrong is of other kinds.
    private(set) var isOfDamage = false

    /// One that Charter says itself: a whole sentence, with the remedy where there is one.
    package init(_ operation: GitOperation, code: GitErrorCode, message: String, isOfDamage: Bool = false) {
        self.operation = operation
        self.code = code
        self.message = message
        self.isOfDamage = isOfDamage
    }

    fileprivate init(_ operation: GitOperation, answer: Int32) {
        self.init(operation, code: GitErrorCode(rawValue: answer), message: GitLibrary.lastMessage())
        isForeign = true
        isOfDamage = GitLibrary.lastIsOfDamage
    }

    /// What Charter itself will not read.
    static func refusal(_ excess: TooMuchToRead) -> GitError {
        GitError(.tree, code: .refused, message: "the commit has \(excess)")
    }

    package var description: String { isForeign ? "git \(operation.rawValue): \(message)" : message }
}

/// The step during which libgit2 failed; the raw value is read by people.
package enum GitOperation: String, Sendable {
    case start, open, create, reference, commit, tree, blob, remote, fetch, push
}

/// A libgit2 return code; open, since later libraries may know more.
package struct GitErrorCode: RawRepresentable, Hashable, Sendable {
    package var rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let notFound = GitErrorCode(rawValue: GIT_ENOTFOUND.rawValue)
    package static let ambiguous = GitErrorCode(rawValue: GIT_EAMBIGUOUS.rawValue)
    package static let invalidName = GitErrorCode(rawValue: GIT_EINVALIDSPEC.rawValue)
    package static let authentication = GitErrorCode(rawValue: GIT_EAUTH.rawValue)
    package static let certificate = GitErrorCode(rawValue: GIT_ECERTIFICATE.rawValue)
    package static let user = GitErrorCode(rawValue: GIT_EUSER.rawValue)
    /// A reference names something else than was expected.
    package static let modified = GitErrorCode(rawValue: GIT_EMODIFIED.rawValue)
    package static let exists = GitErrorCode(rawValue: GIT_EEXISTS.rawValue)
    package static let notForward = GitErrorCode(rawValue: GIT_ENONFASTFORWARD.rawValue)
    package static let general = GitErrorCode(rawValue: GIT_ERROR.rawValue)
    /// Ours: a name or a size that Charter itself refuses.
    package static let refused = GitErrorCode(rawValue: -10_001)
}

/// The one gate to libgit2: a negative answer becomes a `GitError`.
///
/// The message is thread-local in libgit2, so it is read here, on the calling thread, before anything else runs.
@discardableResult
func git(_ operation: GitOperation, _ body: () -> Int32) throws(GitError) -> Int32 {
    try GitLibrary.start()
    let answer = body()
    if answer >= 0 { return answer }
    throw GitError(operation, answer: answer)
}

/// As `git`, for calls that make a handle.
func git(_ operation: GitOperation, making body: (inout OpaquePointer?) -> Int32) throws(GitError) -> OpaquePointer {
    var made: OpaquePointer?
    try git(operation) { body(&made) }
    guard let made else { throw GitError(operation, code: .general, message: "libgit2 made nothing") }
    return made
}

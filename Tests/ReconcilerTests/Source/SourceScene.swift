import Foundation
import TestKit
import Testing

@testable import Reconciler

/// A repository with one commit, and mirrors of it; without a database.
final class SourceScene {
    let repository: TestRepository
    let main = BranchName("main")

    init() throws {
        repository = try TestRepository()
        try repository.commit(["a.yaml": "a: 1\n"])
    }

    var stateFolder: String { repository.root.appending(path: "state").path }

    func url(_ text: String) throws -> RemoteURL {
        guard case .url(let url) = try SourceLocation.parse(text) else { throw SourceLocationError.malformed(text) }
        return url
    }

    func source(
        _ address: String, _ access: RemoteAccess = RemoteAccess(), reference: SourceReference? = nil, deadline: Duration = .seconds(30)
    ) throws -> GitSource {
        GitSource(
            location: try SourceLocation.parse(address), reference: try reference ?? .branch(#require(main)), access: access,
            stateFolder: stateFolder, executable: Programs.charter, fetchDeadline: deadline)
    }

    /// Fetches, and answers the commit that is enforced.
    func tip(_ source: GitSource) throws -> String {
        try source.refresh()
        return try source.tip(in: source.open()).id.hex
    }

    func failure(of address: String, _ access: RemoteAccess = RemoteAccess()) throws -> SourceError {
        try failure(of: source(address, access))
    }

    func failure(of source: GitSource) throws -> SourceError {
        do { try source.refresh() } catch let error as SourceError { return error }
        throw Unexpected()
    }

    struct Unexpected: Error {}
}

import TestKit
import Testing

@testable import Reconciler

/// What a commit's message says in its trailers, and what it only quotes.
struct MessageTrailersTests {
    private static let digest = String(repeating: "3f2a9c0d1b7e4a55", count: 4)
    private static let line = "Charter-Approve: \(digest)"

    private static func object(_ message: String) -> [UInt8] {
        Array("tree 0\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n\(message)".utf8)
    }

    private static let saying = [
        "Approve\n\n\(line)\n", "Approve\n\nWhy it is meant.\n\n\(line)\nSigned-off-by: A <a@b>\n", "Approve\n\n\(line)\n\n\n", "Approve\n\n\(line)",
        "Approve\n\ncharter-approve :   \(digest)  \n", "Approve\n\nReviewed-by: B\n and C\n\(line)\n",
        "Approve\n\nSigned-off-by: A <a@b>\nand a word\n\(line)\n", "Approve\r\n\r\n\(line)\r\n",
    ]

    private static let quoting = [
        "Approve\n\n\(line)\n\nMerges what the request above asked for.\n", "Merge\n\n    \(line)\n", "Merge\n\n> \(line)\n", "\(line)\n", "Merge\n\(line)\n",
        "Merge\n\nIt says\n\(line)\n", "Merge\n\n* Add\n\n  \(line)\n\n* Remove\n\nSigned-off-by: A <a@b>\n", "Merge\n\nFixes: 1\n  \(line)\n",
        "Merge\n\nCharter-Approve \(digest)\n", "Merge\n\nNot-Charter-Approve: \(digest)\n", "",
    ]

    @Test(arguments: saying) func `a trailer of the last paragraph approves`(message: String) {
        #expect(CommitTrailers.approves(Self.digest, Self.object(message)))
    }

    @Test(arguments: quoting) func `a message that quotes an approval gives none`(message: String) {
        #expect(!CommitTrailers.approves(Self.digest, Self.object(message)))
    }

    @Test(arguments: saying + quoting) func `Git takes the same lines for trailers`(message: String) throws {
        let git = try Subprocess.run(["git", "interpret-trailers", "--parse", "--no-divider"], input: message)
        #expect(git.code == 0, "\(git.errors)")
        let said = git.output.split(separator: "\n").contains { line in
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            return parts.first?.lowercased() == "charter-approve" && parts.last == Self.digest
        }
        #expect(said == CommitTrailers.approves(Self.digest, Self.object(message)), "\(message)")
    }
}

import Spec
import Store
import Testing

@Suite struct UnitsTests {
    @Test func `tells what was fetched, validated and rejected, until it is superseded`() throws {
        try Fixtures.connection().transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "/srv/a.git", folder: "")
            try Units.ensure(transaction, name: "main", repository: "/srv/b.git", folder: "teams")
            try Units.lock(transaction, name: "main")
            try Units.recordFetch(transaction, unit: "main", .tip(commit: "c1"))
            try Units.recordValidation(transaction, unit: "main", commit: "c1")
            try Units.recordFetch(transaction, unit: "main", .failed(message: "no route"))
            try Units.recordRejection(transaction, unit: "main", commit: "c2", diagnostics: #"[{"code":"CH1042"}]"#)
            let status = try #require(try Units.status(transaction).first)
            #expect((status.repository, status.folder) == ("/srv/b.git", "teams"))
            #expect(status.fetched?.commit == "c1")
            #expect(status.fetchError?.message == "no route")
            #expect(status.validated?.commit == "c1")
            #expect(status.rejected?.commit == "c2")
            #expect(status.rejected?.diagnostics == #"[{"code":"CH1042"}]"#)
            #expect(status.applied == nil)

            try Units.recordFetch(transaction, unit: "main", .tip(commit: "c3"))
            try Units.recordValidation(transaction, unit: "main", commit: "c3")
            try Revisions.record(transaction, Fixtures.revision(try Revisions.next(transaction)))
            let next = try #require(try Units.status(transaction).first)
            #expect(next.fetchError == nil)
            #expect(next.rejected == nil)
            #expect(next.validated?.commit == "c3")
            #expect(next.applied == 1)
        }
    }
}

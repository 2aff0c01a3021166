import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// The state at any revision is a query; over random commits it must be what was applied then.
@Suite struct PastStateTests {
    @Test(arguments: [11, 12, 13] as [UInt64])
    func `the state at every revision has the digest that was applied, and every two differ by what diff says`(
        seed: UInt64
    ) throws {
        var random = SplitMix(state: seed)
        let scene = try Scene()
        var edits = RandomEdits(Declared.platform)
        for _ in 0..<10 {
            try scene.repository.replace(with: edits.next(using: &random))
            _ = try scene.apply(allowingMassDeletion: true)
        }
        try Connection(scene.database).transaction { transaction in
            let revisions = try RevisionList(
                transaction, through: Moment.latest(back: 0).resolve(transaction), unit: nil, limit: 100
            ).revisions
            #expect(revisions.count >= 3, "seed \(seed)")
            let states = try revisions.map { revision in
                let state = try PastState(transaction, at: revision, ResourceQuery())
                var digest = StateDigest()
                for row in state.resources.values { digest.add(StateDigest.row(row.key, row.canonical)) }
                #expect(digest.hex == revision.stateDigest, "seed \(seed), revision \(revision.id)")
                #expect(Set(state.provenance.keys) == Set(state.resources.keys), "seed \(seed), revision \(revision.id)")
                let tree = try ResourceTree(transaction, at: revision, org: nil)
                #expect(tree.keys == state.resources.values.map(\.key).sorted(), "seed \(seed), revision \(revision.id)")
                return state
            }
            for a in states.indices {
                for b in states.indices {
                    let difference = try RevisionDifference(transaction, from: revisions[a], to: revisions[b])
                    let uids = Set(states[a].resources.keys).union(states[b].resources.keys).filter {
                        states[a].resources[$0] != states[b].resources[$0]
                    }
                    #expect(Set(difference.changes.compactMap(\.uid)) == uids, "seed \(seed), \(revisions[a].id)..\(revisions[b].id)")
                }
                let parts = try states[a].resources.map { uid, row in
                    try PastState(
                        transaction, at: revisions[a],
                        ResourceQuery(org: row.key.org ?? "-", kind: row.key.kind, name: row.key.name)
                    ).resources == [uid: row]
                }
                #expect(!parts.contains(false), "seed \(seed), revision \(revisions[a].id)")
                let one = try RevisionDifference(transaction, of: revisions[a])
                #expect(one.tally.created == revisions[a].counts.created, "seed \(seed), revision \(revisions[a].id)")
                #expect(one.tally.updated == revisions[a].counts.updated, "seed \(seed), revision \(revisions[a].id)")
                #expect(one.tally.renamed == revisions[a].counts.renamed, "seed \(seed), revision \(revisions[a].id)")
                #expect(one.tally.deleted == revisions[a].counts.deleted, "seed \(seed), revision \(revisions[a].id)")
            }
        }
    }

    @Test(arguments: [
        ("7", Moment.revision(7)), ("latest", .latest(back: 0)), ("latest~3", .latest(back: 3)),
        ("2026-11-21", .time(Instant(milliseconds: 1_795_219_200_000))), ("2h", .ago(.seconds(7200))),
        ("3d", .ago(.seconds(259_200))), ("0f1d7c1", .commit("0f1d7c1")), ("ABCDEF12", .commit("abcdef12")),
    ]) func `a moment is read from its text`(text: String, moment: Moment) throws {
        #expect(try Moment.parse(text) == moment)
    }

    @Test(arguments: ["", "x", "latest~", "latest~x", "2026-13-01", "2026-11-21T09:00", "abc", "-1", "12w"])
    func `what is no moment is refused`(text: String) {
        #expect(throws: UsageError.self) { try Moment.parse(text) }
    }

    @Test func `a range has two ends, of which the second may be left out`() throws {
        #expect(try Moment.range("3..7") == (.revision(3), .revision(7)))
        #expect(try Moment.range("3..") == (.revision(3), .latest(back: 0)))
        let times = try Moment.range("2026-11-21T09:00:00.250Z..2026-11-21T09:00:01.5Z")
        #expect(times.from == .time(Instant(milliseconds: 1_795_251_600_250)))
        #expect(times.to == .time(Instant(milliseconds: 1_795_251_601_500)))
        for text in ["3", "..", "..7", "3...", "3.7", ""] {
            #expect(throws: UsageError.self, "\(text)") { try Moment.range(text) }
        }
    }
}

import Store
import TestKit
import Testing

/// The record of acts under hands that want it otherwise, and under many writers.
struct AuditFaultTests {
    private static let rows = 1_000

    /// What flips a byte, or a bit of a number, of a row: `$1` is its sequence, `$2` any number.
    private static let flips = [
        "at = at + (interval '1 microsecond' * (1 << ($2 % 20)))",
        text("org"), text("actor"), text("action"), text("subject"), text("detail"),
        bytes("previous"), bytes("hash"), "sequence = sequence + 4096 + $2 % 8",
    ]

    private static func text(_ column: String) -> String {
        let place = "(1 + $2 % length(\(column)))"
        return "\(column) = overlay(\(column) PLACING (CASE substr(\(column), \(place), 1) WHEN 'x' THEN 'y' ELSE 'x' END) FROM \(place) FOR 1)"
    }

    private static func bytes(_ column: String) -> String {
        "\(column) = set_byte(\(column), $2 % 32, get_byte(\(column), $2 % 32) # (1 << ($2 % 8)))"
    }

    private struct Undone: Error {}

    @Test func `F20 a byte that a superuser flips in any row of a thousand is named by that row`() throws {
        let connection = try Connection(TestPostgres.shared.freshDatabase())
        try connection.transaction(timeout: .seconds(300)) { transaction in
            for row in 1...Self.rows {
                try Audit.append(
                    transaction, .organization("acme"), actor: "ada\(row % 7)", action: "budget.reset", subject: "acme/Budget/\(row)",
                    detail: #"{"reason":"number \#(row)"}"#)
            }
        }
        guard case .intact = try Audit.verify(connection) else { throw Undone() }
        var draw = SplitMix(state: FaultSettings.fromEnvironment.seed)
        let chosen = FaultSettings.isLong ? Array(1...Self.rows) : (0..<60).map { _ in 1 + Int(draw.next() % UInt64(Self.rows)) }
        for row in chosen + [1, Self.rows] {
            let flip = Self.flips[Int(draw.next() % UInt64(Self.flips.count))]
            let number = Int64(draw.next() % 1_000_000)
            #expect(throws: Undone.self) {
                try connection.transaction { transaction in
                    try transaction.query("ALTER TABLE charter.audit DISABLE TRIGGER audit_is_only_added")
                    let statement = flip.replacing("$2", with: "\(number)")
                    #expect(try transaction.query("UPDATE charter.audit SET \(statement) WHERE sequence = $1", [.integer(Int64(row))]).affected == 1)
                    let verdict = try Audit.verify(transaction)
                    guard case .broken(let broken) = verdict, broken.sequence == row else {
                        Issue.record("row \(row), \(statement): \(verdict)")
                        throw Undone()
                    }
                    throw Undone()
                }
            }
        }
        guard case .intact = try Audit.verify(connection) else { throw Undone() }
    }

    @Test func `F25 an act that is appended in the middle of an apply undoes it once and no more`() throws {
        let scene = try FaultScene()
        try scene.apply()
        let tip = try scene.commit(2)
        let apply = try scene.start("apply", at: .midApply, stop: true)
        try eventually(within: .seconds(20), "it stands in the middle of its transaction") { apply.isStopped }
        try Connection(scene.database).transaction {
            _ = try Audit.append($0, .platform, actor: "ada", action: "key.minted", subject: "k", detail: "{}")
        }
        apply.kill(18)
        #expect(apply.wait(within: .seconds(60)) == 0, "\(apply.errors)")
        #expect(try scene.applied == tip)
        #expect(try scene.revision == 2)
        try expectNothing(scene.whatIsWrong())
        let head = try Connection(scene.database).transaction { try Audit.head($0) }
        #expect(head.sequence == 3 && apply.errors.contains(head.line), "\(apply.errors)")
    }

    @Test func `F1 every act of many processes at once, some of them killed, is a link of one chain`() throws {
        let scene = try FaultScene()
        try scene.apply()
        var draw = SplitMix(state: FaultSettings.fromEnvironment.seed)
        for turn in 2...6 {
            try scene.commit(turn)
            let programs = try [["apply"], ["suspend", "--reason", "a while", "--for", "1ms"], ["resume"], ["apply"]].map {
                try Subprocess([Programs.charter] + $0, environment: scene.environment())
            }
            if let victim = programs.indices.randomElement(), draw.next() % 2 == 0 { programs[victim].kill(9) }
            for program in programs { #expect(program.wait(within: .seconds(60)) != nil) }
        }
        _ = try scene.charter("resume")
        try expectNothing(scene.converge())
    }
}

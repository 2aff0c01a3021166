import Foundation
import Glibc
import Store
import TestKit
import Testing

/// `kill -9` under a stream of commits, wherever the program is just then.
struct RandomMomentTests {
    @Test func `F1 killed at random moments, every revision is whole, in order, in the audit, and none is applied twice`() throws {
        let settings = FaultSettings.fromEnvironment
        var draw = SplitMix(state: settings.seed)
        print("\(settings.moments) moments, CHARTER_FAULT_SEED=\(settings.seed)")
        let server = try ControlledPostgres()
        let pooler = TestPostgres.isPooled ? try TestPooler(before: server) : nil
        let scene = try FaultScene(remote: true, database: pooler?.url(of: "charter") ?? server.url())
        var storm = Storm(scene: scene, server: server, pooler: pooler)
        for moment in 1...settings.moments {
            let victim = try storm.strike(&draw)
            let wrong = try scene.whatIsWrong(newest: 4)
            expectNothing(wrong, "moment \(moment) (\(victim)) of seed \(settings.seed):")
            if wrong != [] { break }
        }
        try storm.calm()
        try expectNothing(scene.whatIsWrong())
        #expect(try scene.applied == scene.tip)
        let order = try scene.repository.git("rev-list", "--first-parent", "--reverse", "main").split(separator: "\n").map(String.init)
        let applied = try scene.sql("SELECT commit FROM charter.revision ORDER BY id")
        #expect(applied.compactMap { order.firstIndex(of: $0) }.isStrictlyGrowing, "\(applied)")
        print("\(storm.commits) commits, \(applied.count) revisions, struck: \(storm.struck.sorted { $0.key < $1.key })")
    }
}

/// The same of what people start by hand.
struct RandomMomentByHandTests {
    @Test func `applies and rollbacks killed at random moments leave the old or the new state, and the next ones converge`() throws {
        let settings = FaultSettings.fromEnvironment
        var draw = SplitMix(state: settings.seed)
        let scene = try FaultScene()
        try scene.apply()
        var ended: [String: Int] = [:]
        for moment in 1...settings.moments {
            let isRollback = moment % 2 == 0
            if !isRollback { try scene.commit(moment + 1) }
            let before = try scene.state()
            let words = isRollback ? ["rollback", "1", "--reason", "it did harm"] : ["apply"]
            let program = try Subprocess([Programs.charter] + words, environment: scene.environment())
            usleep(UInt32(draw.next() % 250) * 1000)
            program.kill(9)
            _ = program.wait(within: .seconds(15))
            let after = try scene.state()
            ended["\(words[0]) \(before == after ? "old" : "new")", default: 0] += 1
            let wrong = try scene.whatIsWrong(newest: 4)
            expectNothing(wrong, "moment \(moment) (\(words[0])) of seed \(settings.seed):")
            if wrong != [] { return }
            guard isRollback else { continue }
            // Whether or not it got as far as to hold the unit.
            _ = try scene.charter("resume")
            try expectNothing(scene.converge(), "moment \(moment) of seed \(settings.seed):")
        }
        print("\(settings.moments) moments, CHARTER_FAULT_SEED=\(settings.seed): \(ended.sorted { $0.key < $1.key })")
    }
}

/// How long the faults go on: short in every run of the tests, long by `make faults`.
struct FaultSettings {
    var moments = 20
    var seed = UInt64.random(in: 0...UInt64.max)

    static var fromEnvironment: FaultSettings {
        let environment = ProcessInfo.processInfo.environment
        var settings = FaultSettings()
        if let moments = environment["CHARTER_FAULT_MOMENTS"].flatMap({ Int($0) }) { settings.moments = max(1, moments) }
        if let seed = environment["CHARTER_FAULT_SEED"].flatMap({ UInt64($0) }) { settings.seed = seed }
        return settings
    }
}

/// Reconcilers that are started, given commits, and killed.
struct Storm {
    let scene: FaultScene
    let server: ControlledPostgres
    /// What stands before it, for as long as the storm lasts.
    private let pooler: TestPooler?
    private(set) var commits = 1
    private(set) var struck: [String: Int] = [:]

    init(scene: FaultScene, server: ControlledPostgres, pooler: TestPooler?) { (self.scene, self.server, self.pooler) = (scene, server, pooler) }

    /// One moment; answers what was killed.
    mutating func strike(_ draw: inout SplitMix) throws -> String {
        let watches = try (0..<(draw.next() % 4 == 0 ? 2 : 1)).map { _ in try watch() }
        for _ in 0..<(draw.next() % 3) {
            pause(draw.next() % 200)
            commits += 1
            try scene.commit(commits)
        }
        pause(draw.next() % 600)
        let victim = try kill(draw.next() % 8, watches)
        struck[victim, default: 0] += 1
        return victim
    }

    private func watch() throws -> Subprocess { try scene.start("watch", "--poll", "30ms", "--lease", "1s") }

    private func kill(_ choice: UInt64, _ watches: [Subprocess]) throws -> String {
        defer { for watch in watches { watch.kill(9) } }
        switch choice {
        case 0:
            guard let child = watches[0].children.first else { return "watch" }
            _ = Glibc.kill(child, 9)
            pause(150)
            return "fetch"
        case 1:
            guard let backend = server.backends().randomElement() else { return "watch" }
            _ = Glibc.kill(backend, 9)
            // The server ends all its sessions then, and goes through its log.
            pause(300)
            try server.awaitAnswer()
            if pooler != nil { try eventually(within: .seconds(20), "the pooler has it again") { try scene.sql("SELECT 1") == ["1"] } }
            return "backend"
        default:
            watches[0].kill(9)
            // The other one, if there is, goes on for a moment.
            if watches.count > 1 { pause(300) }
            return watches.count > 1 ? "one of two" : "watch"
        }
    }

    private func pause(_ milliseconds: UInt64) { usleep(UInt32(milliseconds) * 1000) }

    /// A reconciler that nobody kills brings the newest commit in, in bounded time.
    func calm() throws {
        let last = try watch()
        do {
            try eventually(within: .seconds(20), "the newest commit is applied") { try scene.applied == scene.tip }
        } catch {
            Issue.record("\(last.errors)")
        }
        last.kill(15)
        #expect(last.wait(within: .seconds(15)) == 0)
    }
}

extension Subprocess {
    /// Its own children now.
    var children: [Int32] {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
        return text.split(separator: " ").compactMap { Int32($0) }
    }
}

extension [Int] {
    var isStrictlyGrowing: Bool { zip(self, dropFirst()).allSatisfy { $0 < $1 } }
}

import Crypto
import Glibc
import Synchronization
import TestKit
import Testing

@testable import Gateway

/// `durability: strict`.
@Suite struct StrictDurabilityTests {
    private static let other = "ck-other"
    private static let files = [
        "orgs/acme/org.yaml": StandardConfiguration.org.replacing("displayName: Acme", with: "displayName: Acme, durability: strict"),
        "orgs/other/org.yaml": StandardConfiguration.org.replacing("acme", with: "other") + """
            
            ---
            apiVersion: charter/v1
            kind: APIKey
            metadata: { name: other }
            spec: { owner: sam, scopes: [all], secrets: [{ sha256: \(SHA256.digest(other).hex) }] }
            """,
    ]

    /// A disk whose fdatasync can be held up, can fail, and which knows what a power cut would leave.
    private final class PowerlessDisk: Sendable {
        private struct State {
            var isHeld = false
            var fault: Int32?
            var waiting = 0
            var rounds = 0
            var kept: [String: [UInt8]] = [:]
        }

        private let state = Mutex(State())

        func hold() { state.withLock { $0.isHeld = true } }
        func letGo() { state.withLock { $0.isHeld = false } }
        func fail() { state.withLock { $0.fault = EIO } }
        var isAwaited: Bool { state.withLock { $0.waiting > 0 } }
        var rounds: Int { state.withLock { $0.rounds } }
        /// The files as they would be after a power cut.
        var kept: [String: [UInt8]] { state.withLock { $0.kept } }

        var disk: JournalDisk {
            var disk = JournalDisk()
            disk.synchronize = { [self] file throws(DiskFault) in
                if let fault = state.withLock({ $0.fault }) { throw DiskFault(call: "fdatasync", errno: fault, path: file.path) }
                let bytes = try OpenFile(reading: file.path).read(at: 0, max: 4 << 20)
                state.withLock { $0.waiting += 1 }
                while state.withLock({ $0.isHeld }) { Pause.take(.milliseconds(1)) }
                state.withLock { state in
                    state.waiting -= 1
                    state.rounds += 1
                    if state.kept[file.path]?.count ?? 0 < bytes.count { state.kept[file.path] = bytes }
                }
            }
            return disk
        }
    }

    private static func platform(_ disk: PowerlessDisk) throws -> Platform {
        try Platform(files, configure: { $0.disk = disk.disk })
    }

    /// A platform that has answered once, and its disk.
    private static func served() throws -> (PowerlessDisk, Platform) {
        let disk = PowerlessDisk()
        let platform = try platform(disk)
        #expect(try TestClient(port: platform.port).chat().status == 200)
        return (disk, platform)
    }

    private static func asked(_ platform: Platform) -> Int { platform.folder.read("openai.log").split(separator: "\n").count }

    @Test func `a request leaves when the disk has its record, and nobody else waits for that`() throws {
        let (disk, platform) = try Self.served()
        let client = TestClient(port: platform.port)
        disk.hold()
        defer { disk.letGo() }
        let answer = Background { try client.chat() }
        try eventually(within: .seconds(20), "the disk is asked") { disk.isAwaited }
        #expect(try client.chat(key: Self.other).status == 200)
        try eventually(within: .seconds(10), "the provider's log") { Self.asked(platform) == 2 }
        disk.letGo()
        #expect(try answer.value().status == 200)
        try eventually(within: .seconds(10), "the provider's log") { Self.asked(platform) == 3 }
    }

    @Test func `a wait for the disk does not make a stale connection one on which the provider worked`() throws {
        let asked = Mutex(0)
        let origin = try RawOrigin { _ in
            let number = asked.withLock { count -> Int in
                count += 1
                return count
            }
            return number == 2 ? nil : RawOrigin.ok
        }
        let disk = PowerlessDisk()
        let platform = try Platform(
            Self.files, beside: { StandardConfiguration.providers(origin.port, $0) }, configure: { $0.disk = disk.disk })
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        disk.hold()
        defer { disk.letGo() }
        let answer = Background { try client.chat() }
        try eventually(within: .seconds(20), "the disk is asked") { disk.isAwaited }
        // As long as makes an end too late for one of a stale connection.
        Pause.take(Duration.nanoseconds(AnswerLimits.staleNanosecondsMax) + .milliseconds(500))
        disk.letGo()
        #expect(try answer.value().status == 200)
        #expect(try platform.outcomes(rows: 3).contains("failed: stale connection"))
    }

    @Test func `an answer that waits for the disk is given as it was booked, though its key is cut meanwhile`() throws {
        let disk = PowerlessDisk()
        let provider = try ScriptedProvider { exchange, _, _ in
            disk.hold()
            exchange.answerChat()
        }
        func key(_ more: String) -> [String: String] { [StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  whenRevoked: cut\n" + more)] }
        let platform = try Platform(
            Self.files.merging(key("")) { _, new in new }, beside: { StandardConfiguration.providers(provider.port, $0) },
            configure: { $0.disk = disk.disk })
        defer { disk.letGo() }
        let client = TestClient(port: platform.port)
        let answer = Background { try client.chat() }
        try eventually(within: .seconds(20), "the answer is settled") {
            try client.get("/metrics").text.contains(#"outcome="answered"} 1"#)
        }
        try platform.apply(key("  suspend: { reason: stolen }\n"))
        disk.letGo()
        #expect(try answer.value().status == 200)
        #expect(try platform.ledger(rows: 1).map(\.status) == [200])
        #expect(try client.chat().status == 403)
    }

    @Test func `a request is counted once, by the status that it is answered with`() throws {
        let disk = PowerlessDisk()
        let provider = try ScriptedProvider { exchange, number, _ in
            if number == 1 { disk.fail() }
            exchange.answerChat()
        }
        let platform = try Platform(
            Self.files, beside: { StandardConfiguration.providers(provider.port, $0) }, configure: { $0.disk = disk.disk })
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        let refused = try client.chat()
        #expect(refused.status == 503 && refused.json("error", "code") == "journal_unavailable", "\(refused.text)")
        let counted = try client.get("/metrics").text.split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("charter_requests_total{endpoint=\"chat.completions\"") }
        #expect(counted == [
            "charter_requests_total{endpoint=\"chat.completions\",status=\"200\"} 1",
            "charter_requests_total{endpoint=\"chat.completions\",status=\"503\"} 1",
        ])
    }

    @Test func `the end of a stream waits until the disk has what it cost`() throws {
        let disk = PowerlessDisk()
        let platform = try Self.platform(disk)
        let client = TestClient(port: platform.port)
        let stream = try client.open(
            "POST", "/v1/chat/completions",
            body: #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"one two three"}]}"#,
            headers: ["x-simulate-pace": "20ms", "x-simulate-tokens": "30"])
        try stream.receive(until: "\"content\":")
        disk.hold()
        defer { disk.letGo() }
        try eventually(within: .seconds(20), "the provider is done") { Self.asked(platform) == 1 }
        try eventually(within: .seconds(20), "the disk is asked") { disk.isAwaited }
        #expect(try client.chat(key: Self.other).status == 200)
        #expect(try client.get("/metrics").text.contains("charter_requests_in_flight 1\n"))
        disk.letGo()
        try stream.receive(until: "[DONE]")
    }

    @Test func `a power cut after any answer leaves its settlement`() throws {
        let disk = PowerlessDisk()
        let platform = try Self.platform(disk)
        let client = TestClient(port: platform.port)
        for number in 1...10 {
            let decision = try #require(try client.chat().headers["x-charter-decision"])
            let folder = try TemporaryDirectory()
            var settled: Set<String> = []
            for (path, bytes) in disk.kept {
                let copy = SegmentIdentity(epoch: 1, loop: 0, number: 0)
                let directory = JournalDirectory(state: folder.path + "/\(settled.count)")
                try Disk.makeDirectory(directory.path + "/1")
                try OpenFile(creating: copy.path(in: directory.path)).write(bytes, at: 0)
                var follower = LoopFollower(directory: directory, segments: [copy], isDead: true, watermarks: [:])
                while let batch = try follower.next() { settled.formUnion(batch.attempts.map(\.opened.id.decision.hex)) }
                #expect(path.hasSuffix(".journal"))
            }
            #expect(settled.contains(decision), "request \(number)")
            #expect(settled.count == number)
        }
    }

    @Test func `many wait for one fdatasync`() throws {
        let (disk, platform) = try Self.served()
        let client = TestClient(port: platform.port)
        disk.hold()
        defer { disk.letGo() }
        let answers = (0..<64).map { _ in Background { try client.chat() } }
        try eventually(within: .seconds(20), "all are under way") {
            try client.get("/metrics").text.contains("charter_requests_in_flight 64\n")
        }
        let before = disk.rounds
        disk.letGo()
        for answer in answers { #expect(try answer.value().status == 200) }
        #expect(disk.rounds - before < 64)
    }

    @Test func `a disk that keeps nothing refuses strict organizations alone`() throws {
        let (disk, platform) = try Self.served()
        let client = TestClient(port: platform.port)
        disk.fail()
        let refused = try client.chat()
        #expect(refused.status == 503)
        #expect(refused.json("error", "code") == "journal_unavailable")
        #expect(try client.chat(key: Self.other).status == 200)
        #expect(try client.chat().status == 503)
        try eventually(within: .seconds(10), "the provider's log") { Self.asked(platform) == 2 }
    }
}

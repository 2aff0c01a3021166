import Foundation
import Store
import Testing

@testable import Reconciler
@testable import Spec

/// The parts of delivering that are values.
struct EventValueTests {
    @Test func `signs as the implementations of Standard Webhooks do`() throws {
        // The vector that their libraries test themselves by.
        let secrets = try WebhookSecret.list("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", from: "the test")
        let signature = WebhookSignature(
            secrets: secrets, message: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: #"{"test": 2432232314}"#)
        #expect(signature.text == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(arguments: ["", "  \n", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_short", "whsec_c2hvcnQ=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw x"])
    func `takes no secret that is none, and does not repeat it`(text: String) {
        do {
            _ = try WebhookSecret.list(text, from: "the file /x")
            Issue.record("taken")
        } catch {
            #expect(["the file /x is empty", "the file /x does not hold whsec_ and base64 of 24 to 64 bytes"].contains(error.description))
        }
    }

    @Test func `tries again as Standard Webhooks recommends, and once more before the end`() {
        let schedule = DeliverySchedule()
        var left = Duration.seconds(86_400)
        var moments: [Int64] = []
        for attempt in 1... {
            guard let pause = schedule.next(after: attempt, left: left, draw: 0) else { break }
            left -= pause
            moments.append(86_400 - left.components.seconds)
        }
        #expect(moments == [5, 305, 2105, 9305, 27_305, 63_305, 86_340])
    }

    @Test func `the whole schedule spans three days`() {
        let schedule = DeliverySchedule(attemptsMax: 30, within: .seconds(7 * 86_400))
        let pauses = (1...9).compactMap { schedule.next(after: $0, left: .seconds(7 * 86_400), draw: 0) }
        #expect(pauses == DeliverySchedule.pauses)
        #expect(schedule.next(after: 12, left: .seconds(7 * 86_400), draw: 0.5) == .seconds(24 * 3600) * 1.05)
        #expect(schedule.next(after: 30, left: .seconds(7 * 86_400), draw: 0) == nil)
        #expect(schedule.next(after: 1, left: .zero, draw: 0) == nil)
        #expect(schedule.next(after: 1, left: .seconds(86_400), atLeast: .seconds(60), draw: 0) == .seconds(60))
    }

    @Test(arguments: [
        ("120", 120_000), ("0", 0), ("Sun, 22 Nov 2026 00:00:30 GMT", 30_000), ("Sat, 21 Nov 2026 23:00:00 GMT", 0),
    ]) func `reads when a server asks to come again`(text: String, milliseconds: Int64) throws {
        let now = try Instant.parse("2026-11-22")
        #expect(RetryAfter.parse(text, now: now) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "-1", "soon", "12345678901", "Sun, 22 Nov 2026 00:00:30", "Sun, 99 Nov 2026 00:00:30 GMT", "1.5"])
    func `takes nothing else for a time to come again`(text: String) throws {
        #expect(RetryAfter.parse(text, now: try Instant.parse("2026-11-22")) == nil)
    }

    @Test func `keeps path, query and port of an address`() throws {
        let address = try #require(Address.split("https://ops.acme.example:8443/hook/?a=b/c?d"))
        #expect("\(address.origin)" == "https://ops.acme.example:8443")
        #expect(address.target == "/hook/?a=b/c?d")
        #expect(try #require(Address.split("https://ops.acme.example")).target == "/")
        #expect(Address.split("ftp://x/") == nil)
    }

    @Test func `what an event is about survives the outbox, and is told to each for itself`() {
        let items = (0..<150).map { number in
            EventSubjects.Item(
                org: number % 2 == 0 ? "acme" : nil, kind: "Budget", name: "b\(number) \"é\"", change: "created",
                labels: number == 2 ? ["tier": "prod"] : [:])
        }
        let subjects = EventSubjects(items)
        let read = EventSubjects(json: subjects.json.text)
        #expect(read == subjects)
        #expect((read.count, read.items.count, read.isWhole) == (150, 100, false))
        let own = read.limited(to: "acme")
        #expect((own.count, own.items.count) == (75, 50))
        #expect(read.limited(to: "globex").isEmpty)
        // What is not listed may have the label.
        #expect(own.hasAny(of: Webhook.Filter(organizations: [], kinds: [.budget], labels: ["tier": "dev"])))
        let few = EventSubjects(Array(items.prefix(4)))
        #expect(!few.hasAny(of: Webhook.Filter(organizations: [], kinds: [], labels: ["tier": "dev"])))
        #expect(few.hasAny(of: Webhook.Filter(organizations: ["acme"], kinds: [.budget], labels: ["tier": "prod"])))
        #expect(!few.hasAny(of: Webhook.Filter(organizations: ["globex"], kinds: [], labels: [:])))
        #expect(few.joined(with: few).count == 8)
    }

    @Test func `who is named by a budget is told of it, whatever it asks for`() throws {
        let text = """
            apiVersion: charter/v1
            kind: Webhook
            metadata: { name: NAME }
            spec: { url: "https://hooks.example/x", events: [key.minted], secret: { env: CHARTER_WEBHOOK_ACME } }
            ---

            """
        func hook(_ path: String, _ name: String) -> SourceFile {
            SourceFile(path: path + name + ".yaml", bytes: Array(text.replacing("NAME", with: name).utf8))
        }
        let organization = "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: acme }\nspec: {}\n"
        let declared = Specification.load([
            SourceFile(path: "orgs/acme/org.yaml", bytes: Array(organization.utf8)), hook("orgs/acme/", "ops"), hook("orgs/acme/", "other"),
            hook("", "ops"),
        ])
        let rows = declared.resources.values.sorted { $0.key < $1.key }.map {
            StoredResource(key: $0.key, uid: "u", canonical: $0.canonical, revision: 1, unit: "main")
        }
        let recipients = try EventRecipient.list(rows)
        #expect(recipients.count == 3)
        let budget = ResourceKey(org: "acme", kind: .budget, name: "monthly")
        let event = EventDraft(
            type: "budget.threshold", org: "acme", data: "{}", platformData: #"{"notify":["ops"]}"#,
            subjects: EventDraft.subjects(of: budget, "spent to 80%"))
        let subjects = EventSubjects(json: event.subjects)
        #expect(subjects.items.map(\.name) == ["monthly"] && subjects.count == 1)
        let told = recipients.filter { $0.isTold(event, about: subjects) }.map(\.name)
        #expect(told.count == 2 && told.allSatisfy { $0.hasSuffix("/ops") }, "\(told)")
    }

    @Test func `a status is what each host takes, in as many characters as it takes`() {
        let status = CommitStatus(
            commit: String(repeating: "a", count: 40), unit: "default", .failure, String(repeating: "é", count: 200) + "\u{1b}",
            link: "https://charter.acme.example")
        #expect(status.description.utf16.count == 140)
        #expect(status.description.hasSuffix("…"))
        let short = CommitStatus(commit: "c", unit: "eu", .failure, "no", link: nil)
        #expect(short.body(for: .github).text == #"{"state":"failure","context":"charter/eu","description":"no"}"#)
        #expect(short.body(for: .gitea).text == #"{"state":"failure","context":"charter/eu","description":"no"}"#)
        #expect(short.body(for: .gitlab).text == #"{"state":"failed","name":"charter/eu","description":"no"}"#)
        let linked = CommitStatus(commit: "c", unit: "eu", .success, "yes", link: "https://x.example")
        #expect(
            linked.body(for: .github).text
                == #"{"state":"success","context":"charter/eu","description":"yes","target_url":"https://x.example"}"#)
    }

    @Test func `a secret's file lies in the organization's own folder, wherever links lead`() throws {
        let folder = try EventReceiver.Folder()
        try folder.write("acme/token", "abc\n")
        try folder.write("globex/token", "not yours")
        try folder.link("acme/link", to: "globex/token")
        let reading = SecretReading(org: "acme", folder: folder.path)
        #expect(try reading.token(.file("\(folder.path)/acme/token")) == "abc")
        for path in ["globex/token", "acme/../globex/token", "acme/link", "acme/none"] {
            #expect(throws: SecretProblem.self) { try reading.token(.file("\(folder.path)/\(path)")) }
        }
        #expect(throws: SecretProblem.self) { try SecretReading(org: nil).token(.environment("PGPASSWORD")) }
    }

    @Test(arguments: [
        SecretReference.environment("ACME_TOKEN"), .environment("ACME_PROD_TOKEN"), .environment("GITHUB_TOKEN"), .environment("PATH"),
        .file("/run/secrets/acme-prod/token"), .file("/run/secrets/acme.prod/token"), .file("/run/secrets/acme"), .file("/run/secrets/acme\u{301}/token"),
        .file("/run/secrets/ACME/token"), .file("/run/secrets/token"), .file("/run/secrets/acme/../acme-prod/token"), .file("/run/secrets/acme/.."),
        .file("/run/secrets/../secrets/acme/token"), .file("//run/secrets/acme/token"), .file("run/secrets/acme/token"), .file("/etc/passwd"),
    ]) func `an organization names no secrets but its own files, however much alike they are called`(reference: SecretReference) {
        #expect(SecretReach.objection(to: reference, of: "acme") != nil)
    }

    @Test func `an organization names its own files, and the platform all but Charter's own variables`() {
        for path in ["/run/secrets/acme/token", "/run/secrets/acme/a/b", "/run/secrets/acme/..data/token"] {
            #expect(SecretReach.objection(to: .file(path), of: "acme") == nil)
        }
        #expect(SecretReach.objection(to: .file("/run/secrets/acme-prod/token"), of: "acme-prod") == nil)
        for reference in [SecretReference.file("/etc/charter/token"), .environment("OPS_TOKEN")] {
            #expect(SecretReach.objection(to: reference, of: nil) == nil)
        }
        for name in ["CHARTER_DATABASE_URL", "PGPASSWORD"] { #expect(SecretReach.objection(to: .environment(name), of: nil) != nil) }
    }

    @Test func `the files of an organization are for the unit that declares it, by whatever path they are named`() throws {
        let folder = try EventReceiver.Folder()
        try folder.write("acme/token", "abc\n")
        try folder.write("platform/token", "def\n")
        try folder.write("token", "ghi\n")
        try folder.link("link", to: "acme/token")
        let paths = ["acme/token", "platform/../acme/token", "link"]
        let owners = ["acme": "default"]
        for path in paths {
            #expect(SecretReading.organization(of: "\(folder.path)/\(path)", in: folder.path) == "acme")
            let reference = SecretReference.file("\(folder.path)/\(path)")
            #expect(try SecretReading(unit: "default", owners: owners, folder: folder.path).token(reference) == "abc")
            #expect(throws: SecretProblem.self) { try SecretReading(unit: "globex", owners: owners, folder: folder.path).token(reference) }
        }
        for (path, text) in [("platform/token", "def"), ("token", "ghi")] {
            let reading = SecretReading(unit: "globex", owners: owners, folder: folder.path)
            #expect(try reading.token(.file("\(folder.path)/\(path)")) == text)
        }
    }
}

extension EventReceiver {
    /// A folder of secrets.
    struct Folder {
        let path: String

        init() throws {
            let made = FileManager.default.temporaryDirectory.appending(path: "charter-secrets-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
            path = made.resolvingSymlinksInPath().path
        }

        func write(_ name: String, _ text: String) throws {
            let url = URL(filePath: "\(path)/\(name)")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }

        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: "\(path)/\(target)")
        }
    }
}

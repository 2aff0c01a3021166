internal import Glibc
internal import Policy
internal import Spec
internal import Store
internal import Synchronization

/// Denials that this gateway took by its own call, until PostgreSQL has them. Safe from every thread; writing blocks.
final class OwnDenials: Sendable {
    /// Why a denial is not taken.
    enum Fault: Error {
        case tooMany
        case unknown
    }

    struct Entry: Sendable {
        var override: Override
        /// Who ended it before PostgreSQL had it.
        var endedBy: String?
        /// Whether PostgreSQL has it, from where every gateway gets it.
        var isHandedOver = false
        /// Whether PostgreSQL does not take it, so that it holds here alone.
        var isRefused = false
        var ending: MonotonicEnd

        init(_ override: Override, at moment: Moment) {
            self.override = override
            // A machine that starts with its clock far back would have it hold for years.
            let left = min(override.expiresAt.milliseconds - moment.wall.milliseconds, Override.lifetimeMax.wholeMilliseconds)
            ending = MonotonicEnd(left: left, at: moment)
        }

        /// As the database's clock would have it, which alone says there when it ends.
        func shifted(to clock: Instant, at moment: Moment) -> Override {
            var shifted = override
            let ahead = clock.milliseconds + ending.left(at: moment) - override.expiresAt.milliseconds
            guard abs(ahead) > MonotonicEnd.tolerance else { return shifted }
            shifted.createdAt = Instant(milliseconds: override.createdAt.milliseconds + ahead)
            shifted.expiresAt = Instant(milliseconds: override.expiresAt.milliseconds + ahead)
            return shifted
        }
    }

    private let path: String
    private let entries = Mutex<[Entry]>([])
    /// Held while the file is written, so that an older list never replaces a newer one.
    private let writing = Mutex(())

    /// More than anybody denies by hand.
    static let entriesMax = 1_000
    /// Of one in the file: a character of its owner's name or reason may take six bytes there.
    private static let lineBytesMax = 12 * Override.textBytesMax + (4 << 10)

    init(state: String) { path = "\(state)/denials.jsonl" }

    /// Takes what an earlier process kept; what cannot be read is told by `warn`, and the rest is taken.
    func load(warn: (String) -> Void) {
        let bytes: [UInt8]
        do throws(DiskFault) {
            let file = try OpenFile(reading: path)
            bytes = try file.read(at: 0, max: min(file.length(), Self.entriesMax * Self.lineBytesMax))
        } catch {
            if error.errno != ENOENT { warn("\(error)") }
            return
        }
        var found: [Entry] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            if let entry = Entry(line: String(line), at: .now) { found.append(entry) } else { warn("a line of \(path) cannot be read") }
        }
        entries.withLock { $0 = found }
    }

    var all: [Entry] { entries.withLock { $0 } }

    /// Those that hold.
    func denials(at moment: Moment) -> [Denial] {
        entries.withLock { entries in
            for index in entries.indices { _ = entries[index].ending.look(at: moment) }
            return entries.filter { $0.endedBy == nil && !$0.ending.isOver }.map { Denial($0.override, $0.ending) }
        }
    }

    /// Those that PostgreSQL is to be given.
    var waiting: [Entry] { all.filter { !$0.isHandedOver && !$0.isRefused } }

    func add(_ override: Override) throws(Fault) {
        let isFull = entries.withLock { entries in
            guard entries.count < Self.entriesMax else { return true }
            entries.append(Entry(override, at: .now))
            return false
        }
        if isFull { throw .tooMany }
    }

    /// Ends one that PostgreSQL does not have yet.
    func end(_ uid: String, by actor: String) throws(Fault) {
        let isKnown = entries.withLock { entries in
            guard let index = entries.firstIndex(where: { $0.override.uid == uid && $0.endedBy == nil && !$0.isHandedOver }) else { return false }
            entries[index].endedBy = actor
            return true
        }
        if !isKnown { throw .unknown }
    }

    /// PostgreSQL has what was known of this one.
    func handedOver(_ entry: Entry) { change(entry) { $0.isHandedOver = true } }

    /// PostgreSQL does not take this one; it goes on holding here, and is tried again by the next process.
    func refused(_ entry: Entry) { change(entry) { $0.isRefused = true } }

    private func change(_ entry: Entry, _ change: (inout Entry) -> Void) {
        entries.withLock { entries in
            for index in entries.indices where entries[index].override.uid == entry.override.uid && entries[index].endedBy == entry.endedBy {
                change(&entries[index])
            }
        }
    }

    /// Forgets what PostgreSQL has, and what it does not take and is over; call once its overrides were read. False where there was nothing.
    func forgetHandedOver() -> Bool {
        entries.withLock { entries in
            let count = entries.count
            entries.removeAll { $0.isHandedOver || $0.isRefused && ($0.ending.isOver || $0.endedBy != nil) }
            return entries.count < count
        }
    }

    /// Keeps the list for the next process: written beside, synchronized, and put in place at once.
    func save() throws(DiskFault) {
        let fault = writing.withLock { _ -> DiskFault? in
            let text = all.map { $0.line + "\n" }.joined()
            do throws(DiskFault) {
                try write(Array(text.utf8))
                return nil
            } catch { return error }
        }
        if let fault { throw fault }
    }

    private func write(_ bytes: [UInt8]) throws(DiskFault) {
        let fresh = path + ".new"
        try Disk.remove(fresh)
        let file = try OpenFile(creating: fresh)
        try file.write(bytes, at: 0)
        try file.synchronize()
        try Disk.rename(fresh, to: path)
        try Disk.synchronizeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    }
}

extension OwnDenials.Entry {
    /// One JSON object.
    var line: String {
        var text = JSONText(.printable, capacity: 512)
        text.object { text in
            text.member("uid", override.uid)
            text.member("org", override.target.org)
            text.member("kind", override.target.kind.rawValue)
            text.member("name", override.target.name)
            text.member("target_uid", override.targetUID)
            text.member("part", override.part)
            text.member("owner", override.owner)
            text.member("reason", override.reason)
            text.member("base_revision", override.baseRevision)
            text.member("created_at", override.createdAt.milliseconds)
            text.member("expires_at", override.expiresAt.milliseconds)
            text.member("ended_by", endedBy)
        }
        return text.json
    }

    /// Nil for what is none.
    init?(line: String, at moment: Moment) {
        guard let node = try? JSONReader.parse(line), case .mapping(let members) = node.content else { return nil }
        var texts: [String: String] = [:]
        for member in members {
            if case .scalar(let scalar) = member.value.content { texts[member.key] = scalar.text }
        }
        guard let uid = texts["uid"], let kind = texts["kind"].flatMap(Kind.init(rawValue:)), let name = texts["name"],
            let targetUID = texts["target_uid"], let owner = texts["owner"], let reason = texts["reason"],
            let base = texts["base_revision"].flatMap({ Int64($0) }), let created = texts["created_at"].flatMap({ Int64($0) }),
            let expires = texts["expires_at"].flatMap({ Int64($0) })
        else { return nil }
        self.init(
            Override(
                uid: uid, target: ResourceKey(org: texts["org"], kind: kind, name: name), targetUID: targetUID, part: texts["part"],
                effect: .denial, owner: owner, reason: reason, baseRevision: base, createdAt: Instant(milliseconds: created),
                expiresAt: Instant(milliseconds: expires)), at: moment)
        endedBy = texts["ended_by"]
    }
}

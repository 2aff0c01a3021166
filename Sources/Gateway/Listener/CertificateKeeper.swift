internal import Crypto
internal import HTTP
internal import Spec
internal import Synchronization

/// Keeps the loops' TLS at what its files say. Used on one thread; any thread may read the counts.
final class CertificateKeeper: Sendable {
    private let files: TLSFiles
    private let log: Log
    private let state: Mutex<State>

    private struct State {
        var material: TLSServerMaterial
        var stamps: [FileStamp?]
        /// The fault of the files as they are, told once.
        var fault: String?
        var expiries: [Expiry] = []
        var taken = 0
        var refused = 0
        /// Nanoseconds of the monotonic clock at which the keys of tickets were made.
        var keysMadeAt: Int64
    }

    /// When a certificate ends, in seconds since 1970.
    struct Expiry: Sendable {
        var file: String
        var notAfter: Int64
    }

    struct Counts {
        var taken: Int
        var refused: Int
        var expiries: [Expiry]
    }

    /// Nanoseconds after which clients' tickets are of no use any more, so that a key that leaks opens few of them.
    private static let keyAgeMax: Int64 = 12 * 3600 * 1_000_000_000

    /// Throws when TLS cannot be spoken with the files. A certificate that has ended is only told of: there is no better one.
    init(_ files: TLSFiles, log: Log) throws {
        self.files = files
        self.log = log
        let stamps = files.all.map { FileStamp($0) }
        let material = try Self.read(files, keys: TLSTicketKeys())
        state = Mutex(State(material: material, stamps: stamps, keysMadeAt: WallClock.monotonicNanoseconds))
        _ = try TLSContext.server(material)
        let expiries = try Self.expiries(material)
        state.withLock { $0.expiries = expiries }
        if let fault = try Self.fault(material) { log.warning("a certificate is not good", ["reason": fault]) }
    }

    var material: TLSServerMaterial { state.withLock { $0.material } }
    var counts: Counts { state.withLock { Counts(taken: $0.taken, refused: $0.refused, expiries: $0.expiries) } }

    /// What connections from now on are to be made with, if that has changed; with `isAsked` also where the files look
    /// unchanged. Files that cannot be used change nothing, and are tried again.
    func renewed(isAsked: Bool = false) -> TLSServerMaterial? {
        let stamps = files.all.map { FileStamp($0) }
        let (known, fault) = state.withLock { ($0.stamps, $0.fault) }
        guard isAsked || stamps != known || fault != nil else { return rotated() }
        do {
            let material = try Self.read(files, keys: TLSTicketKeys())
            _ = try TLSContext.server(material)
            if let fault = try Self.fault(material) { throw CertificateFault(description: fault) }
            take(material, stamps, try Self.expiries(material))
            return material
        } catch {
            refuse("\(error)", stamps)
            return nil
        }
    }

    private func take(_ material: TLSServerMaterial, _ stamps: [FileStamp?], _ expiries: [Expiry]) {
        state.withLock { state in
            state.material = material
            state.stamps = stamps
            state.fault = nil
            state.expiries = expiries
            state.taken += 1
            state.keysMadeAt = WallClock.monotonicNanoseconds
        }
        let first = expiries.first.map { String($0.notAfter) } ?? ""
        log.note("certificates taken", ["files": String(expiries.count), "first_ends": first])
    }

    private func refuse(_ fault: String, _ stamps: [FileStamp?]) {
        let isTold = state.withLock { state in
            defer { (state.fault, state.stamps) = (fault, stamps) }
            let isTold = state.fault == fault && state.stamps == stamps
            if !isTold { state.refused += 1 }
            return isTold
        }
        if !isTold { log.error("the new certificates cannot be used, the old ones stay", ["reason": fault]) }
    }

    /// The same certificates with fresh keys of tickets, once those are old.
    private func rotated() -> TLSServerMaterial? {
        state.withLock { state in
            let now = WallClock.monotonicNanoseconds
            guard now - state.keysMadeAt > Self.keyAgeMax else { return nil }
            state.keysMadeAt = now
            state.material = state.material.with(TLSTicketKeys())
            return state.material
        }
    }

    private static func read(_ files: TLSFiles, keys: TLSTicketKeys) throws -> TLSServerMaterial {
        try TLSServerMaterial(
            reading: files.identities, clientAuthorities: files.clientAuthorities, clientDemand: files.clientDemand,
            ticketKeys: keys)
    }

    private static func expiries(_ material: TLSServerMaterial) throws -> [Expiry] {
        try material.expiries().map { Expiry(file: $0.path, notAfter: $0.validity.notAfter) }
    }

    /// Why a certificate is not good at present.
    private static func fault(_ material: TLSServerMaterial) throws -> String? {
        try material.fault(at: WallClock.now.milliseconds / 1000)
    }
}

/// Files that are read without fault and still cannot be used.
private struct CertificateFault: Error, CustomStringConvertible {
    var description: String
}

internal import Crypto
internal import Glibc
internal import HTTP
internal import Spec
internal import Synchronization

/// Keeps a listener's TLS at what its files say. From any thread.
final class AdminCertificate: Sendable {
    private let files: TLSIdentityFiles
    private let clientAuthorities: String?
    private let log: @Sendable (String) -> Void
    private let state: Mutex<State>

    private struct State: Hashable {
        /// Of the files as they were read last, also where they could not be used.
        var stamps: [FileStamp?]
        /// Why not, which is told once.
        var fault: String?
    }

    /// What the files said at the beginning.
    let first: TLSServerMaterial

    /// Throws where TLS cannot be spoken with the files. A certificate that has ended is only told of: there is no better one.
    init(_ files: TLSIdentityFiles, clientAuthorities: String?, log: @escaping @Sendable (String) -> Void) throws {
        (self.files, self.clientAuthorities, self.log) = (files, clientAuthorities, log)
        state = Mutex(State(stamps: Self.stamps(files, clientAuthorities)))
        first = try Self.read(files, clientAuthorities)
        if let fault = try first.fault(at: Self.now) { log("a certificate is not good: \(fault)".printable) }
    }

    /// What connections from now on are to be made with; nil where the files are as they were, unless it is asked for, or cannot be used. Those
    /// that cannot are tried again: a certificate may only have to begin.
    func renewed(isAsked: Bool) -> TLSServerMaterial? {
        let (known, present) = (state.withLock { $0 }, Self.stamps(files, clientAuthorities))
        guard isAsked || known.fault != nil || known.stamps != present else { return nil }
        do {
            let material = try Self.read(files, clientAuthorities)
            if let fault = try material.fault(at: Self.now) { throw CertificateFault(description: fault) }
            state.withLock { $0 = State(stamps: present) }
            log("certificate taken file=\(files.certificate)".printable)
            return material
        } catch {
            let refused = State(stamps: present, fault: "\(error)")
            state.withLock { $0 = refused }
            if isAsked || refused != known { log("the certificate cannot be used, the old one stays: \(error)".printable) }
            return nil
        }
    }

    private static func stamps(_ files: TLSIdentityFiles, _ authorities: String?) -> [FileStamp?] {
        ([files.certificate, files.key] + [authorities].compactMap(\.self)).map { FileStamp($0) }
    }

    /// Also tries whether a key belongs to its certificate.
    private static func read(_ files: TLSIdentityFiles, _ authorities: String?) throws -> TLSServerMaterial {
        let material = try TLSServerMaterial(reading: [files], clientAuthorities: authorities)
        _ = try TLSContext.server(material)
        return material
    }

    private static var now: Int64 { Int64(time(nil)) }
}

/// Files that are read without fault and still cannot be used.
private struct CertificateFault: Error, CustomStringConvertible {
    var description: String
}

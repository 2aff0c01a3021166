internal import Crypto
internal import HTTP
internal import Spec
internal import Synchronization

/// Keeps a listener's TLS at what its files say. From any thread.
final class AdminCertificate: Sendable {
    private let files: TLSIdentityFiles
    private let clientAuthorities: String?
    private let log: @Sendable (String) -> Void
    /// Of the files as they were read last, also where they could not be used, which is told once.
    private let stamps: Mutex<[FileStamp?]>

    /// What the files said at the beginning.
    let first: TLSServerMaterial

    /// Throws where TLS cannot be spoken with the files.
    init(_ files: TLSIdentityFiles, clientAuthorities: String?, log: @escaping @Sendable (String) -> Void) throws {
        (self.files, self.clientAuthorities, self.log) = (files, clientAuthorities, log)
        stamps = Mutex(Self.stamps(files, clientAuthorities))
        first = try Self.read(files, clientAuthorities)
    }

    /// What connections from now on are to be made with; nil where the files are as they were, unless it is asked for, or cannot be used.
    func renewed(isAsked: Bool) -> TLSServerMaterial? {
        let present = Self.stamps(files, clientAuthorities)
        let isChanged = stamps.withLock { known in
            defer { known = present }
            return known != present
        }
        guard isChanged || isAsked else { return nil }
        do {
            let material = try Self.read(files, clientAuthorities)
            log("certificate taken file=\(files.certificate)".printable)
            return material
        } catch {
            log("the certificate cannot be used, the old one stays: \(error)".printable)
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
}

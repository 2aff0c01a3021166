internal import HTTP
internal import Policy
internal import Spec

/// The files that providers are reached by: those of secrets and of TLS, as they were when they were looked at.
struct UpstreamFiles: Equatable {
    private let stamps: [String: FileStamp?]

    /// Looks at them all; nothing is read.
    init(of snapshot: Snapshot) {
        var stamps: [String: FileStamp?] = [:]
        for provider in snapshot.providers {
            let spec = provider.spec
            let secrets = [spec.credential?.secret] + spec.headers.values.map { if case .secret(let reference) = $0 { reference } else { nil } }
            for path in secrets.map({ $0?.file }) + [spec.tls.ca, spec.tls.certificate, spec.tls.key] {
                if let path { stamps.updateValue(FileStamp(path), forKey: path) }
            }
        }
        self.stamps = stamps
    }

    /// Paths whose files are others than they were, in the order of names.
    func changed(since earlier: UpstreamFiles) -> [String] {
        stamps.keys.filter { earlier.stamps[$0] != stamps[$0] }.sorted()
    }
}

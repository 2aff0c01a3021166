import Glibc
import Synchronization

/// A socket that takes what processes tell their service manager.
final class DatagramReceiver: Sendable {
    let path: String
    private let descriptor: Int32
    private let texts = Mutex<[String]>([])

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw TestClient.Failure(call: "bind \(path)") }
    }

    deinit { close(descriptor) }

    /// Everything that came so far.
    var received: [String] {
        texts.withLock { texts in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { return texts }
                texts.append(String(decoding: buffer[..<count], as: UTF8.self))
            }
        }
    }
}

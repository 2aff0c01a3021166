internal import CLinux
internal import Glibc

/// The name under which `top` and `perf` show a thread.
enum ThreadName {
    /// What Linux keeps, the closing zero left out (pthread_setname_np(3)).
    private static let bytesMax = 15

    /// Names the calling thread; a longer name is cut.
    static func set(_ name: String) {
        pthread_setname_np(pthread_self(), String(decoding: name.utf8.prefix(bytesMax), as: UTF8.self))
    }
}

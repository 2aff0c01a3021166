internal import Glibc

/// The attempts at fetching anew what has grown too large, made beside the mirror, which is fetched into until one succeeds.
///
/// At most every so often, since what came bit by bit may not come as a whole: it may be more than one fetch may take.
struct MirrorRenewal {
    let mirror: String

    private var note: String { mirror + ".renewal" }

    /// Whether it is time for one.
    var isDue: Bool {
        var status = stat()
        // A time to come is of a clock that was set back since, and says nothing.
        return stat(note, &status) != 0 || !(0..<Self.pauseSeconds).contains(time(nil) - status.st_mtim.tv_sec)
    }

    /// Why the last one came to nothing; nil where none was made since one succeeded.
    var failure: String? { try? SmallFile.text(note, bytesMax: Self.noteBytesMax) }

    /// One begins, and may be killed.
    func begin() throws(SystemError) { try SmallFile.write("it took longer than one fetch may", to: note) }

    func fail(_ reason: String) throws(SystemError) {
        try SmallFile.write(String(decoding: reason.utf8.prefix(Self.noteBytesMax), as: UTF8.self), to: note)
    }

    func succeed() { unlink(note) }

    private static let pauseSeconds = 3600
    private static let noteBytesMax = 4096
}

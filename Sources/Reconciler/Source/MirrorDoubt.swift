internal import Glibc

/// That the copy of a remote on this machine cannot be read any more, as when a disk lost some of it: then it is fetched anew.
///
/// At most every so often, since what a remote has may be damaged itself.
struct MirrorDoubt {
    let mirror: String

    private var raised: String { mirror + ".damaged" }
    private var rebuilt: String { mirror + ".rebuilt" }

    /// Has the next fetch begin anew; false where one did lately, which did not help.
    func raise() -> Bool {
        var status = stat()
        // A time to come is of a clock that was set back since, and says nothing.
        if stat(rebuilt, &status) == 0, (0..<Self.pauseSeconds).contains(time(nil) - status.st_mtim.tv_sec) { return false }
        return (try? SmallFile.write("", to: raised)) != nil
    }

    var isRaised: Bool { access(raised, F_OK) == 0 }

    /// Everything was fetched anew, or the remote turned out to be damaged itself; for the child, which holds the mirror's lock.
    func settle() throws(SystemError) {
        try SmallFile.write("\(time(nil))", to: rebuilt)
        unlink(raised)
    }

    private static let pauseSeconds = 600
}

import TestKit

/// A server that speaks Git's own protocol as far as it likes to.
final class HostileServer {
    let port: UInt16
    private let process: Subprocess
    private let folder: TemporaryDirectory

    enum Behaviour: String {
        /// Names of references without end.
        case endlessNames
        /// A line that promises more than it has.
        case shortLine
        /// Random bytes.
        case noise
        /// A sound list of names, then noise for a pack.
        case noisePack
        /// A sound list of names, then a pack that says it has four billion objects.
        case hugePack
        /// A sound list of names, then one byte a second.
        case trickle
        /// Hangs up at once.
        case hangUp
    }

    init(_ behaviour: Behaviour) throws {
        folder = try TemporaryDirectory()
        process = try Subprocess(["python3", folder.write(Self.script, to: "server.py"), behaviour.rawValue])
        var found: UInt16?
        try eventually(within: .seconds(20), "the server says its port: \(process.errors)") { [process] in
            found = UInt16(process.output.split(separator: "\n").first ?? "")
            return found != nil
        }
        port = found ?? 0
    }

    var address: String { "git://127.0.0.1:\(port)/repo.git" }

    private static let script = """
        import os, socket, struct, sys, threading, time
        kind = sys.argv[1]
        def line(text): return b"%04x" % (len(text) + 4) + text
        tip = b"1" * 40
        names = line(tip + b" HEAD\\0multi_ack side-band-64k ofs-delta\\n") + line(tip + b" refs/heads/main\\n") + b"0000"
        def serve(peer):
            try:
                peer.recv(4096)
                if kind == "hangUp": return
                if kind == "noise": peer.sendall(os.urandom(1 << 20)); return
                if kind == "shortLine": peer.sendall(b"ffff" + b"x" * 100); return
                if kind == "endlessNames":
                    peer.sendall(line(tip + b" HEAD\\0ofs-delta\\n"))
                    number = 0
                    while True:
                        peer.sendall(b"".join(line(tip + b" refs/heads/" + b"x" * 900 + b"%d\\n" % (number + i)) for i in range(1000)))
                        number += 1000
                peer.sendall(names)
                peer.recv(4096)
                peer.sendall(line(b"NAK\\n"))
                band = lambda data: line(b"\\x01" + data)
                if kind == "noisePack":
                    while True: peer.sendall(band(os.urandom(8000)))
                if kind == "hugePack":
                    peer.sendall(band(b"PACK" + struct.pack(">II", 2, 0xffffffff)))
                    while True: peer.sendall(band(b"\\x00" * 8000))
                if kind == "trickle":
                    while True: peer.sendall(band(b"P")); time.sleep(1)
            except OSError: pass
            finally: peer.close()
        server = socket.create_server(("127.0.0.1", 0))
        print(server.getsockname()[1], flush=True)
        while True: threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
        """
}

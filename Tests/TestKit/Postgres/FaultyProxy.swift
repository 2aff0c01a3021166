/// Stands between a program and a server, and fails as networks do.
package final class FaultyProxy: Sendable {
    package let port: UInt16
    private let process: Subprocess
    private let folder: TemporaryDirectory

    package enum Mode: String, Sendable {
        /// Everything passes.
        case pass
        /// Every connection is reset, old and new.
        case drop
        /// Nothing passes any more, and nobody is told.
        case blackhole
        /// A COMMIT never arrives; its connection is reset.
        case cutBeforeCommit
        /// A COMMIT arrives, its answer does not; its connection is reset.
        case cutAfterCommit
        /// The next COMMIT never arrives, and nobody is told; what comes after it, by other connections, passes.
        case muteBeforeCommit
        /// The next COMMIT arrives and its answer does not, and nobody is told; the same.
        case muteAfterCommit
        /// A connection on which more than a megabyte was answered is reset.
        case cutAfterMegabyte
        /// Connections are accepted, and that is all.
        case silent
    }

    package init(to port: UInt16) throws {
        folder = try TemporaryDirectory()
        try folder.write(Mode.pass.rawValue, to: "mode")
        process = try Subprocess(["python3", folder.write(Self.script, to: "proxy.py"), "\(port)", folder.path + "/mode"])
        var found: UInt16?
        try eventually(within: .seconds(20), "the proxy says its port: \(process.errors)") { [process] in
            found = UInt16(process.output.split(separator: "\n").first ?? "")
            return found != nil
        }
        self.port = found ?? 0
    }

    /// Takes effect at the next bytes of every connection.
    package func fail(_ mode: Mode) throws { try folder.write(mode.rawValue, to: "mode") }

    /// How often it cut something in two.
    package var cuts: Int { process.output.split(separator: "\n").count { $0 == "cut" } }

    /// How many connections it accepted and left alone.
    package var held: Int { process.output.split(separator: "\n").count { $0 == "held" } }

    private static let script = """
        import os, select, socket, struct, sys, threading, time
        server_port, mode_file = int(sys.argv[1]), sys.argv[2]
        muted = threading.Event()
        def hear(client):
            try:
                while client.recv(65536): pass
            except OSError: pass
        def mode():
            try: return open(mode_file).read() or "pass"
            except OSError: return "pass"
        def reset(peer):
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()
        def serve(client):
            if mode() == "silent": print("held", flush=True)
            while mode() == "silent": time.sleep(0.1)
            server = socket.create_connection(("127.0.0.1", server_port))
            is_cut, answered, end = False, 0, reset
            try:
                while True:
                    ready = select.select([client, server], [], [], 0.05)[0]
                    how = mode()
                    if how == "drop": return
                    if how == "blackhole": continue
                    for peer in ready:
                        data = peer.recv(65536)
                        if not data:
                            end = socket.socket.close
                            return
                        if peer is client and b"COMMIT\\0" in data and how.startswith("cut"):
                            is_cut = True
                            print("cut", flush=True)
                            if how == "cutBeforeCommit": return
                        elif peer is client and b"COMMIT\\0" in data and how.startswith("mute") and not muted.is_set():
                            muted.set()
                            if how == "muteAfterCommit": server.sendall(data)
                            print("cut", flush=True)
                            hear(client)
                            return
                        elif peer is server and is_cut: return
                        if peer is server: answered += len(data)
                        if how == "cutAfterMegabyte" and answered > 1000000:
                            print("cut", flush=True)
                            return
                        (server if peer is client else client).sendall(data)
            except OSError: pass
            finally:
                end(client)
                server.close()
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        while True:
            peer = listener.accept()[0]
            if mode() == "drop": reset(peer)
            else: threading.Thread(target=serve, args=(peer,), daemon=True).start()
        """
}

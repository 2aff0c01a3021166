/// `certificate.pem` and `key.pem` of a folder, made by the `openssl` command and as often as a test wants made anew.
package struct SelfSignedCertificate: Sendable {
    private let folder: TemporaryDirectory

    package var path: String { folder.path + "/certificate.pem" }
    package var key: String { folder.path + "/key.pem" }

    package init(in folder: TemporaryDirectory) { self.folder = folder }

    package struct Failure: Error { package let output: String }

    /// Makes one for a host's name, good for two days or for the `span` of two times as in `20200101000000Z`, and has it take the place of
    /// the one there is; its key stays where it is to be another one's.
    package func make(_ name: String, span: (begin: String, end: String)? = nil, keepsKey: Bool = false) throws {
        try folder.write("subjectAltName=DNS:\(name)\n", to: "names")
        try folder.write("", to: "index.txt")
        try folder.write(
            """
            [ca]
            default_ca = own
            [own]
            database = \(folder.path)/index.txt
            new_certs_dir = \(folder.path)
            rand_serial = yes
            default_md = sha256
            policy = any
            [any]
            commonName = supplied
            """, to: "ca.conf")
        try run([
            "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
            "-keyout", folder.path + "/new.key", "-out", folder.path + "/request.pem",
        ])
        try run([
            "openssl", "ca", "-batch", "-notext", "-selfsign", "-config", folder.path + "/ca.conf", "-keyfile", folder.path + "/new.key",
            "-in", folder.path + "/request.pem", "-extfile", folder.path + "/names", "-out", folder.path + "/new.pem",
        ] + (span.map { ["-startdate", $0.begin, "-enddate", $0.end] } ?? ["-days", "2"]))
        if !keepsKey { try run(["mv", folder.path + "/new.key", key]) }
        try run(["mv", folder.path + "/new.pem", path])
    }

    private func run(_ command: [String]) throws {
        let outcome = try Subprocess.run(command)
        guard outcome.code == 0 else { throw Failure(output: outcome.errors) }
    }
}

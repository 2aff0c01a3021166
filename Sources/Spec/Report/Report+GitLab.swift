extension Report {
    /// GitLab's Code Quality report, the part of Code Climate's format that GitLab reads; findings with equal
    /// fingerprints would be dropped, so each has its own.
    var gitLab: String {
        var text = JSONText(.printable, capacity: 1024 + diagnostics.count * 256)
        text.array { text in
            for (diagnostic, fingerprint) in zip(diagnostics, fingerprints) {
                text.object { text in
                    text.member("description", diagnostic.message + (diagnostic.hint.map { " (hint: \($0))" } ?? ""))
                    text.member("check_name", diagnostic.code.rawValue)
                    text.member("fingerprint", fingerprint.hex)
                    text.member("severity", diagnostic.severity == .error ? "major" : "minor")
                    text.object("location") { text in
                        text.member("path", repositoryPath(diagnostic.place?.path ?? SourceFile.rulesPath))
                        text.object("lines") { $0.member("begin", Int64(diagnostic.place?.position.line ?? 1)) }
                    }
                }
            }
        }
        return text.json
    }
}

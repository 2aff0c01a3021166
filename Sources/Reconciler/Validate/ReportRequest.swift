internal import Glibc
package import Spec

/// In which formats a report is wanted, and where.
package struct ReportRequest: Hashable, Sendable {
    /// What goes to standard output, or to `output`.
    package var format: ReportFormat
    package var output: String?
    /// Further formats, each to a file.
    package var extras: [Extra] = []
    /// Where GitHub takes a job's summary from.
    package var summary: String?

    package struct Extra: Hashable, Sendable {
        package var format: ReportFormat
        package var file: String
    }

    /// Chooses for a machine that says by its environment what it is, unless the format is named.
    ///
    /// `extras` are written `FORMAT=FILE`.
    package init(
        format: String?, output: String?, extras: [String], environment: [String: String]
    ) throws(UsageError) {
        let isGitHub = environment["GITHUB_ACTIONS"] == "true"
        self.format =
            try format.map { name throws(UsageError) in try Self.format(name) } ?? (isGitHub ? .github : .text)
        self.output = output == "-" ? nil : output
        for extra in extras {
            let parts = extra.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw .wrong("--report \"\(extra)\" names no file", hint: "--report sarif=charter.sarif")
            }
            guard parts[1] != "-" else {
                throw .wrong("--report \"\(extra)\" names no file", hint: "--format chooses what goes to standard output")
            }
            self.extras.append(Extra(format: try Self.format(parts[0]), file: parts[1]))
        }
        try refuseSharedFiles()
        if isGitHub, let file = environment["GITHUB_STEP_SUMMARY"], !file.isEmpty { summary = file }
    }

    /// Whichever were written last would be all that is left.
    private func refuseSharedFiles() throws(UsageError) {
        var seen: Set<String> = []
        for file in [output].compactMap(\.self) + extras.map(\.file) where !seen.insert(Self.place(of: file)).inserted {
            throw .wrong("two reports would be written to \(file)", hint: "give each a file of its own")
        }
    }

    /// The same for all ways to write one path.
    private static func place(of file: String) -> String {
        if let whole = real(file) { return whole }
        let cut = file.lastIndex(of: "/").map { file.index(after: $0) } ?? file.startIndex
        let folder = cut == file.startIndex ? "." : String(file[..<cut])
        return (real(folder) ?? folder) + "/" + file[cut...]
    }

    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }

    private static func format(_ name: String) throws(UsageError) -> ReportFormat {
        if let format = ReportFormat(rawValue: name) { return format }
        let names = ReportFormat.allCases.map(\.rawValue)
        let near = Suggestion.nearest(to: name, among: names).map { "did you mean \($0)?" }
        throw .wrong("\"\(name)\" is no format", hint: near ?? "one of: " + names.joined(separator: ", "))
    }

    /// Writes the report everywhere it is wanted.
    package func deliver(_ report: Report) throws(SystemError) {
        for extra in extras { try Self.write(report.rendered(as: extra.format) + "\n", to: extra.file) }
        // Appended, since the file belongs to the whole job.
        if let summary { try Self.write(report.summary, to: summary, appending: true) }
        let text = report.rendered(as: format)
        if let output { try Self.write(text + "\n", to: output) } else { Console.print(text) }
    }

    private static func write(_ text: String, to path: String, appending: Bool = false) throws(SystemError) {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (appending ? O_APPEND : O_TRUNC), 0o644)
        guard file >= 0 else { throw SystemError("write \(path)", code: errno) }
        var failure: Int32 = 0
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                failure = errno
                break
            }
            bytes = bytes.dropFirst(count)
        }
        // What a full disk took is known only now.
        if close(file) != 0 && failure == 0 { failure = errno }
        if failure != 0 { throw SystemError("write \(path)", code: failure) }
    }
}

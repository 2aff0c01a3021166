import TestKit

/// A run of `charter`, and the most memory it held.
struct MeasuredRun {
    let outcome: Subprocess.Outcome
    /// In bytes.
    let peak: Int

    /// By a parent that is small itself, since a child begins with the record of its parent (getrusage(2), RUSAGE_CHILDREN).
    init(_ words: [String], environment: [String: String] = [:]) throws {
        let folder = try TemporaryDirectory()
        outcome = try Subprocess.run(
            ["python3", "-c", Self.script, folder.path + "/peak", Programs.charter] + words, environment: environment, within: .seconds(120))
        guard let kilobytes = Int(folder.read("peak")) else { throw Unexpected() }
        peak = kilobytes << 10
    }

    private static let script = """
        import resource, subprocess, sys
        code = subprocess.call(sys.argv[2:])
        open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
        sys.exit(code if code >= 0 else 128 - code)
        """
}

import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct ConfigRepoWalkthrough {
        static let path = Programs.root.appending(path: "examples/config-repo/README.md")

        /// `CHARTER_REWRITE=1` writes the blocks anew instead of comparing them.
        private static let rewrites = ProcessInfo.processInfo.environment["CHARTER_REWRITE"] == "1"

        @Test func `the console blocks of the example's README are what the commands print`() throws {
            let text = try String(contentsOf: Self.path, encoding: .utf8)
            let console = ConsoleText(text)
            #expect(console.commands.count > 10)
            let platform = try Platform(watching: false)
            let printed = console.replacingOutputs(try outputs(of: console.commands, on: platform))
            if Self.rewrites {
                try printed.write(to: Self.path, atomically: true, encoding: .utf8)
            } else {
                let wanted = text.components(separatedBy: "\n")
                let found = printed.components(separatedBy: "\n")
                for change in found.difference(from: wanted) { Issue.record("\(change)") }
            }
        }

        /// Runs all commands in one shell, so that what one sets the next one finds.
        private func outputs(of commands: [String], on platform: Platform) throws -> [String] {
            let mark = "\u{1}end of output\u{1}"
            let steps = commands.map { command in
                // A gateway loads a revision a moment after it was applied; a person is never that fast.
                let settling = command.contains("charter apply") ? "settle >/dev/null\n" : ""
                return "\(command)\n\(settling)printf '%s' '\(mark)'\n"
            }
            let script = try platform.repository.folder.write(
                "exec 2>&1\n" + settle + steps.joined(), to: "walkthrough.sh")
            let environment = platform.environment.merging(
                ["OPENAI_BASE_URL": "http://127.0.0.1:\(platform.port)/v1", "OPENAI_API_KEY": platform.key]) {
                    _, ours in ours
                }
            let outcome = try Subprocess.run(
                ["bash", script], environment: environment, directory: platform.repository.workTree,
                within: .seconds(120))
            let normalizer = Normalizer(places: places(of: platform), host: ProcessInfo.processInfo.hostName)
            let pieces = outcome.output.components(separatedBy: mark).dropLast()
            #expect(pieces.count == commands.count, "\(outcome.output.suffix(500))")
            return pieces.map { normalizer.normalize($0).trimmingCharacters(in: .newlines) }
        }

        private let settle = """
            settle() {
                for attempt in $(seq 200); do
                    psql "$CHARTER_DATABASE_URL" -Atqc "SELECT min(revision) = (SELECT max(id) FROM charter.revision) FROM charter.gateway" | grep -q t && return
                    sleep 0.05
                done
            }

            """

        private func places(of platform: Platform) -> [(found: String, written: String)] {
            [
                (platform.repository.folder.path, ".charter/demo"), ("127.0.0.1:\(platform.port)", "127.0.0.1:8080"),
                (platform.key, "sk_<secret>"),
            ]
        }
    }
}

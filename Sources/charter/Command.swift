import Glibc
import Policy
import Reconciler
import Store

/// One subcommand: what its help says and what it runs.
struct Command: Sendable {
    var name: String
    var summary: String
    /// The words after `charter`.
    var usage: String
    var details = ""
    var flags: [Flag] = []
    var positionalsMax = 0
    var two = MeaningOfTwo.misuse
    /// Whether it tells on a terminal how far it is, when it takes long.
    var showsProgress = false
    /// Whether it tells by itself how far the audit goes.
    var logsAuditHead = false
    /// The exit code of an error, where 1 is an answer.
    var failure: Int32 = 1
    /// Answers the exit code.
    var run: @Sendable (Arguments) throws -> Int32 = { _ in 0 }
    /// Takes the words as they are, for a command that reads them itself; `run` is not asked then.
    var runWords: (@Sendable ([String]) -> Int32)?

    var help: HelpText { HelpText(usage: usage, summary: summary, details: details, flags: allFlags) }

    private var allFlags: [Flag] {
        showsProgress && !flags.contains { $0.name == "quiet" } ? flags + [SharedFlags.quiet] : flags
    }

    /// Parses the words and runs; every failure is a message on standard error and an exit code.
    func start(_ words: [String]) -> Int32 {
        let code = answer(words)
        tellAuditHead()
        guard let problem = Console.outputProblem else { return code }
        Console.printError("charter \(name): cannot write the output: \(problem)")
        return Self.exitCodeOfLostOutput
    }

    /// Has a log know how far the record of acts goes, so that what is cut off later is missed; a terminal keeps nothing.
    private func tellAuditHead() {
        guard !logsAuditHead, isatty(STDERR_FILENO) != 1, let head = AuditHead.committed else { return }
        Console.printError(head.line)
    }

    /// What was to be read by somebody is not there, whatever it said.
    private static let exitCodeOfLostOutput: Int32 = 3

    private func answer(_ words: [String]) -> Int32 {
        if let runWords { return runWords(words) }
        do {
            let arguments = try Arguments.parse(
                words, flags: allFlags, positionalsMax: positionalsMax, environment: environment)
            let display = showsProgress && !arguments.has("quiet") ? ProgressDisplay() : nil
            defer { display?.stop() }
            return try run(arguments)
        } catch UsageError.helpWanted {
            return printHelp()
        } catch UsageError.wrong(let message, let hint) {
            return refuse(message, hint: hint, words)
        } catch let refusal as RequestRefusal where refusal.reason == .misworded {
            return refuse(refusal.description, hint: refusal.hint, words)
        } catch let refusal as RequestRefusal {
            Console.printError("charter \(name): \(refusal)" + (refusal.hint.map { "\n  \($0)" } ?? ""))
            return failure
        } catch {
            Console.printError("charter \(name): \(error)")
            return failure
        }
    }

    func printHelp() -> Int32 {
        Console.print(help.text)
        return 0
    }

    /// Tells of a wrong command line; answers its exit code.
    func refuse(_ message: String, hint: String?, _ words: [String] = []) -> Int32 {
        Console.printError(
            "charter \(name): \(message)" + (hint.map { "\n  \($0)" } ?? "") + "\n  see charter \(name) --help")
        return two.exitCodeOfMisuse(words)
    }

    /// The variables that this command's flags name, and no others.
    private var environment: [String: String] {
        let names = flags.compactMap(\.environment)
        return Dictionary(
            uniqueKeysWithValues: Set(names).compactMap { name in
                getenv(name).map { (name, String(cString: $0)) }
            })
    }
}

/// What exit code 2 says: a wrong command line must never read like an answer.
enum MeaningOfTwo: Sendable {
    case misuse
    /// Something that the command found, so that misuse is an error like others.
    case answer
    /// The same, when this switch is among the words.
    case answerWith(flag: String)

    /// For a command line that cannot be understood.
    static let exitCodeOfMisuse: Int32 = 2

    func exitCodeOfMisuse(_ words: [String]) -> Int32 {
        switch self {
        case .misuse: Self.exitCodeOfMisuse
        case .answer: 1
        case .answerWith(let flag): words.contains(flag) ? 1 : Self.exitCodeOfMisuse
        }
    }
}

internal import Driver
internal import Foundation

let usage = """
    usage: fuzz seeds FOLDER FILE…     write a corpus for each target, and a dictionary of the language's words
           fuzz TARGET ARGUMENT…       run libFuzzer with its own arguments on one of: \
    \(Target.allCases.map(\.rawValue).joined(separator: ", "))
    """

let arguments = CommandLine.arguments
if let chosen = arguments.dropFirst().first.flatMap(Target.init) {
    exit(Fuzzing.run(chosen.entry))
} else if arguments.count > 3, arguments[1] == "seeds" {
    try Seeds(files: Array(arguments[3...])).write(to: arguments[2])
} else {
    print(usage)
    exit(2)
}

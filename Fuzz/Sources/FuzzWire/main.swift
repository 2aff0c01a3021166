internal import Driver
internal import Foundation

let usage = """
    usage: fuzz-wire seeds FOLDER         write a corpus and a dictionary for each target
           fuzz-wire TARGET ARGUMENT…     run libFuzzer with its own arguments on one of: \
    \(WireTarget.allCases.map(\.rawValue).joined(separator: ", "))
    """

let arguments = CommandLine.arguments
if let chosen = arguments.dropFirst().first.flatMap(WireTarget.init) {
    exit(Fuzzing.run(chosen.entry))
} else if arguments.count == 3, arguments[1] == "seeds" {
    try WireSeeds.write(to: arguments[2])
} else {
    print(usage)
    exit(2)
}

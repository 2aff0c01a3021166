internal import CLibFuzzer
internal import Foundation

let usage = """
    usage: fuzz seeds FOLDER FILE…     write a corpus for each target, and a dictionary of the language's words
           fuzz TARGET ARGUMENT…       run libFuzzer with its own arguments on one of: \
    \(Target.allCases.map(\.rawValue).joined(separator: ", "))
    """

func run(_ target: Target) -> CInt {
    // libFuzzer reads its arguments after the program's name, where ours stands.
    var count = CommandLine.argc - 1
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv.advanced(by: 1)
    return LLVMFuzzerRunDriver(&count, &arguments, target.entry)
}

let arguments = CommandLine.arguments
if let chosen = arguments.dropFirst().first.flatMap(Target.init) {
    exit(run(chosen))
} else if arguments.count > 3, arguments[1] == "seeds" {
    try Seeds(files: Array(arguments[3...])).write(to: arguments[2])
} else {
    print(usage)
    exit(2)
}

internal import CLibFuzzer
internal import Foundation

/// What every fuzzer here needs of libFuzzer and of the disk.
package enum Fuzzing {
    /// What libFuzzer calls with each input: a C function, which can carry nothing with it.
    package typealias Entry = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

    /// Runs libFuzzer on `entry` with the arguments behind the target's name.
    package static func run(_ entry: Entry) -> CInt {
        // libFuzzer reads its arguments after the program's name, where ours stands.
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv.advanced(by: 1)
        return LLVMFuzzerRunDriver(&count, &arguments, entry)
    }

    /// Ends the process when something does not hold, which libFuzzer takes for a crash.
    package static func require(_ holds: Bool, _ what: @autoclosure () -> String) {
        guard !holds else { return }
        fatalError("does not hold: \(what())")
    }

    /// Writes one input to begin with.
    package static func write(_ bytes: [UInt8], to folder: String, _ name: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    /// Writes a dictionary of words, each printable ASCII, CR or LF.
    package static func write(words: some Sequence<String>, to path: String) throws {
        let lines = words.sorted().map { word in
            "\"" + word.utf8.map { byte in
                (0x20..<0x7f).contains(byte) && byte != 0x22 && byte != 0x5c
                    ? String(UnicodeScalar(byte)) : "\\x" + String(format: "%02x", byte)
            }.joined() + "\""
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }
}

import Gateway
import Glibc
import HTTP

/// Writes a line for whoever started the program, and ends it.
func exitWith(_ code: Int32, _ text: String) -> Never {
    let line = Array((text + "\n").utf8)
    _ = line.withUnsafeBytes { write(code == 0 ? STDOUT_FILENO : STDERR_FILENO, $0.baseAddress, $0.count) }
    exit(code)
}

let arguments: GatewayArguments
do {
    arguments = try GatewayArguments(Array(CommandLine.arguments.dropFirst()), environment: environmentVariable)
} catch {
    exitWith(2, "charter-gateway: \(error.reason)\n\n\(GatewayOption.usage)")
}

switch arguments.request {
case .help: exitWith(0, GatewayOption.usage)
case .version: exitWith(0, "charter-gateway \(GatewayVersion.current)")
case .serve(let options):
    Allocator.returnLargeBlocks()
    // Blocked before any thread starts, so that this thread alone hears of them.
    let signals = GatewaySignals()
    let log = Log()
    do {
        try CoreDumps.forbid()
        var process = try GatewayProcess(options, signals, log: log)
        exit(process.run())
    } catch {
        log.error("cannot start", ["reason": "\(error)"])
        exit(1)
    }
}

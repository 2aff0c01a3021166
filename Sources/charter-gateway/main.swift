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
    exitWith(2, "charter-gateway: \(error.reason)\n\n\(GatewayArguments.usage)")
}

switch arguments.request {
case .help: exitWith(0, GatewayArguments.usage)
case .version: exitWith(0, "charter-gateway \(GatewayVersion.current)")
case .serve(let options):
    // Blocked before any thread starts, so that this thread alone hears of them.
    let signals = StopSignals()
    let log = Log()
    do {
        let service = try GatewayService(options, log: log)
        log.note("listening", ["address": "\(options.listen.host):\(service.port)", "version": GatewayVersion.current])
        let signal = signals.wait()
        log.note("stopping", ["signal": signal])
        service.stop()
        log.note("stopped")
    } catch {
        log.error("cannot start", ["reason": "\(error)"])
        exit(1)
    }
}

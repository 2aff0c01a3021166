import Crypto
import Gateway
import Glibc
import HTTP

/// A command line that cannot be understood.
struct UsageError: Error {
    var reason: String
}

func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    return String(cString: value)
}

/// The command line and the environment, read.
struct GatewayArguments {
    enum Request {
        case serve(GatewayOptions)
        case help
        case version
    }

    let request: Request

    init(_ arguments: [String], environment: (String) -> String?) throws(UsageError) {
        var values: [String: [String]] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" || argument == "-h" || argument == "help" { request = .help; return }
            if argument == "--version" { request = .version; return }
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard let option = parts.first.flatMap(GatewayOption.init(rawValue:)) else {
                throw UsageError(reason: "unknown argument `\(argument)`")
            }
            if option.isSwitch, parts.count == 1 {
                values[option.rawValue] = ["true"]
                continue
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                throw UsageError(reason: "\(option.rawValue) needs a value")
            }
            values[option.rawValue, default: []] += option.isList ? Self.list(value) : [value]
        }
        for option in GatewayOption.allCases where values[option.rawValue] == nil {
            guard let value = environment(option.variable), !value.isEmpty else { continue }
            values[option.rawValue] = option.isList ? Self.list(value) : [value]
        }
        let given = GatewayValues(values)
        var options = try GatewayOptions(given)
        do {
            options.telemetry = try TelemetryOptions.read { name in
                // Those without a flag are the environment's alone.
                GatewayOption.allCases.first { $0.variable == name }.map { given[$0] } ?? environment(name)
            }
        } catch {
            throw UsageError(reason: error.reason)
        }
        do {
            options.adminToken = try AdminToken.read(
                file: given[.adminToken], credential: "admin-token", secret: environment("CHARTER_ADMIN_TOKEN"))
        } catch {
            throw UsageError(reason: error.reason)
        }
        options.inherited = InheritedSocket.activated(environment, process: getpid())
        request = .serve(options)
    }

    private static func list(_ value: String) -> [String] { value.split(separator: ",").map(String.init) }
}

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

    static let usage = """
        charter-gateway enforces the newest applied revision on inference requests.

          charter-gateway --database postgresql:///charter --listen 127.0.0.1:8080 --state .charter/gateway

        Options, each with the environment variable that stands in for it:
          --database URL      PostgreSQL (CHARTER_DATABASE_URL)
          --listen ADDRESS    host:port to serve on; port 0 takes a free one (CHARTER_LISTEN; 127.0.0.1:8080)
          --admin ADDRESS     host:port for /metrics, instead of the same listener (CHARTER_ADMIN)
          --state DIRECTORY   journal and identity; one gateway each (CHARTER_STATE; .charter/gateway)
          --loops N           threads that serve requests (CHARTER_LOOPS; one per processor)
          --version, --help
        """

    init(_ arguments: [String], environment: (String) -> String?) throws(UsageError) {
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" || argument == "-h" || argument == "help" { request = .help; return }
            if argument == "--version" { request = .version; return }
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard let name = parts.first, Self.variables[name] != nil else {
                throw UsageError(reason: "unknown argument `\(argument)`")
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                throw UsageError(reason: "\(name) needs a value")
            }
            values[name] = value
        }
        for (name, variable) in Self.variables where values[name] == nil { values[name] = environment(variable) }
        request = .serve(try Self.options(values))
    }

    private static let variables = [
        "--database": "CHARTER_DATABASE_URL", "--listen": "CHARTER_LISTEN", "--admin": "CHARTER_ADMIN",
        "--state": "CHARTER_STATE", "--loops": "CHARTER_LOOPS",
    ]

    private static func options(_ values: [String: String]) throws(UsageError) -> GatewayOptions {
        guard let database = values["--database"], !database.isEmpty else {
            throw UsageError(reason: "no database: give --database or set CHARTER_DATABASE_URL")
        }
        let loopsText = values["--loops"] ?? String(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        guard let loops = Int(loopsText), (1...loopsMax).contains(loops) else {
            throw UsageError(reason: "--loops is a number from 1 to \(loopsMax)")
        }
        var options = GatewayOptions(
            database: database, listen: try address(values["--listen"] ?? "127.0.0.1:8080", of: "--listen"),
            state: values["--state"] ?? ".charter/gateway", loops: loops)
        if let admin = values["--admin"] { options.admin = try address(admin, of: "--admin") }
        return options
    }

    private static func address(_ text: String, of name: String) throws(UsageError) -> ListenAddress {
        guard let address = ListenAddress(text) else { throw UsageError(reason: "\(name) is not host:port with a numeric host") }
        return address
    }

    /// More than any machine's processors that one gateway can use.
    private static let loopsMax = 256
}

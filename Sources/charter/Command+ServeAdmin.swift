import Crypto
import Glibc
import HTTP
import Reconciler
import Services

extension Command {
    static let serveAdmin = Command(
        name: "serve-admin",
        summary: "Serve the admin API, until SIGTERM or SIGINT.",
        usage: "serve-admin [--listen HOST:PORT] [--socket PATH] --database URL [flags]",
        details: """
            Every call is made by somebody: with a key whose scopes carry permissions, or a token of the organization's identity provider, as
            Authorization: Bearer or X-API-Key, or over the local socket, whose other end is root or the account of this process. What the API does stands at /openapi.json, figures at /metrics. A line for
            each call is written on standard error. Files of TLS are read again when they change and on SIGHUP. At the end calls under way
            are finished.
            """,
        flags: SharedFlags.database + [
            Flag("listen", "HOST:PORT", environment: "CHARTER_ADMIN_LISTEN", help: "where keys are taken, such as 127.0.0.1:9470"),
            Flag("socket", "PATH", environment: "CHARTER_ADMIN_SOCKET", help: "a local socket for who runs this machine"),
            Flag("tls-certificate", "FILE", help: "chain of certificates in PEM; without it only this machine is served"),
            Flag("tls-key", "FILE", help: "the certificate's key in PEM"),
            Flag("client-ca", "FILE", help: "ask callers for certificates of these authorities"),
            Flag("networks", "LIST", help: "networks that may call, with commas, such as 10.0.0.0/8 (default: all)"),
            Flag(switch: "plain", help: "serve other machines without TLS, as behind a proxy that speaks it"),
            Flag("trusted-proxies", "LIST", help: "networks of proxies whose word counts for where a call comes from"),
            Flag("forwarded-field", "NAME", help: "where they say so: x-forwarded-for (default) or forwarded"),
        ]
    ) { arguments in
        let termination = Termination(hearing: [SIGHUP])
        let listener = try AdminListener(try settings(arguments)) { Console.printError($0) }
        Console.printError("charter serve-admin: ready" + (listener.port == 0 ? "" : " on port \(listener.port)"))
        while true {
            guard let signal = termination.signal(within: .seconds(3600)) else { continue }
            guard signal == SIGHUP else { break }
            listener.renewCertificate()
        }
        listener.stop()
        return 0
    }

    private static func settings(_ arguments: Arguments) throws -> AdminSettings {
        var settings = AdminSettings(database: try arguments.database())
        settings.listen = arguments.value("listen")
        settings.socket = arguments.value("socket")
        if settings.listen == nil, settings.socket == nil {
            throw UsageError.wrong("neither --listen nor --socket is given", hint: "charter serve-admin --listen 127.0.0.1:9470")
        }
        switch (arguments.value("tls-certificate"), arguments.value("tls-key")) {
        case (let certificate?, let key?): settings.certificate = TLSIdentityFiles(certificate: certificate, key: key)
        case (nil, nil): break
        default: throw UsageError.wrong("--tls-certificate and --tls-key belong together", hint: nil)
        }
        settings.clientAuthorities = arguments.value("client-ca")
        if settings.clientAuthorities != nil, settings.certificate == nil {
            throw UsageError.wrong("--client-ca needs --tls-certificate and --tls-key", hint: nil)
        }
        settings.allowsPlainNetwork = arguments.has("plain")
        settings.networks = try networks("networks", arguments)
        settings.forwarded.proxies = try networks("trusted-proxies", arguments)
        if let name = arguments.value("forwarded-field") {
            guard let field = ForwardedField(rawValue: name.lowercased()), field != .none else {
                throw UsageError.wrong("--forwarded-field \"\(name)\" is no field that is read", hint: "x-forwarded-for or forwarded")
            }
            settings.forwarded.field = field
        }
        return settings
    }

    private static func networks(_ flag: String, _ arguments: Arguments) throws -> [NetworkPrefix] {
        try (arguments.value(flag) ?? "").split(separator: ",").map { text in
            guard let network = NetworkPrefix(String(text)) else {
                throw UsageError.wrong("--\(flag) \"\(text)\" is not a network", hint: "such as 10.0.0.0/8")
            }
            return network
        }
    }
}

import Crypto
import HTTP
import Reconciler
import Services

extension Command {
    static let serveAdmin = Command(
        name: "serve-admin",
        summary: "Serve the admin API, until SIGTERM or SIGINT.",
        usage: "serve-admin [--listen HOST:PORT] [--socket PATH] --database URL [flags]",
        details: """
            Every call is made by somebody: with a key whose scopes carry permissions, as Authorization: Bearer, or over the local socket, whose
            other end is root or the account of this process. What the API does stands at /openapi.json. A line for each call is written on
            standard error. At the end calls under way are finished.
            """,
        flags: SharedFlags.database + [
            Flag("listen", "HOST:PORT", environment: "CHARTER_ADMIN_LISTEN", help: "where keys are taken, such as 127.0.0.1:9470"),
            Flag("socket", "PATH", environment: "CHARTER_ADMIN_SOCKET", help: "a local socket for who runs this machine"),
            Flag("tls-certificate", "FILE", help: "chain of certificates in PEM; without it only this machine is served"),
            Flag("tls-key", "FILE", help: "the certificate's key in PEM"),
            Flag("client-ca", "FILE", help: "ask callers for certificates of these authorities"),
            Flag("networks", "LIST", help: "networks that may call, with commas, such as 10.0.0.0/8 (default: all)"),
            Flag(switch: "plain", help: "serve other machines without TLS, as behind a proxy that speaks it"),
        ]
    ) { arguments in
        let termination = Termination()
        let listener = try AdminListener(try settings(arguments)) { Console.printError($0) }
        Console.printError("charter serve-admin: ready" + (listener.port == 0 ? "" : " on port \(listener.port)"))
        while !termination.wait(for: .seconds(3600)) {}
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
        settings.networks = try (arguments.value("networks") ?? "").split(separator: ",").map { text in
            guard let network = NetworkPrefix(String(text)) else {
                throw UsageError.wrong("--networks \"\(text)\" is not a network", hint: "such as 10.0.0.0/8")
            }
            return network
        }
        return settings
    }
}

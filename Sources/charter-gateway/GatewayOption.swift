/// Every flag, with the environment variable that stands in for it.
enum GatewayOption: String, CaseIterable {
    case database = "--database"
    case listen = "--listen"
    case admin = "--admin"
    case adminToken = "--admin-token-file"
    case state = "--state"
    case loops = "--loops"
    case certificate = "--tls-certificate"
    case key = "--tls-key"
    case clientAuthorities = "--tls-client-ca"
    case clientDemand = "--tls-client"
    case proxies = "--trusted-proxies"
    case proxyProtocol = "--proxy-protocol"
    case clientAddress = "--client-address"
    case connections = "--connections"
    case perClient = "--connections-per-client"
    case bodyMemory = "--body-memory"
    case journal = "--journal-max"
    case drainDelay = "--drain-delay"
    case drainTimeout = "--drain-timeout"
    case takeOver = "--take-over"
    case collector = "--otlp-endpoint"
    case tracesCollector = "--otlp-traces-endpoint"
    case metricsCollector = "--otlp-metrics-endpoint"
    case collectorHeaders = "--otlp-headers-file"
    case collectorAuthorities = "--otlp-ca"
    case collectorCertificate = "--otlp-certificate"
    case collectorKey = "--otlp-key"
    case serviceName = "--service-name"
    case resourceAttributes = "--resource-attributes"
    case sampler = "--traces-sampler"
    case samplerArgument = "--traces-sampler-arg"
    case tracesExporter = "--traces-exporter"
    case metricsExporter = "--metrics-exporter"
    case metricsInterval = "--metrics-interval"

    var variable: String {
        switch self {
        case .database: "CHARTER_DATABASE_URL"
        case .listen: "CHARTER_LISTEN"
        case .admin: "CHARTER_ADMIN"
        case .adminToken: "CHARTER_ADMIN_TOKEN_FILE"
        case .state: "CHARTER_STATE"
        case .loops: "CHARTER_LOOPS"
        case .certificate: "CHARTER_TLS_CERTIFICATE"
        case .key: "CHARTER_TLS_KEY"
        case .clientAuthorities: "CHARTER_TLS_CLIENT_CA"
        case .clientDemand: "CHARTER_TLS_CLIENT"
        case .proxies: "CHARTER_TRUSTED_PROXIES"
        case .proxyProtocol: "CHARTER_PROXY_PROTOCOL"
        case .clientAddress: "CHARTER_CLIENT_ADDRESS"
        case .connections: "CHARTER_CONNECTIONS"
        case .perClient: "CHARTER_CONNECTIONS_PER_CLIENT"
        case .bodyMemory: "CHARTER_BODY_MEMORY"
        case .journal: "CHARTER_JOURNAL_MAX"
        case .drainDelay: "CHARTER_DRAIN_DELAY"
        case .drainTimeout: "CHARTER_DRAIN_TIMEOUT"
        case .takeOver: "CHARTER_TAKE_OVER"
        case .collector: "OTEL_EXPORTER_OTLP_ENDPOINT"
        case .tracesCollector: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
        case .metricsCollector: "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
        case .collectorHeaders: "CHARTER_OTLP_HEADERS_FILE"
        case .collectorAuthorities: "OTEL_EXPORTER_OTLP_CERTIFICATE"
        case .collectorCertificate: "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"
        case .collectorKey: "OTEL_EXPORTER_OTLP_CLIENT_KEY"
        case .serviceName: "OTEL_SERVICE_NAME"
        case .resourceAttributes: "OTEL_RESOURCE_ATTRIBUTES"
        case .sampler: "OTEL_TRACES_SAMPLER"
        case .samplerArgument: "OTEL_TRACES_SAMPLER_ARG"
        case .tracesExporter: "OTEL_TRACES_EXPORTER"
        case .metricsExporter: "OTEL_METRICS_EXPORTER"
        case .metricsInterval: "OTEL_METRIC_EXPORT_INTERVAL"
        }
    }

    /// Whether its presence is enough.
    var isSwitch: Bool { self == .proxyProtocol || self == .takeOver }

    /// Whether it may be given several times, or several values with commas between them.
    var isList: Bool { self == .certificate || self == .key || self == .proxies }

    static let usage = """
        charter-gateway enforces the newest applied revision on inference requests.

          charter-gateway --database postgresql:///charter --listen 127.0.0.1:8080 --state .charter/gateway

        Options, each with the environment variable that stands in for it:
          --database URL            PostgreSQL (CHARTER_DATABASE_URL)
          --listen ADDRESS          host:port to serve on; port 0 takes a free one (CHARTER_LISTEN; 127.0.0.1:8080)
          --admin ADDRESS           host:port for /metrics, instead of the same listener (CHARTER_ADMIN)
          --admin-token-file FILE   the token of /admin/deny (CHARTER_ADMIN_TOKEN_FILE, the credential admin-token
                                    of systemd, or CHARTER_ADMIN_TOKEN itself); without one there is no such call
          --state DIRECTORY         journal and identity; one gateway each (CHARTER_STATE; .charter/gateway)
          --loops N                 threads that serve requests (CHARTER_LOOPS; one per processor)

        TLS on --listen; files are PEM, and are read again when they change and on SIGHUP:
          --tls-certificate FILE    certificate and its chain; several for several hosts (CHARTER_TLS_CERTIFICATE)
          --tls-key FILE            the key of each, in the same order (CHARTER_TLS_KEY)
          --tls-client-ca FILE      authorities of clients' certificates (CHARTER_TLS_CLIENT_CA)
          --tls-client WORD         required or optional (CHARTER_TLS_CLIENT; required where there is a --tls-client-ca)

        Proxies in front:
          --trusted-proxies CIDR,…  networks whose word counts for who asks (CHARTER_TRUSTED_PROXIES)
          --client-address FIELD    where they say it: x-forwarded-for, forwarded or none
                                    (CHARTER_CLIENT_ADDRESS; x-forwarded-for)
          --proxy-protocol          their connections begin with a PROXY header (CHARTER_PROXY_PROTOCOL=true)

        Limits and life:
          --connections N           connections of all clients (CHARTER_CONNECTIONS; 50000, or what descriptors allow)
          --connections-per-client N  of one IPv4 address or IPv6 /64 (CHARTER_CONNECTIONS_PER_CLIENT; half of all)
          --body-memory MIB         bodies held in memory at once, beyond which requests get 503 (CHARTER_BODY_MEMORY; 512)
          --journal-max MIB         usage kept while PostgreSQL is away, beyond which budgets close (CHARTER_JOURNAL_MAX; 4096)
          --drain-delay SECONDS     accept for so long after a stop, when no longer ready (CHARTER_DRAIN_DELAY; 0)
          --drain-timeout SECONDS   requests under way may take so long then (CHARTER_DRAIN_TIMEOUT; 30)
          --take-over               take the place of a gateway that runs on --state, without a refused connection
                                    (CHARTER_TAKE_OVER=true); SIGUSR2 starts such a one

        Spans and metrics for a collector of OpenTelemetry, by OTLP over HTTP with JSON; without an address nothing is sent:
          --otlp-endpoint URL       such as http://127.0.0.1:4318 (OTEL_EXPORTER_OTLP_ENDPOINT)
          --otlp-traces-endpoint URL, --otlp-metrics-endpoint URL
                                    whole addresses in its place (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, …_METRICS_ENDPOINT)
          --otlp-headers-file FILE  fields of every message, name=value in lines (CHARTER_OTLP_HEADERS_FILE); secrets stand
                                    there or in OTEL_EXPORTER_OTLP_HEADERS, never in a flag
          --otlp-ca FILE            authorities of the collector's certificate (OTEL_EXPORTER_OTLP_CERTIFICATE)
          --otlp-certificate FILE, --otlp-key FILE
                                    what it is shown (OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, …_CLIENT_KEY)
          --traces-exporter WORD, --metrics-exporter WORD
                                    otlp or none (OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER; otlp)
          --traces-sampler WORD     (OTEL_TRACES_SAMPLER; parentbased_always_on), or parentbased_traceidratio with
          --traces-sampler-arg N    a share from 0 to 1 (OTEL_TRACES_SAMPLER_ARG; 1)
          --metrics-interval MS     how often metrics are sent (OTEL_METRIC_EXPORT_INTERVAL; 60000)
          --service-name NAME       (OTEL_SERVICE_NAME; charter-gateway)
          --resource-attributes K=V,…  (OTEL_RESOURCE_ATTRIBUTES)

          --version, --help
        """
}

internal import HTTP

extension GatewayService {
    /// Takes certificates that have changed; with `isAsked` in any case. Costs a look at each file; call about once a second.
    package func renewCertificates(isAsked: Bool = false) {
        guard let material = shared.certificates?.renewed(isAsked: isAsked) else { return }
        onEveryLoop { $0.use(material) }
    }

    /// Whether every loop has turned within `bound`. A loop turns many times a second, whatever its clients do.
    package func isProgressing(within bound: Duration) -> Bool {
        shared.pulses.allSatisfy { $0.age < bound.inNanoseconds }
    }
}

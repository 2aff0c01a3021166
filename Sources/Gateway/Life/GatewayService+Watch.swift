internal import HTTP

extension GatewayService {
    /// Takes certificates that have changed; with `isAsked` in any case. Costs a look at each file; call about once a second.
    package func renewCertificates(isAsked: Bool = false) {
        guard let material = shared.certificates?.renewed(isAsked: isAsked) else { return }
        // Not awaited: a loop that is stuck must not hold up the thread that takes signals.
        for thread in threads { thread.remote.post { $0.kept(GatewayLoop.self)?.use(material) } }
    }

    /// Whether every loop has turned within `bound`. A loop turns many times a second, whatever its clients do.
    package func isProgressing(within bound: Duration) -> Bool {
        shared.pulses.allSatisfy { $0.age < bound.inNanoseconds }
    }
}

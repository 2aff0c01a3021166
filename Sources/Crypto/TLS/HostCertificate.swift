internal import COpenSSL

/// The certificate that a host showed (RFC 5280), looked at for what is wrong with it once something else refused it.
package struct HostCertificate {
    private let der: [UInt8]

    package init(der: [UInt8]) { self.der = der }

    package enum Problem: Hashable, Sendable { case unreadable, otherHost, expired, notYetValid }

    /// Those of the certificate itself; who signed it is not asked. `host` is a name, or an address without brackets.
    package func problems(for host: String) -> [Problem] {
        der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            guard let certificate = d2i_X509(nil, &start, bytes.count) else { return [.unreadable] }
            defer { X509_free(certificate) }
            var problems: [Problem] = []
            let isNamed = X509_check_host(certificate, host, host.utf8.count, 0, nil) == 1 || X509_check_ip_asc(certificate, host, 0) == 1
            if !isNamed { problems.append(.otherHost) }
            if X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 { problems.append(.expired) }
            if X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0 { problems.append(.notYetValid) }
            ERR_clear_error()
            return problems
        }
    }
}

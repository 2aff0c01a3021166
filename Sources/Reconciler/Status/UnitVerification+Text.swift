internal import Store

extension UnitVerification {
    /// Who signed, and what that came to.
    var sentence: String {
        let key = fingerprint.map { " (\($0))" } ?? ""
        let who =
            switch signature {
            case "good": "signed by \(signers.joined(separator: " and "))\(key)"
            case "unsigned": "not signed"
            case "untrusted": "signed by a key that is no signer's\(key)"
            case "bad": "signature not good"
            default: "signature not checked"
            }
        return switch outcome {
        case "refused": who + ", refused"
        case "accepted": who + ", accepted by hand"
        default: who
        }
    }
}

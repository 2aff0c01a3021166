/// Why a code is given and what to do about it: the text of `docs/ERRORS.md` and of `charter explain CH1042`.
///
/// To add a code: give it a case in `DiagnosticCode`, an `Explanation` in the file of its range beside this one (the
/// order does not matter), a fixture under `Tests/SpecTests/Fixtures/mistakes`, and let the tests write the page anew
/// with `CHARTER_REWRITE_EXPECTED=1`.
package struct Explanation: Sendable {
    package let code: DiagnosticCode
    /// Markdown of one line, as is `remedy`.
    package let cause: String
    package let remedy: String

    init(_ code: DiagnosticCode, cause: String, remedy: String) {
        self.code = code
        self.cause = cause
        self.remedy = remedy
    }

    /// Those of every code, in the order of the files.
    static let all =
        remarks + textOfFile + frameOfDocument + ignoreRemarks + fieldsAndValues + insideOneResource
        + betweenResources + compiledPolicy + kinds + flows + commits

    fileprivate static let byCode = Dictionary(all.map { ($0.code, $0) }) { first, _ in first }
}

extension DiagnosticCode {
    /// Nil only while somebody adds a code, which a test refuses.
    package var explanation: Explanation? { Explanation.byCode[self] }

    /// The heading of `docs/ERRORS.md` that the code stands under, by its number.
    package var section: String {
        switch rawValue {
        case ..<"CH1000": "Remarks on what is accepted"
        case ..<"CH1021": "The text of a file"
        case ..<"CH1025": "The frame of a document"
        case ..<"CH1031": "Remarks that silence warnings"
        case ..<"CH1041": "Defaults of folders"
        case ..<"CH1061": "Fields and values"
        case ..<"CH2000": "Inside one resource"
        case ..<"CH3000": "Between resources"
        case ..<"CH4000": "Found in the compiled policy"
        default: "Who signed a commit"
        }
    }
}

/// A form in which the outcome of a validation is written.
package enum ReportFormat: String, CaseIterable, Sendable {
    /// For people: each finding with its line and caret.
    case text
    /// One object with everything, versioned.
    case json
    /// Annotations of GitHub Actions, behind the text.
    case github
    /// SARIF 2.1.0, for code scanning.
    case sarif
    /// GitLab's Code Quality report.
    case gitlab
    /// JUnit's XML, a test case for each file.
    case junit
    /// Reviewdog's diagnostic format.
    case rdjson
}

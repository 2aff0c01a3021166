/// What the journal says happened.
package enum JournalRecord: Hashable, Sendable {
    /// First in every segment: whose it is.
    case segment(SegmentIdentity)
    /// What `opened` records after it refer to.
    case terms(AttemptTerms)
    /// What `settled` records after it fill.
    case form(FormRecord)
    case opened(OpenedRecord)
    case progress(ProgressRecord)
    case settled(SettledRecord)
    /// Every attempt still open when the segment began has been opened again before this point of it, so that
    /// earlier segments of the loop are needed no more.
    case carried

    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        let version = try decoder.byte()
        guard RecordFrame.versionsRead.contains(version) else { throw RecordFault(reason: "version \(version)") }
        decoder.version = version
        let raw = try decoder.byte()
        switch RecordKind(rawValue: raw) {
        case .segment: self = .segment(try SegmentIdentity(from: &decoder))
        case .terms: self = .terms(try AttemptTerms(from: &decoder))
        case .form: self = .form(try FormRecord(from: &decoder))
        case .opened: self = .opened(try OpenedRecord(from: &decoder))
        case .progress: self = .progress(try ProgressRecord(from: &decoder))
        case .settled: self = .settled(try SettledRecord(from: &decoder))
        case .carried: self = .carried
        case nil: throw RecordFault(reason: "kind \(raw)")
        }
    }

    func encode(into encoder: inout RecordEncoder) {
        switch self {
        case .segment(let identity): encoder.frame(.segment) { identity.encode(into: &$0) }
        case .terms(let terms): encoder.frame(.terms) { terms.encode(into: &$0) }
        case .form(let record): encoder.frame(.form) { record.encode(into: &$0) }
        case .opened(let record): encoder.frame(.opened) { record.encode(into: &$0) }
        case .progress(let record): encoder.frame(.progress) { record.encode(into: &$0) }
        case .settled(let record): encoder.frame(.settled) { record.encode(into: &$0) }
        case .carried: encoder.frame(.carried) { _ in }
        }
    }
}

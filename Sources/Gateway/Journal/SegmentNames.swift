/// What a segment has named so far, by number, for the records that refer to it.
struct SegmentNames {
    private(set) var terms: [Int64: AttemptTerms] = [:]
    private(set) var forms: [Int64: FormRecord] = [:]

    mutating func note(_ record: JournalRecord) {
        switch record {
        case .terms(let named): terms[named.number] = named
        case .form(let named): forms[named.number] = named
        case .segment, .opened, .progress, .settled, .carried: break
        }
    }
}

package import Policy

/// A form of decision records, which stands in a segment once before the settlements that fill it.
///
/// A class, as every settlement of the form refers to it.
package final class FormRecord: Sendable {
    /// Its name in the loop's segments of one epoch, never given to another form.
    package let number: Int64
    package let form: DecisionForm

    package init(number: Int64, form: DecisionForm) {
        self.number = number
        self.form = form
    }

    convenience init(from decoder: inout RecordDecoder) throws(RecordFault) {
        let number = Int64(bitPattern: try decoder.unsigned())
        let text = Array(try decoder.string().utf8)
        var blanks: [DecisionForm.Blank] = []
        var offset = 0
        for _ in 0..<(try decoder.count()) {
            let distance = try decoder.unsigned()
            guard distance <= UInt64(text.count - offset) else { throw RecordFault(reason: "a blank lies outside its form") }
            offset += Int(distance)
            blanks.append(DecisionForm.Blank(offset: offset, isHexadecimal: try decoder.bool()))
        }
        self.init(number: number, form: DecisionForm(text: text, blanks: blanks))
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(UInt64(bitPattern: number))
        encoder.put(String(decoding: form.text, as: UTF8.self))
        encoder.put(UInt64(form.blanks.count))
        var offset = 0
        for blank in form.blanks {
            encoder.put(UInt64(blank.offset - offset))
            encoder.put(blank.isHexadecimal)
            offset = blank.offset
        }
    }
}

extension FormRecord: Hashable {
    package static func == (a: FormRecord, b: FormRecord) -> Bool { a === b || a.number == b.number && a.form == b.form }
    package func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

/// The decision record of a settlement.
package enum DecisionDetail: Hashable, Sendable {
    /// Compact JSON.
    case text(String)
    /// A form that the segment has named, and what fills its blanks.
    case filled(FormRecord, [Int64])

    package var json: String {
        switch self {
        case .text(let json): json
        case .filled(let record, let numbers): record.form.filled(with: numbers)
        }
    }

    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        // Until version 3 every record had its whole text.
        guard decoder.version >= 3, try decoder.bool() else {
            self = .text(try decoder.string())
            return
        }
        let record = try decoder.form(Int64(bitPattern: try decoder.unsigned()))
        var numbers: [Int64] = []
        numbers.reserveCapacity(record.form.blanks.count)
        for _ in record.form.blanks { numbers.append(try decoder.signed()) }
        self = .filled(record, numbers)
    }

    func encode(into encoder: inout RecordEncoder) {
        switch self {
        case .text(let json):
            encoder.put(false)
            encoder.put(json)
        case .filled(let record, let numbers):
            encoder.put(true)
            encoder.put(UInt64(bitPattern: record.number))
            for number in numbers { encoder.put(number) }
        }
    }
}

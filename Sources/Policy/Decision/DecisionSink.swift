internal import Spec

/// What a decision is told to: its form hears the texts, its numbers are gathered by another who skips them.
protocol DecisionSink {
    /// Members, or one element, that are the same in all records of a form.
    mutating func fixed(_ render: (inout JSONText) -> Void)
    mutating func number(_ name: String, _ value: Int64)
    /// A text of hexadecimal digits.
    mutating func digits(_ name: String, _ value: UInt64)
    /// A text of 32 hexadecimal digits.
    mutating func digits(_ name: String, _ trace: TraceID)
    mutating func object(_ members: (inout Self) -> Void)
    mutating func object(_ name: String, _ members: (inout Self) -> Void)
    mutating func array(_ name: String, _ elements: (inout Self) -> Void)
}

/// Gathers the text of a form.
struct FormText: DecisionSink {
    private var text = JSONText()
    private var blanks: [DecisionForm.Blank] = []

    var form: DecisionForm { DecisionForm(text: text.bytes, blanks: blanks) }

    mutating func fixed(_ render: (inout JSONText) -> Void) { render(&text) }

    mutating func number(_ name: String, _ value: Int64) {
        text.name(name)
        text.raw("")
        blanks.append(DecisionForm.Blank(offset: text.bytes.count, isHexadecimal: false))
    }

    mutating func digits(_ name: String, _ value: UInt64) {
        text.member(name, "")
        // Between the quotation marks.
        blanks.append(DecisionForm.Blank(offset: text.bytes.count - 1, isHexadecimal: true))
    }

    /// A blank is filled without leading zeros, so those belong to the form.
    mutating func digits(_ name: String, _ trace: TraceID) {
        let zeros = trace.leadingZeros
        text.member(name, String(repeating: "0", count: zeros.high + zeros.low))
        let end = text.bytes.count - 1
        blanks.append(DecisionForm.Blank(offset: end - zeros.low, isHexadecimal: true))
        blanks.append(DecisionForm.Blank(offset: end, isHexadecimal: true))
    }

    mutating func object(_ members: (inout FormText) -> Void) { enclosed("{", "}", members) }

    mutating func object(_ name: String, _ members: (inout FormText) -> Void) {
        text.name(name)
        enclosed("{", "}", members)
    }

    mutating func array(_ name: String, _ elements: (inout FormText) -> Void) {
        text.name(name)
        enclosed("[", "]", elements)
    }

    private mutating func enclosed(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ content: (inout FormText) -> Void
    ) {
        text.begin(open)
        content(&self)
        text.end(close)
    }
}

/// Gathers the numbers of a decision in the order in which its form has them.
struct DecisionNumbers: DecisionSink {
    private(set) var values: [Int64] = []

    init() { values.reserveCapacity(Self.valuesUsual) }

    mutating func fixed(_ render: (inout JSONText) -> Void) {}
    mutating func number(_ name: String, _ value: Int64) { values.append(value) }
    mutating func digits(_ name: String, _ value: UInt64) { values.append(Int64(bitPattern: value)) }
    mutating func digits(_ name: String, _ trace: TraceID) {
        values.append(Int64(bitPattern: trace.high))
        values.append(Int64(bitPattern: trace.low))
    }
    mutating func object(_ members: (inout DecisionNumbers) -> Void) { members(&self) }
    mutating func object(_ name: String, _ members: (inout DecisionNumbers) -> Void) { members(&self) }
    mutating func array(_ name: String, _ elements: (inout DecisionNumbers) -> Void) { elements(&self) }

    private static let valuesUsual = 16
}

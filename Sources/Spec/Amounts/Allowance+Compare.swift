extension Allowance {
    /// Whether two allowances count the same over the same time, so that their numbers can be compared.
    func isComparable(to other: Allowance) -> Bool { span == other.span && amount.unit == other.amount.unit }
}

extension Allowance.Amount {
    enum Unit: Hashable { case money, tokens, requests }

    var unit: Unit {
        switch self {
        case .money: .money
        case .tokens: .tokens
        case .requests: .requests
        }
    }

    /// In its unit; billionths of a USD for money.
    var number: Int64 {
        switch self {
        case .money(let money): money.rawValue
        case .tokens(let count), .requests(let count): count
        }
    }
}

internal import Glibc

/// How long tests go on that repeat themselves: shortly with all others, or as long as was promised, by `make test-faults`.
package enum TestLength {
    package static let isLong = getenv("CHARTER_FAULT_LONG") != nil

    package static func of<Value>(_ short: Value, long: Value) -> Value { isLong ? long : short }
}

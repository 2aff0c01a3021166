/// How a counter over a calendar's window stands, in nano-USD, tokens or requests.
package struct Balance: Hashable, Sendable {
    /// Without what was forgiven.
    package var spent: Int64
    /// For requests that are open.
    package var held: Int64
    /// What resets have forgiven.
    package var credit: Int64
    /// Whether a request was refused since the window or the last reset began because too little is left.
    package var hasRefused: Bool
    package var window: CalendarWindow
}

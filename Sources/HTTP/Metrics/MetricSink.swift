/// Takes metrics one after the other, whatever form they are to have.
package protocol MetricSink {
    /// Begins a metric; the samples that follow are its.
    mutating func family(_ name: String, _ kind: MetricKind, _ help: String)
    mutating func sample(_ labels: KeyValuePairs<String, String>, _ value: some BinaryInteger)
    /// With a value that is decimal text already.
    mutating func sample(_ labels: KeyValuePairs<String, String>, exactly value: String)
    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram)
}

package enum MetricKind: String, Sendable { case counter, gauge, histogram }

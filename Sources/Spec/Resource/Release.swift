/// Which Charter this is; every program of it says the same.
package enum Release {
    package static let version = "0.1.0"
}

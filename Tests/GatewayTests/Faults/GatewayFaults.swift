import Testing

/// What breaks around a gateway, each fault by its number in the matrix of `FaultMatrixTests`: one after another, since each of them
/// wants the machine for itself. `make test-faults` is their long form.
@Suite(.serialized) enum GatewayFaults {}

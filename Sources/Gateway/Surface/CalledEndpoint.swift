internal import Spec

/// A path at which applications ask models, and how it takes and gives.
struct CalledEndpoint: Equatable {
    var family: EndpointFamily
    /// The operation, which scopes name.
    var endpoint: Endpoint
    var form = RequestForm.asSent
}

import Testing

/// The product's promises, each on real processes and a copy of the example repository.
///
/// One at a time: each starts five processes, and a machine that runs seven platforms at once measures only itself.
@Suite(.serialized) enum EndToEnd {}

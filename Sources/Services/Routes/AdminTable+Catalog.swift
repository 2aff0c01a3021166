internal import HTTP
internal import Spec
internal import Store

/// The platform's models and routes, which every organization may be served by.
extension AdminTable {
    static let catalogRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/models"), name: "listModels", summary: "The platform's catalogs of models",
            permission: .modelsRead, scope: .caller, query: AdminRoute.paging, answer: .page(declared)
        ) { call in
            try listed(call, .modelCatalog, .platform)
        },
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/routes"), name: "listRoutes", summary: "The platform's routes",
            permission: .modelsRead, scope: .caller, query: AdminRoute.paging, answer: .page(declared)
        ) { call in
            try listed(call, .routingPolicy, .platform)
        },
    ]
}

/// What the name of a price field in LiteLLM's table says: `input_cost_per_token_above_200k_tokens_batches`.
struct LiteLLMPrice: Hashable {
    var place: PricePlace
    var unit: PriceUnit

    /// Nil unless the whole name is understood.
    init?(_ field: String) {
        var rest = field[...]
        var tier: String?
        var above: Int64?
        // The table writes the size before the tier; LiteLLM also reads them the other way round.
        for _ in 0..<2 {
            if tier == nil { tier = LiteLLMPrice.takeTier(&rest) }
            if above == nil { above = LiteLLMPrice.takeSize(&rest) }
        }
        guard let (meter, unit) = LiteLLMPrice.meters[String(rest)] else { return nil }
        place = PricePlace(meter, tier: tier, above: above)
        self.unit = unit
    }

    /// The service tiers by the endings of fields.
    private static let tiers = [
        "_batches": "batch", "_flex": "flex", "_priority": "priority", "_ultrafast": "ultrafast",
        "_balanced": "balanced",
    ]

    private static func takeTier(_ rest: inout Substring) -> String? {
        guard let (ending, tier) = tiers.first(where: { rest.hasSuffix($0.key) }) else { return nil }
        rest = rest.dropLast(ending.count)
        return tier
    }

    /// `_above_200k_tokens`, in tokens.
    private static func takeSize(_ rest: inout Substring) -> Int64? {
        let ending = "_tokens"
        guard rest.hasSuffix(ending) else { return nil }
        let parts = rest.dropLast(ending.count).split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count > 2, let size = parts.last, parts[parts.count - 2] == "above",
            let count = Int64(size.hasSuffix("k") ? size.dropLast() : size), (1...1_000_000_000).contains(count)
        else { return nil }
        rest = rest.dropLast(ending.count + size.count + "_above_".count)
        return size.hasSuffix("k") ? count * 1000 : count
    }

    /// Every price that has a meter.
    static let meters: [String: (meter: String, unit: PriceUnit)] = [
        "input_cost_per_token": ("input", .token),
        "output_cost_per_token": ("output", .token),
        "cache_read_input_token_cost": ("cacheRead", .token),
        "input_cost_per_token_cache_hit": ("cacheRead", .token),
        "explicit_cache_read_input_token_cost": ("cache-read-explicit", .token),
        "cache_creation_input_token_cost": ("cacheWrite", .token),
        "cache_creation_input_token_cost_above_1hr": ("cache-write-1h", .token),
        "cache_creation_input_token_cost_above_12hr": ("cache-write-12h", .token),
        "output_cost_per_reasoning_token": ("reasoning", .token),
        "citation_cost_per_token": ("citation", .token),

        "input_cost_per_audio_token": ("audio-input", .token),
        "output_cost_per_audio_token": ("audio-output", .token),
        "cache_read_input_audio_token_cost": ("audio-cache-read", .token),
        "cache_creation_input_audio_token_cost": ("audio-cache-write", .token),
        "input_cost_per_image_token": ("image-input", .token),
        "output_cost_per_image_token": ("image-output", .token),
        "cache_read_input_image_token_cost": ("image-cache-read", .token),
        "input_cost_per_video_token": ("video-input", .token),
        "output_cost_per_video_token": ("video-output", .token),

        "output_cost_per_image": ("image", .one),
        "output_cost_per_image_512": ("image-512", .one),
        "output_cost_per_image_1024": ("image-1024", .one),
        "output_cost_per_image_1536": ("image-1536", .one),
        "output_cost_per_image_0.5K": ("image-0-5k", .one),
        "output_cost_per_image_1K": ("image-1k", .one),
        "output_cost_per_image_2K": ("image-2k", .one),
        "output_cost_per_image_4K": ("image-4k", .one),
        "input_cost_per_image": ("input-image", .one),
        "input_cost_per_pixel": ("pixel-input", .one),
        "output_cost_per_pixel": ("pixel-output", .one),

        "cost_per_second": ("second", .one),
        "input_cost_per_second": ("second-input", .one),
        "output_cost_per_second": ("second-output", .one),
        "output_cost_per_second_480p": ("second-output-480p", .one),
        "output_cost_per_second_720p": ("second-output-720p", .one),
        "output_cost_per_second_768p": ("second-output-768p", .one),
        "output_cost_per_second_1080p": ("second-output-1080p", .one),
        "output_cost_per_second_2k": ("second-output-2k", .one),
        "output_cost_per_second_4k": ("second-output-4k", .one),
        "input_cost_per_audio_per_second": ("audio-second-input", .one),
        "input_cost_per_video_per_second": ("video-second-input", .one),
        "output_cost_per_video_per_second": ("video-second-output", .one),

        "input_cost_per_character": ("character-input", .one),
        "output_cost_per_character": ("character-output", .one),
        "input_cost_per_request": ("request", .one),
        "input_cost_per_query": ("query", .one),
        "input_cost_per_text_message": ("text-message", .one),
        "google_maps_grounding_cost_per_query": ("maps-query", .one),
        "file_search_cost_per_1k_calls": ("file-search-call", .thousand),
        "code_interpreter_cost_per_session": ("session", .one),
        "ocr_cost_per_page": ("page", .one),
        "ocr_cost_per_credit": ("credit", .one),
        "annotation_cost_per_page": ("annotation-page", .one),
    ]

    /// The three prices under `search_context_cost_per_query`.
    static let searchMeters = [
        "search_context_size_low": "search-query-low", "search_context_size_medium": "search-query-medium",
        "search_context_size_high": "search-query-high",
    ]
    /// Where all three are the same.
    static let searchMeter = "search-query"
}

namespace OptDsl.Experiments;

/// <summary>The expected values of all systems; they stand nowhere else.</summary>
internal static class Claims
{
    internal static readonly IReadOnlyList<Claim> All =
    [
        Claim.Abs("S40", "S40.unobserved", "descent from zero at depth 1 leaves unobserved entries at 0: the largest of them", 0, 0),
        Claim.AtMost("S40", "S40.observed", "and fits the observed entries: their root mean square error", 1e-12),
    ];

    /// <exception cref="InvalidOperationException">No such claim is listed.</exception>
    internal static Claim Find(string id)
        => All.FirstOrDefault(claim => claim.Id == id) ?? throw new InvalidOperationException($"A system measured '{id}', but Claims lists no such claim.");
}

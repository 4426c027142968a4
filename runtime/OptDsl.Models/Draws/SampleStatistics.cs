namespace OptDsl.Models;

/// <summary>Names of sampler statistics for which other programs have their own names. A sampler may have further statistics.</summary>
public static class SampleStatistics
{
    /// <summary>The logarithm of the density at the draw, up to a constant: Stan's <c>lp__</c>, ArviZ's <c>lp</c>.</summary>
    public const string LogDensity = "log_density";

    /// <summary>
    /// The acceptance probability of the proposal, in [0, 1]: Stan's <c>accept_stat__</c>, ArviZ's <c>acceptance_rate</c>.
    /// </summary>
    public const string Acceptance = "acceptance";

    /// <summary>The step size: Stan's <c>stepsize__</c>, ArviZ's <c>step_size</c>.</summary>
    public const string StepSize = "step_size";

    /// <summary>The depth of the trajectory's tree: Stan's <c>treedepth__</c>, ArviZ's <c>tree_depth</c>.</summary>
    public const string TreeDepth = "tree_depth";

    /// <summary>The number of leapfrog steps of the trajectory: Stan's <c>n_leapfrog__</c>, ArviZ's <c>n_steps</c>.</summary>
    public const string Leapfrogs = "n_steps";

    /// <summary>1 if the trajectory diverged, otherwise 0: Stan's <c>divergent__</c>, ArviZ's <c>diverging</c>.</summary>
    public const string Diverging = "diverging";

    /// <summary>The Hamiltonian: Stan's <c>energy__</c>, ArviZ's <c>energy</c>.</summary>
    public const string Energy = "energy";

    /// <summary>
    /// The level of a tempered chain, from 0 for the smallest inverse temperature. Only the draws of the last level are draws of the
    /// target.
    /// </summary>
    public const string Level = "level";

    /// <summary>Our names, Stan's and ArviZ's, in the order of Stan's columns.</summary>
    private static readonly (string Name, string Stan, string Arviz)[] Known =
    [
        (LogDensity, "lp__", "lp"),
        (Acceptance, "accept_stat__", "acceptance_rate"),
        (StepSize, "stepsize__", "step_size"),
        (TreeDepth, "treedepth__", "tree_depth"),
        (Leapfrogs, "n_leapfrog__", "n_steps"),
        (Diverging, "divergent__", "diverging"),
        (Energy, "energy__", "energy"),
    ];

    internal static string ToStan(string name) => Array.Find(Known, known => known.Name == name).Stan ?? name + "__";

    internal static string FromStan(string column) => Array.Find(Known, known => known.Stan == column).Name ?? column[..^2];

    internal static string ToArviz(string name) => Array.Find(Known, known => known.Name == name).Arviz ?? name;

    /// <summary>Sorts names: Stan's columns first, then the others by name.</summary>
    internal static IEnumerable<string> InOrder(IEnumerable<string> names) => names
        .OrderBy(name => Array.FindIndex(Known, known => known.Name == name) is >= 0 and var place ? place : Known.Length)
        .ThenBy(name => name, StringComparer.Ordinal);
}

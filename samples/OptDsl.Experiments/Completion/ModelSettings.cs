using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>One factorization to train.</summary>
/// <param name="Name">Its name in tables and file names.</param>
/// <param name="Depth">Factors.</param>
/// <param name="Width">Width between them.</param>
/// <param name="InitialScale">Standard deviation of the initial parameters.</param>
/// <param name="Iterations">Steps at most.</param>
/// <param name="Penalty">Weight of the sum of squared parameters, times the number of cells trained on.</param>
/// <param name="Rule">The update rule.</param>
/// <param name="Rate">Its learning rate.</param>
/// <param name="Seed">Of the initial parameters.</param>
internal sealed record ModelSettings(
    string Name, int Depth, int Width, double InitialScale, int Iterations, double Penalty, RuleEntry Rule, double Rate, ulong Seed)
{
    /// <summary>Whether it has biases of rows and columns beside two factors, and is fitted as a recommender is.</summary>
    internal bool IsRecommender { get; init; }

    /// <summary>All numbers of the rule, and the recommender's own.</summary>
    internal IReadOnlyDictionary<string, double> Hyperparameters => IsRecommender
        ? new Dictionary<string, double>(Rule.Values(Rate)) { ["biasPenalty"] = new RecommenderSettings().BiasPenalty }
        : Rule.Values(Rate);

    internal static string NameOfRecommender(int rank) => FormattableString.Invariant($"biases-factors{rank}");

    internal static string NameOf(int depth, int width) => FormattableString.Invariant($"depth{depth}-width{width}");
}

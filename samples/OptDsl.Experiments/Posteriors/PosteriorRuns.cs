namespace OptDsl.Experiments;

/// <summary>How a posterior is sampled: how long, and by which steps.</summary>
internal sealed record PosteriorRuns
{
    internal const int Chains = 8, WarmUp = 1000;

    /// <summary>How many times larger a coarse step is.</summary>
    internal const double Coarse = 4;

    /// <summary>Of each chain.</summary>
    internal int Draws { get; init; } = 2000;

    /// <summary>Transitions a draw of the Metropolis-adjusted Langevin algorithm.</summary>
    internal required int Thinning { get; init; }

    /// <summary>The step size of Langevin Monte Carlo.</summary>
    internal required double LangevinStep { get; init; }

    /// <summary>The step size of underdamped Langevin dynamics.</summary>
    internal required double UnderdampedStep { get; init; }

    /// <summary>Whether the means' bias shows: then the two biased samplers run with a coarse step too.</summary>
    internal bool ShowsBias { get; init; }
}

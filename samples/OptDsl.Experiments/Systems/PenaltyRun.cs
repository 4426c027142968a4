using OptDsl.Linear;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>A penalty of S30.</summary>
internal enum PenaltyKind
{
    None,
    Nuclear,
    Ratio,
}

/// <summary>
/// Descent on the mean square over the observed entries plus a penalty, with the matrix itself as the parameter, from a normal start.
/// </summary>
internal sealed class PenaltyRun(LowRankTask task, PenaltyKind kind, double coefficient, double start = 1e-3, int steps = 4000)
{
    internal string Name => kind == PenaltyKind.None ? "no penalty"
        : FormattableString.Invariant($"{(kind == PenaltyKind.Nuclear ? "nuclear norm" : "ratio")} {coefficient}");

    internal double Start => start;

    internal int Steps => steps;

    internal double Error { get; private set; } = double.NaN;

    internal double EffectiveRank { get; private set; } = double.NaN;

    internal List<(double X, double Y)> Errors { get; } = [];

    /// <summary>Distances |P_observed (W - M)|_F to the observed entries, and effective ranks.</summary>
    internal List<(int Step, double Distance, double EffectiveRank)> Path { get; } = [];

    internal void Descend<TRule>(TRule rule, Trial trial)
        where TRule : class, IUpdateRule<double>
    {
        DeepFactorization<double> factorization = DeepFactorization<double>.Uniform(task.Side, task.Side, 1, 1, threads: 1);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, trial.Seed, start);
        ILossModel<double> data = task.Loss(factorization);
        ILossModel<double> loss = kind switch
        {
            PenaltyKind.Nuclear => new LossSum<double>(data, SpectralPenalty<double>.Nuclear(factorization, coefficient)),
            PenaltyKind.Ratio => new LossSum<double>(data, SpectralPenalty<double>.Ratio(factorization, coefficient)),
            _ => data,
        };
        void Measure(DescentPoint point)
        {
            ReadOnlySpan<double> matrix = parameters.ReadOnlyValues;
            double distance = 0;
            for (int i = 0; i < task.Cells.Length; i++)
            {
                distance += Math.Pow(matrix[task.Cells[i]] - task.Values[i], 2);
            }

            double rank = Spectrum.EffectiveRank(Spectrum.SingularValues(new MatrixView<double>(matrix, task.Side, task.Side)));
            Errors.Add((point.Iteration, task.Error(matrix)));
            Path.Add((point.Iteration, Math.Sqrt(distance), rank));
        }

        Optimizer<double, TRule> optimizer = parameters.Optimize(rule, new OptimizerOptions { Threads = 1 });
        Descent.Run(loss, optimizer, new DescentSettings { Iterations = steps, MeasureEvery = trial.IsShown ? 50 : 0 }, Measure,
            trial.Cancellation);
        trial.Cancellation.ThrowIfCancellationRequested();
        (Error, EffectiveRank) = (Errors[^1].Y, Path[^1].EffectiveRank);
    }
}

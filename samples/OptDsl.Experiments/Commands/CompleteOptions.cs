using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>The options of <c>complete</c>; null where the user gave none.</summary>
internal sealed record CompleteOptions
{
    internal const double ImageHoldout = 0.6, TripleHoldout = 0.2;

    internal const int DepthLimit = 20, WidthLimit = 10_000, IterationLimit = 10_000_000;

    private const int DefaultWidth = 40, DeepWidth = 64, DefaultIterations = 600, WideIterations = 180;
    // Picked by hand among five or so: for images by the cells set aside in another split of the shipped ones, for rows by
    // hidden cells of 73 421 ratings, which are much noisier.
    private const double ImagePenalty = 1.5, TriplePenalty = 8;
    private const long ParameterLimit = 100_000_000;

    // Beyond these a model is trained only if it is asked for. A parameter takes 20 bytes while it is trained.
    private const long UsualParameters = 10_000_000, UsualPerCell = 2, UsualProducts = 200_000_000;

    internal string? Input { get; init; }

    internal double? Holdout { get; init; }

    internal int? Depth { get; init; }

    internal int? Width { get; init; }

    internal string? Rule { get; init; }

    internal double? Rate { get; init; }

    internal double? Penalty { get; init; }

    internal int? Iterations { get; init; }

    internal ulong? Seed { get; init; }

    /// <summary>The result.json of an earlier run, which then says everything but the input's place and the output.</summary>
    internal string? Repeat { get; init; }

    internal string Output { get; init; } = Path.Combine("out", "complete");

    /// <summary>Checks what can be checked before the input is read.</summary>
    /// <exception cref="InputException">An option is out of its range.</exception>
    internal void Validate()
    {
        Check(Holdout is null or (> 0 and < 1), "holdout", Holdout, "above 0 and below 1");
        Check(Depth is null or (>= 1 and <= DepthLimit), "depth", Depth, $"from 1 to {DepthLimit}");
        Check(Width is null or (>= 1 and <= WidthLimit), "width", Width, $"from 1 to {WidthLimit}");
        Check(Rate is null or (> 0 and <= 1e9), "rate", Rate, "above 0 and at most 1e9");
        Check(Penalty is null or (>= 0 and <= 1e9), "penalty", Penalty, "from 0 to 1e9");
        Check(Iterations is null or (>= 1 and <= IterationLimit), "iterations", Iterations, $"from 1 to {IterationLimit}");
        _ = FindRule();
        if (Input is not null && string.IsNullOrWhiteSpace(Input))
        {
            throw new InputException("--input is blank; name a file.");
        }

        if (Repeat is not null
            && (Holdout, Depth, Width, Rule, Rate, Penalty, Iterations, Seed) is not (null, null, null, null, null, null, null, null))
        {
            throw new InputException("--repeat takes its options from the earlier run; give only --input and --output beside it.");
        }

        if (string.IsNullOrWhiteSpace(Output))
        {
            throw new InputException("--output is blank; name a directory.");
        }
    }

    /// <summary>The models to train: the one asked for, or else the usual ones, without those that are too large for the data.</summary>
    /// <exception cref="InputException">A model has more parameters than the limit.</exception>
    internal IReadOnlyList<ModelSettings> Models(CompletionProblem problem)
    {
        List<ModelSettings> models = Usual(problem);
        models = [.. models.Where((model, i) => i == 0 || IsAsked || IsUsual(problem, model))];
        foreach (ModelSettings model in models)
        {
            CheckSize(problem, model);
        }

        return models;
    }

    /// <summary>A sentence per usual model that is not trained because it is too large for the data.</summary>
    internal List<string> LeftOut(CompletionProblem problem) => IsAsked ? [] : [.. Usual(problem).Skip(1)
        .Where(model => !IsUsual(problem, model)).Select(model => FormattableString.Invariant(
            $"{model.Name} is left out: it would have {ParametersOf(problem, model)} parameters. --depth {model.Depth} --width {model.Width} trains it."))];

    private bool IsAsked => Depth is not null || Width is not null;

    private List<ModelSettings> Usual(CompletionProblem problem)
    {
        RuleEntry rule = FindRule();
        int full = Math.Min(problem.Rows, problem.Columns);
        double penalty = Penalty ?? (problem.Matrix.Image is null ? TriplePenalty : ImagePenalty);
        ModelSettings Model(int depth, int width, int iterations)
            => new(ModelSettings.NameOf(depth, width), depth, width, InitialScale(depth, width, full), Iterations ?? iterations, penalty,
                rule, Rate ?? rule.RateFor(problem), Seed ?? 0);

        List<ModelSettings> models = IsAsked
            ? [Model(Depth ?? 2, Width ?? DefaultWidth, DefaultIterations)]
            :
            [
                Model(2, Math.Min(DefaultWidth, full), DefaultIterations),
                Model(3, Math.Min(DeepWidth, full), DefaultIterations),
                Model(2, problem.Matrix.Image is null ? full : problem.Columns, WideIterations),
            ];

        if (problem.Matrix.Image is null && !IsAsked)
        {
            models.Insert(0, Recommender(problem));
        }

        // In a small matrix the widths may coincide.
        return [.. models.DistinctBy(model => model.Name)];
    }

    /// <summary>
    /// Whether a usual model suits the data: few parameters, or not many per known cell, and of a factorization as wide as the matrix
    /// little work per step. Such a model of many ratings would take most of the memory and time, and finds less than the others.
    /// </summary>
    private static bool IsUsual(CompletionProblem problem, ModelSettings model)
        => ParametersOf(problem, model) <= Math.Max(UsualParameters, UsualPerCell * problem.Matrix.Count)
            && (problem.Matrix.Image is not null || model.Width <= DeepWidth
                || (long)problem.TrainingCount * model.Width <= UsualProducts);

    /// <summary>Mean, biases and factors: of the models for ratings the one to use.</summary>
    private ModelSettings Recommender(CompletionProblem problem)
    {
        var settings = new RecommenderSettings();
        int rank = Math.Min(settings.Rank, Math.Min(problem.Rows, problem.Columns));
        return new(ModelSettings.NameOfRecommender(rank), 2, rank, settings.InitialScale,
            Iterations ?? settings.Iterations, Penalty ?? settings.FactorPenalty, Rules.Default, Rate ?? settings.LearningRate, Seed ?? 0)
        {
            IsRecommender = true,
        };
    }

    /// <summary>
    /// The scale at which the entries of the product start with a deviation of .016, whatever the depth, or of .0028 where the
    /// width does not bound the rank and only a small start keeps it low. The former is .05 at depth 2 and width 40.
    /// </summary>
    private static double InitialScale(int depth, int width, int full)
    {
        double deviation = width >= full ? 0.0028 : 0.0158;
        return Math.Pow(deviation / Math.Pow(width, (depth - 1) / 2.0), 1.0 / depth);
    }

    /// <exception cref="InputException">The model has more parameters than the limit.</exception>
    internal static void CheckSize(CompletionProblem problem, ModelSettings model)
    {
        long parameters = ParametersOf(problem, model);
        if (parameters > ParameterLimit)
        {
            throw new InputException(
                $"{model.Name} would have {parameters} parameters for {problem.Rows} rows and {problem.Columns} columns, past the limit of {ParameterLimit}; choose a smaller --width.");
        }
    }

    private static long ParametersOf(CompletionProblem problem, ModelSettings model)
        => model.Depth == 1 ? (long)problem.Rows * problem.Columns
            : ((long)problem.Rows + problem.Columns + ((model.Depth - 2) * (long)model.Width)) * model.Width;

    private static void Check(bool holds, string option, object? value, string range)
    {
        if (!holds)
        {
            throw new InputException(FormattableString.Invariant($"--{option} is {value}; it must be {range}."));
        }
    }

    private RuleEntry FindRule() => Rule is null ? Rules.Default : Rules.Find(Rule);
}

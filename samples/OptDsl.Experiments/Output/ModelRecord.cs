namespace OptDsl.Experiments;

/// <summary>A model in <c>result.json</c>: its settings, then its numbers.</summary>
internal sealed record ModelRecord(
    string Name, string Kind, int Depth, int Width, string Rule, IReadOnlyDictionary<string, double> Hyperparameters, double Rate,
    double InitialScale, double Penalty, int Iterations, ulong Seed,
    int KeptIteration, double HiddenRmse, double TrainRmse, double EffectiveRank, double Seconds)
{
    private const string Recommender = "recommender", Factorization = "factorization";

    internal static ModelRecord Of(ModelResult model)
    {
        ModelSettings settings = model.Settings;
        return new(settings.Name, settings.IsRecommender ? Recommender : Factorization, settings.Depth, settings.Width, settings.Rule.Name,
            settings.Hyperparameters, settings.Rate, settings.InitialScale, settings.Penalty, settings.Iterations, settings.Seed,
            model.Iteration, model.Errors.Hidden, model.Errors.Observed, model.EffectiveRank, Math.Round(model.Seconds, 3));
    }

    /// <exception cref="InputException">A value is out of its range, or the rule has other hyperparameters now.</exception>
    internal ModelSettings ToSettings(string record)
    {
        try
        {
            new CompleteOptions { Depth = Depth, Width = Width, Rule = Rule, Rate = Rate, Iterations = Iterations }.Validate();
        }
        catch (InputException exception)
        {
            throw new InputException($"{record}: {exception.Message}", exception);
        }

        bool recommender = Kind == Recommender;
        var settings = new ModelSettings(recommender ? ModelSettings.NameOfRecommender(Width) : ModelSettings.NameOf(Depth, Width), Depth,
            Width, InitialScale, Iterations, Penalty, Rules.Find(Rule), Rate, Seed)
        {
            IsRecommender = recommender,
        };
        if (settings.Name != Name || !(InitialScale > 0 && Penalty >= 0 && double.IsFinite(InitialScale + Penalty)))
        {
            throw new InputException($"{record}: the settings of {TableReader.Shown(Name)} contradict each other; give it as it was written.");
        }

        foreach ((string name, double value) in settings.Hyperparameters)
        {
            if (!Hyperparameters.TryGetValue(name, out double earlier) || earlier != value)
            {
                throw new InputException(FormattableString.Invariant(
                    $"{record}: {Name} was trained with {Rule}'s {name} = {(Hyperparameters.ContainsKey(name) ? earlier : "none")}, and this version has {value}; repeat it with the version that wrote it."));
            }
        }

        return settings;
    }
}

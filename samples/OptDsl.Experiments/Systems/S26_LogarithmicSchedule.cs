using OptDsl.Schedules;

namespace OptDsl.Experiments;

/// <summary>The logarithmic schedule: all of the rate at first, none at the end, and more of it late than a cosine keeps.</summary>
internal sealed class S26_LogarithmicSchedule : VerificationSystem
{
    private const int Steps = 1000;
    private const double Rate = 0.7;

    internal override string Id => "S26";

    internal override string Title => "The logarithmic schedule, its sum and its tail";

    internal override string Text => """
        `LogarithmicSchedule` is eta_t = eta0 (1 - ln t / ln T) (Shamaee et al. 2024). It starts at eta0 and ends at 0. Its last
        tenth has a larger share of the sum than that of a cosine.

        Did not reproduce as recorded: The recorded share of the cosine's last tenth, 0.00161, is for a cosine that reaches zero
        in step T. `CosineSchedule` follows PyTorch and would reach zero in step T + 1, where the share is 0.00166. The
        experiment shifts it by one step.
        """;

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var schedule = new LogarithmicSchedule(Rate, Steps);

        // The claim's cosine reaches zero in step T, as the logarithm does; ours would in the step after it.
        var cosine = new CosineSchedule(Rate, Steps);
        trial.Show(new Picture("schedules", "The logarithmic schedule and a cosine", "step", "learning rate / first learning rate",
            Curve("1 - ln t / ln T", schedule), Curve("cosine", cosine)));
        return
        [
            new("S26.first", schedule.At(1) / Rate),
            new("S26.last", schedule.At(Steps)),
            new("S26.sum", Sum(schedule, 1) / Rate),
            new("S26.tail", Sum(schedule, Steps - (Steps / 10) + 1) / Sum(schedule, 1)),
            new("S26.cosineTail", Sum(cosine, Steps - (Steps / 10) + 1) / Sum(cosine, 1)),
        ];
    }

    private static Curve Curve(string name, ISchedule schedule)
        => new(name, [.. Enumerable.Range(1, Steps).Select(t => ((double)t, schedule.At(t) / Rate))]);

    private static double Sum(ISchedule schedule, int from)
        => Enumerable.Range(from, Steps - from + 1).Sum(t => schedule.At(schedule is CosineSchedule ? t + 1 : t));
}

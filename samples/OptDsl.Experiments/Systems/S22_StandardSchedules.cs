using OptDsl.Schedules;

namespace OptDsl.Experiments;

/// <summary>The standard schedules against their formulas, over a thousand steps.</summary>
internal sealed class S22_StandardSchedules : VerificationSystem
{
    private const int Steps = 1000;
    private const double Rate = 0.3;

    internal override string Id => "S22";

    internal override string Title => "Standard schedules against their formulas";

    internal override string Text => """
        Each schedule of `OptDsl.Schedules` should equal its formula over 1000 steps. The tests of the library also compare its
        schedules with recorded values of sixteen PyTorch schedulers.
        """;

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        trial.Show(new Picture("schedules", "Standard schedules over 1000 steps", "step", "learning rate",
            Curve("divided by 10 every 250 steps", new StepDecaySchedule(Rate, 250)), Curve("1/t", new InverseTimeSchedule(Rate, 0.05)),
                Curve("exponential", new ExponentialSchedule(Rate, 0.995)),
            Curve("cosine", new CosineSchedule(Rate, Steps)), Curve("cosine, 4 cycles", CosineRestartsSchedule.ForCycles(Rate, Steps, 4)),
                Curve("one cycle", new OneCycleSchedule(Rate / 25, Rate, 0, Steps))));
        return Measure();
    }

    private static Curve Curve(string name, ISchedule schedule)
        => new(name, [.. Enumerable.Range(1, Steps).Select(t => ((double)t, schedule.At(t)))]);

    private static List<Measurement> Measure() =>
    [
        new("S22.constant", Error(new ConstantSchedule(Rate), _ => Rate)),
        new("S22.stepDecay", Error(new StepDecaySchedule(Rate, Period: 250, Factor: 0.1), t => Rate / Math.Pow(10, (t - 1) / 250))),
        new("S22.inverseTime", Error(new InverseTimeSchedule(Rate), t => Rate / t)),
        new("S22.power", Error(new PowerSchedule(Rate, 0.6), t => Rate * Math.Exp(-0.6 * Math.Log(t)))),
        new("S22.exponential", Error(new ExponentialSchedule(Rate, 0.995), t => Rate * Math.Exp((t - 1) * Math.Log(0.995)))),
        new("S22.cosine", Error(new CosineSchedule(Rate, Steps), t => Rate * Math.Pow(Math.Cos(Math.PI * (t - 1) / (2.0 * Steps)), 2))),
    ];

    /// <summary>The largest difference over the steps, relative to the first rate.</summary>
    private static double Error(ISchedule schedule, Func<int, double> formula)
        => Enumerable.Range(1, Steps).Max(t => Math.Abs(schedule.At(t) - formula(t))) / Rate;
}

using System.Globalization;
using OptDsl.Contract;

namespace OptDsl;

/// <summary>Compares the float kernel with the declaration in double. Each step starts from equal parameters and states.</summary>
internal static class FloatComparison<TRule>
    where TRule : class, IUpdateRule<double>, IUpdateRule<float>
{
    private const double Unit = 1.0 / (1 << 24);

    internal static double Run(TRule rule, double maxDistance, RuleAssertOptions options, CancellationToken cancellation)
    {
        options.Validate();
        double worst = 0;
        foreach (int length in options.Lengths)
        {
            worst = Math.Max(worst, Walk(rule, length, maxDistance, options, cancellation));
        }

        return worst;
    }

    private static double Walk(TRule rule, int length, double maxDistance, RuleAssertOptions options, CancellationToken cancellation)
    {
        using var singles = new GuardedBuffer<float>(length);
        using var doubles = new GuardedBuffer<double>(length);
        ParameterBuffer<float> single = singles.Buffer;
        ParameterBuffer<double> twice = doubles.Buffer;
        var how = new OptimizerOptions { OnNonFinite = OnNonFinite.Ignore, AllowEmulatedFusedArithmetic = true };
        Optimizer<float, TRule> kernel = single.Optimize(rule, how);
        Optimizer<double, TRule> declaration = twice.Optimize(rule, how);
        TestData.Fill(single.Values, options.Seed, special: false);
        var before = new float[length];
        double worst = 0;
        for (int step = 1; step <= options.Steps; step++)
        {
            single.Values.CopyTo(before);
            Widen(single.Values, twice.Values);
            declaration.Restore(kernel.Snapshot().ConvertTo<double>());
            int seed = unchecked(options.Seed + step);
            RuleInputs.Fill(kernel, single, seed, special: false);
            RuleInputs.Fill(declaration, twice, seed, special: false);
            Widen(single.Gradients, twice.Gradients);
            foreach (InputSchema input in kernel.Schema.Inputs.Where(input => input.Source == InputSource.PerParameter))
            {
                Widen(kernel.GetInput(input.Name), declaration.GetInput(input.Name));
            }

            RuleInputs.Advance(kernel, single, seed, reference: false, cancellation);
            RuleInputs.Advance(declaration, twice, seed, reference: true, cancellation);
            for (int i = 0; i < length; i++)
            {
                double distance = Distance(before[i], twice.Values[i], single.Values[i]);
                worst = Math.Max(worst, distance);
                if (distance > maxDistance)
                {
                    throw RuleAssertionException.Create(
                        string.Create(CultureInfo.InvariantCulture,
                            $"the float kernel is {distance:G4} units of 2^-24 from the declaration in double, but at most {maxDistance:G4} are allowed"),
                        kernel.Schema.Name, "float", $"Ordinary values of seed {options.Seed}", "parameter", length, step, i,
                            twice.Values[i], single.Values[i]);
                }
            }
        }

        return worst;
    }

    /// <summary>The difference in units of 2^-24 of the larger of the old and the new parameter.</summary>
    private static double Distance(float before, double expected, float actual)
    {
        if (double.IsNaN(expected) || float.IsNaN(actual))
        {
            return double.IsNaN(expected) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        }

        double difference = Math.Abs(expected - actual);
        return difference == 0 || expected == actual ? 0 : difference / (Unit * Math.Max(Math.Abs(before), Math.Abs(expected)));
    }

    private static void Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }
}

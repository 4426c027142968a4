using System.Numerics;
using System.Reflection;
using OptDsl.Contract;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Domains;

/// <summary>Every hyperparameter of every library rule at the ends of its domain, and past them.</summary>
public class DomainTests
{
    // The rate by which a step moves against the gradient; of Complete its bound.
    private static readonly string[] Rates = ["LearningRate", "StepSize"];

    public static TheoryData<string> Names
        => [.. typeof(Adam).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == typeof(Adam).Namespace && type.IsAssignableTo(typeof(IUpdateRule<double>)))
            .Select(type => type.Name)];

    /// <summary>A rate below zero would ascend, an infinite one or NaN would destroy the parameters.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_outside_of_its_domain_is_refused_by_name(string name) => Call(nameof(Refuses), name);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_ends_of_a_domain_make_no_NaN(string name) => Call(nameof(Ends), name);

    [Theory]
    [MemberData(nameof(Names))]
    public void At_rate_zero_no_parameter_moves_by_the_gradient(string name) => Call(nameof(RateZero), name);

    private static void Call(string check, string name)
    {
        Type rule = typeof(Adam).Assembly.GetType($"{typeof(Adam).Namespace}.{name}", throwOnError: true)!;
        foreach (Type element in (Type[])[typeof(double), typeof(float)])
        {
            typeof(DomainTests).GetMethod(check, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(element, rule)
                .Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
    }

    private static void Refuses<T, TRule>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        double[] defaults = Values<T, TRule>(Default<TRule>());
        for (int i = 0; i < defaults.Length; i++)
        {
            HyperparameterSchema value = TRule.Schema.Values[i];
            foreach (double bad in Outside(value))
            {
                var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => With<T, TRule>(defaults, i, bad).Validate());
                Assert.Contains(value.Domain?.ToString() ?? value.Name, thrown.Message, StringComparison.Ordinal);
                Assert.Equal(bad, thrown.ActualValue);
            }
        }
    }

    private static IEnumerable<double> Outside(HyperparameterSchema value)
    {
        // A window or decay of an average is checked without a domain, in words of its own. A window may be half of another number.
        Interval domain = value.Domain
            ?? new Interval(value.Name.Contains("Window", StringComparison.Ordinal) ? 1 : 0,
                value.Name.Contains("Window", StringComparison.Ordinal) ? double.PositiveInfinity : 1, true, false);
        yield return -1;
        if (value.Type == HyperparameterType.Double)
        {
            yield return domain.IncludesLow ? Math.BitDecrement(domain.Low) - 1e-9 : domain.Low;
            yield return double.NegativeInfinity;
            yield return double.NaN;
            if (!domain.IncludesHigh)
            {
                yield return double.PositiveInfinity;
                yield return domain.High;
            }
        }
    }

    private static void Ends<T, TRule>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        double[] defaults = Values<T, TRule>(Default<TRule>());
        for (int i = 0; i < defaults.Length; i++)
        {
            Interval domain = TRule.Schema.Values[i].Domain ?? new Interval(0, 1, false, false);
            foreach (double end in Enumerable.Concat<double>(domain.IncludesLow ? [domain.Low] : [],
                domain.IncludesHigh ? [domain.High] : []))
            {
                // A step that makes a value that is not finite throws. Rules that are frozen at an end go on when they are thawed.
                TRule rule = With<T, TRule>(defaults, i, end);
                Run<T, TRule>(rule, gradients: 1, thawed: Default<TRule>());
            }
        }
    }

    private static void RateZero<T, TRule>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        double[] defaults = Values<T, TRule>(Default<TRule>());
        for (int i = 0; i < defaults.Length; i++)
        {
            if (Rates.Contains(TRule.Schema.Values[i].Name) && TRule.Schema.Values[i].Domain is { } domain && domain.Contains(0))
            {
                Assert.Equal(Run<T, TRule>(With<T, TRule>(defaults, i, 0), gradients: 1),
                    Run<T, TRule>(With<T, TRule>(defaults, i, 0), gradients: 50));
            }
        }
    }

    /// <summary>The parameters after some steps, with no gradient zero and the first tensor's small.</summary>
    private static T[] Run<T, TRule>(TRule rule, int gradients, TRule? thawed = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        using var parameters = new ParameterBuffer<T>();
        parameters.Add("small", [7, 5]);
        parameters.Add("large", [19]);
        TestData.Fill(parameters.Values, seed: 1, special: false);
        Optimizer<T, TRule> optimizer = parameters.Optimize(rule, new OptimizerOptions { Seed = 3 });
        T[] after = [];
        for (int step = 1; step <= 12; step++)
        {
            if (step == 9)
            {
                after = parameters.Values.ToArray();
                optimizer.Rule = thawed ?? rule;
            }

            RuleInputs.Fill(optimizer, parameters, gradients + step, special: false);
            foreach (ref T gradient in parameters.Gradients)
            {
                gradient = gradient == T.Zero ? T.One : gradient;
            }

            foreach (InputSchema input in optimizer.Schema.Inputs.Where(input => input.Source == InputSource.PerParameter))
            {
                optimizer.GetInput(input.Name).Fill(T.One);
            }

            RuleInputs.Advance(optimizer, parameters, gradients + step, reference: false, TestContext.Current.CancellationToken);
        }

        return after;
    }

    private static TRule Default<TRule>()
    {
        ConstructorInfo constructor = typeof(TRule).GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        return (TRule)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    private static double[] Values<T, TRule>(TRule rule)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        var values = new double[TRule.Schema.Values.Length];
        rule.GetValues(values);
        return values;
    }

    private static TRule With<T, TRule>(double[] defaults, int index, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        double[] values = [.. defaults];
        values[index] = value;
        return (TRule)Default<TRule>().WithValues(values);
    }
}

using OptDsl.Runtime.Tests.Passes;
using Xunit;

namespace OptDsl.Runtime.Tests.Optimizers;

/// <summary>Domains of what overrides, of what implements, and of float.</summary>
public sealed class DomainTests
{
    [Fact]
    public void An_override_has_the_domain_of_what_it_overrides()
    {
        Refused("Rate must lie in [0, 1].", -7, new OverridingRule { Rate = -7 });
        Refused("Halved must lie in (0, 2).", 2, new OverridingRule { Halved = 2 });
        Refused("Shared must lie in [1, 2].", 3, new OverridingRule { Shared = 3 });
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        buffer.Optimize(new OverridingRule { Rate = 1, Halved = 1.5, Shared = 2 });
    }

    /// <summary>An end is what the hyperparameter's type makes of it.</summary>
    [Fact]
    public void A_float_takes_the_ends_of_its_domain()
    {
        using ParameterBuffer<float> buffer = Sample.Mixed<float>();
        buffer.Optimize(new EndsInFloat());
        using ParameterBuffer<float> other = Sample.Mixed<float>();
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => other.Optimize(new EndsInFloat { Rate = float.BitIncrement(0.1f) }));
        Assert.StartsWith("Rate must lie in [0, 0.1].", refused.Message, StringComparison.Ordinal);
    }

    private static void Refused(string message, double value, OverridingRule rule)
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Optimize(rule));
        Assert.Equal(value, refused.ActualValue);
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }
}

internal interface IShared
{
    [Domain("[1, 2]")]
    double Shared { get; }
}

internal abstract record RateBase
{
    [Domain("[0, 1]")]
    public virtual double Rate { get; init; } = 0.5;

    [Domain("(0, 2)")]
    public abstract double Halved { get; init; }
}

[Optimizer]
internal sealed partial record OverridingRule : RateBase, IShared
{
    public override double Rate { get; init; } = 0.5;

    public override double Halved { get; init; } = 1;

    public double Shared { get; init; } = 1;

    [Update]
    double Update(double parameter, double gradient) => parameter - Rate * Halved * Shared * gradient;
}

[Optimizer]
internal sealed partial record EndsInFloat([Domain("[0, 0.1]")] float Rate = 0.1f, [Domain("[0.7, 1]")] float Least = 0.7f)
{
    [Update]
    float Update(float parameter, float gradient) => parameter - Rate * Least * gradient;
}

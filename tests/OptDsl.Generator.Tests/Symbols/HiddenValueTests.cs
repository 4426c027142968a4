using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Symbols;

/// <summary>A hyperparameter is a symbol: the kernel reads what C# reads, whatever else has its name.</summary>
public class HiddenValueTests
{
    public static TheoryData<string, string, string> Read => new()
    {
        { "a property through base", "public record Base { public double Rate { get; init; } = 0.5; }",
            "public new double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - base.Rate * gradient + Rate;" },
        { "a property by a conversion", "public record Base { public double Rate { get; init; } = 0.5; }",
            "public new double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - ((Base)this).Rate * gradient + Rate;" },
        { "a property by the base's helper",
            "public record Base { public double Rate { get; init; } = 0.5; public double Half() => Rate / 2; }",
                "public new double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "a property by the base's computed property",
            "public record Base { public double Rate { get; init; } = 0.5; public double Half => Rate / 2; }",
                "public new double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - Half * gradient + Rate;" },
        { "fields", "public record Base { public readonly double Rate = 0.5; public double Half() => Rate / 2; }",
            "public new readonly double Rate = 0.25; [Update] double Update(double parameter, double gradient) => parameter - (Half() + base.Rate) * gradient + Rate;" },
        { "a field by a computed property", "public record Base { public readonly double Rate = 0.5; public double Half() => Rate / 2; }",
            "public new double Rate => 0.125; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "a number by an integer", "public record Base { public double Rate { get; init; } = 0.5; public double Half() => Rate / 2; }",
            "public new int Rate { get; init; } = 7; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "a value by a method", "public record Base { public double Rate { get; init; } = 0.5; public double Half() => Rate / 2; }",
            "public new double Rate() => 3; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate();" },
        { "a value by a constant", "public record Base { public double Rate { get; init; } = 0.5; public double Half() => Rate / 2; }",
            "public new const double Rate = 3; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "a value by a type", "public record Base { public double Rate { get; init; } = 0.5; public double Half() => Rate / 2; }",
            "public new static class Rate { } [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient;" },
        { "static values",
            "public record Base { public static readonly double Rate = Math.Sqrt(2); public static double Half() => Rate / 2; }",
                "public new static readonly double Rate = Math.Sqrt(3); [Update] static double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "static protected values",
            "public record Base { protected static readonly double Rate = Math.Sqrt(2); protected static double Half() => Rate / 2; }",
                "private new static readonly double Rate = Math.Sqrt(3); [Update] static double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "constants", "public record Base { public const double Rate = 0.5; public static double Half() => Rate / 2; }",
            "public new const double Rate = 0.25; [Update] static double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "three levels",
            "public record First { public double Rate { get; init; } = 0.5; public double OfFirst() => Rate; } public record Base : First { public new double Rate { get; init; } = 0.75; public double OfBase() => Rate + 2 * base.Rate; }", "public new double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - (OfFirst() + 3 * OfBase() + 5 * base.Rate) * gradient + Rate;" },
        { "a private one in between hides nothing",
            "public record First { public double Rate { get; init; } = 0.5; } public record Base : First { new double Rate { get; init; } = 0.75; }", "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient;" },
        { "nested types of one name",
            "public partial class Outer { public record Base { public double Rate { get; init; } = 0.5; public double OfOuter() => Rate; } } public record Base : Outer.Base { public new double Rate { get; init; } = 0.75; public double OfBase() => Rate; }", "public new double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - (OfOuter() + 3 * OfBase()) * gradient + Rate;" },
        { "types of one name in two namespaces",
            "namespace A { public record Base { public double Rate { get; init; } = 0.5; public double OfA() => Rate; } } public record Base : A.Base { public new double Rate { get; init; } = 0.75; public double OfBase() => Rate; }", "public new double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - (OfA() + 3 * OfBase()) * gradient + Rate;" },
        { "a generic base",
            "public record Base<T> { public double Rate { get; init; } = 0.5; public T Other { get; init; } = default!; public double Half() => Rate / 2; } public record Base : Base<double> { }", "public new double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - (Half() + Other + base.Rate) * gradient + Rate;" },
        { "a virtual property and its override",
            "public record Base { public virtual double Rate { get; init; } = 0.5; public double Half() => Rate / 2; }",
                "public override double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "a virtual property and a computed override",
            "public record Base { public virtual double Rate { get; init; } = 0.5; public double Half() => Rate / 2; }",
                "public override double Rate => 0.125; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "a computed property and its override that asks it",
            "public record Base { public virtual double Rate => 0.5; public double Half() => Rate / 2; }",
                "public override double Rate => base.Rate + 0.125; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + base.Rate;" },
        { "a virtual property that is hidden",
            "public record First { public virtual double Rate { get; init; } = 0.5; public double Half() => Rate / 2; } public record Base : First { public override double Rate { get; init; } = 0.75; }", "public new double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "an abstract property",
            "public abstract record Base { public abstract double Rate { get; init; } public double Half() => Rate / 2; }",
                "public override double Rate { get; init; } = 0.25; [Update] double Update(double parameter, double gradient) => parameter - Half() * gradient + Rate;" },
        { "a virtual helper and its override",
            "public record Base { public virtual double Scaled(double x) => x / 2; public double Twice(double x) => 2 * Scaled(x); }",
                "public override double Scaled(double x) => base.Scaled(x) + 1; [Update] double Update(double parameter, double gradient) => parameter - Twice(gradient) + base.Scaled(gradient);" },
        { "a helper that is hidden",
            "public record Base { public double Scaled(double x) => x / 2; public double Twice(double x) => 2 * Scaled(x); }",
                "public new double Scaled(double x) => x + 1; [Update] double Update(double parameter, double gradient) => parameter - Twice(gradient) + base.Scaled(gradient) * Scaled(gradient);" },
        { "an explicit property of an interface",
            "public interface IRated { double Rate { get; } double Half() => Rate / 2; } public record Base : IRated { public double Rate { get; init; } = 0.5; double IRated.Rate => 0.125; }", "[Update] double Update(double parameter, double gradient) => parameter - ((IRated)this).Half() * gradient + Rate;" },
    };

    [Theory]
    [MemberData(nameof(Read))]
    public void The_kernel_reads_what_the_author_reads(string what, string bases, string body)
    {
        Assert.NotEmpty(what);
        string rule =
            $"[Optimizer] public sealed partial record R : Base {{ {body} public {(body.Contains("static double Update", StringComparison.Ordinal) ? "static " : "")}double Made(double parameter, double gradient) => {body[(body.LastIndexOf("=>", StringComparison.Ordinal) + 2)..]} }}";
        string made = rule.Contains("static double Made", StringComparison.Ordinal) ? "R.Made(1, g)" : "rule.Made(1, g)";
        SteppedRule.Requires("new R()", made, bases, rule);
    }

    public static TheoryData<string, string, string> Unreachable => new()
    {
        { "protected and hidden",
            "public record Base { protected double Rate { get; init; } = 0.5; protected double Half() => [|Rate|] / 2; }",
                "is protected in 'Base' and hidden by another member of its name" },
        { "private", "public record Base { private readonly double rate = 0.5; protected double Half() => [|rate|] / 2; }",
            "is not accessible outside of 'Base'" },
        { "a private getter",
            "public record Base { public double Slow { private get; init; } = 0.5; protected double Half() => [|Slow|] / 2; }",
                "is not accessible outside of 'Base'" },
        { "past an override",
            "public record First { public virtual double Fast { get; init; } = 0.5; } public record Base : First { public override double Fast { get; init; } = 1; protected double Half() => [|base.Fast|] / 2; }", "'Base' overrides it" },
        { "an explicit property that holds a value",
            "public interface IRated { double Fast { get; } } public record Base : IRated { double IRated.Fast { get; } = 1; protected double Half() => [|((IRated)this).Fast|] / 2; }", "implements an interface explicitly" },
    };

    [Theory]
    [MemberData(nameof(Unreachable))]
    public void What_the_kernel_cannot_read_is_named(string what, string bases, string words)
    {
        Assert.NotEmpty(what);
        AnalyzerHarness.RequireOne("OPT2009",
            bases + " [Optimizer] public sealed partial record R : Base { public new double Rate { get; init; } = 1; [Update] double Update(double parameter, double gradient) => parameter - Rate * Half() * gradient; }", words);
    }

    /// <summary>All are checked that are read, each under what tells it apart.</summary>
    [Fact]
    public void A_hidden_value_that_is_no_number_is_refused()
    {
        Type probe = EmittedRules.Load("""
            public record Base { public double Rate { get; init; } = 0.5; public double Half() => Rate / 2; }
            [Optimizer] public sealed partial record R : Base
            {
                public R() { }
                public R(double hidden) : base(new Base { Rate = hidden }) { }
                public new double Rate { get; init; } = 1;
                [Update] double Update(double parameter, double gradient) => parameter - Rate * Half() * gradient;
            }
            public static class Probe { public static void Check(IUpdateRule<double> rule) => rule.Validate(); public static void Run() => Check(new R(double.NaN)); public static void Fine() => Check(new R()); }
            """).GetType("Probe")!;
        probe.GetMethod("Fine")!.Invoke(null, null);
        var thrown = Assert.Throws<System.Reflection.TargetInvocationException>(() => probe.GetMethod("Run")!.Invoke(null, null));
        Assert.Equal("Base.Rate", Assert.IsType<ArgumentOutOfRangeException>(thrown.InnerException).ParamName);
    }

    /// <summary>Names that files had before are as they were; what is hidden has its type before it.</summary>
    [Theory]
    [InlineData("record", "1 2 3 4")]
    [InlineData("class", "")]
    public void Every_value_is_read_and_set_under_a_name_of_its_own(string kind, string set)
    {
        Type probe = EmittedRules.Load($$"""
            public {{kind}} First { public double Rate { get; init; } = 0.5; public double OfFirst() => Rate; }
            public {{kind}} Base : First { public new float Rate { get; init; } = 0.75f; public double Decay { get; init; } = 8; public double OfBase() => Rate; }
            [Optimizer] public sealed partial {{kind}} R : Base
            {
                public new int Rate { get; init; } = 1;
                [Update] double Update(double parameter, double gradient) => parameter - Rate * (OfFirst() + OfBase() + Decay) * gradient;
            }
            public static class Probe
            {
                static string[] Names<TRule>() where TRule : IUpdateRule<double> { string[] names = new string[TRule.Schema.Values.Length]; for (int i = 0; i < names.Length; i++) { names[i] = TRule.Schema.Values[i].Name; } return names; }
                public static string Names() => string.Join(" ", Names<R>());
                public static string Set()
                {
                    OptDsl.Contract.IRuleValues rule = new R();
                    double[] values = new double[4];
                    ((OptDsl.Contract.IRuleValues)rule.WithValues([1, 2, 3, 4])).GetValues(values);
                    return string.Join(" ", values);
                }
            }
            """).GetType("Probe")!;
        Assert.Equal("Base.Rate Decay First.Rate Rate", probe.GetMethod("Names")!.Invoke(null, null));
        Assert.Equal(set.Length > 0 ? set : "0.75 8 0.5 1", probe.GetMethod("Set")!.Invoke(null, null));
    }

    /// <summary>
    /// An attribute has a name alone: it stands for what the name stands for in the rule, also where a base type declares it.
    /// </summary>
    [Fact]
    public void A_setting_of_a_base_type_is_found_by_its_name()
        => SteppedRule.Requires("new R()", "1 - (0.5 * 0 + (1 - 0.5) * g) + 3",
            "public record Base { public double Decay { get; init; } = 0.5; public double Start { get; init; } = 3; }", """
            [Optimizer] public sealed partial record R : Base
            {
                [RunningAverage(Decay = nameof(Decay))] static double Mean(double gradient) => gradient;
                [State(Initial = nameof(Start))] static double Held(double previousHeld) => previousHeld;
                [Update] static double Update(double parameter, double mean, double held) => parameter - mean + held;
            }
            """);
}

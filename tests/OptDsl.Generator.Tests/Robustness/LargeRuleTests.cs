using System.Reflection;
using System.Text;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>Rules so large that what a step keeps for each input, member or reduction does not fit on a thread's stack.</summary>
public sealed class LargeRuleTests
{
    // More than one tile, and a tail; a matrix whose rows are summed.
    private static readonly (string Name, nint[] Shape)[] Tensors = [("a", [70_001]), ("b", [40, 33])];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A helper's stack has a megabyte, and 130 draws in double took 1.06 of them; the process ended.</summary>
    [Theory]
    [InlineData("noises", 130)]
    [InlineData("noises", 700)]
    [InlineData("reductions", 600)]
    [InlineData("rows", 300)]
    [InlineData("inputs", 300)]
    [InlineData("states", 300)]
    [InlineData("members", 800)]
    public void A_step_on_several_threads_and_on_a_small_stack_makes_the_bits_of_one_and_of_the_declaration(string what, int count)
    {
        Type rule = EmittedRules.Load(Source(what, count)).GetType("Large", throwOnError: true)!;
        MethodInfo run = typeof(LargeRuleTests)
            .GetMethod(nameof(Run), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(rule);
        double[] Values(int threads, bool byDeclaration) => (double[])run.Invoke(null, [threads, byDeclaration])!;
        double[] expected = Values(1, byDeclaration: true);
        Assert.Equal(expected, Values(1, byDeclaration: false));
        Assert.Equal(expected, Values(3, byDeclaration: false));

        // Less than any thread has by default, and less than the scratch of these rules.
        double[]? small = null;
        var caller = new Thread(() => small = Values(2, byDeclaration: false), maxStackSize: 512 * 1024);
        caller.Start();
        caller.Join();
        Assert.Equal(expected, small);
    }

    /// <summary>
    /// A reduction over everything among the first 32 is known after the pass with the others, which are of one tensor each: a state of its
    /// last value, and an update that reads it, wait for that pass. Statistics of observed members are reductions, too.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_reduction_over_everything_is_known_after_the_last_pass_that_reduces(bool observed)
    {
        var text = new StringBuilder(
            "[Optimizer] public sealed partial record Large { [Reduce(Reduction.Sum, Scope = Scope.Global)] static double Whole(double gradient) => gradient; [State] static double Kept(double previousWhole) => previousWhole; ");
        string more = observed ? "[Observe] [State] static double M{0}(double gradient, double previousM{0}) => previousM{0} + gradient; "
            : "[Reduce(Reduction.Sum)] static double M{0}(double gradient) => {0} * gradient; ";
        int[] members = [.. Enumerable.Range(0, observed ? 9 : 40)];
        Array.ForEach(members, i => text.Append(more.Replace("{0}", $"{i}", StringComparison.Ordinal)));
        text.Append(
            $"[Update] static double Update(double parameter, double kept, double whole, {string.Join(", ", members.Select(i => $"double m{i}"))}) => parameter - 1e-9 * (whole + kept + {string.Join(" + ", members.Select(i => $"m{i}"))}); }}");
        Type rule = EmittedRules.Load(text.ToString()).GetType("Large", throwOnError: true)!;
        MethodInfo run = typeof(LargeRuleTests)
            .GetMethod(nameof(Run), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(rule);
        double[] Values(int threads, bool byDeclaration) => (double[])run.Invoke(null, [threads, byDeclaration])!;
        double[] expected = Values(1, byDeclaration: true);
        Assert.Equal(expected, Values(1, byDeclaration: false));
        Assert.Equal(expected, Values(3, byDeclaration: false));
    }

    private static double[] Run<TRule>(int threads, bool byDeclaration)
        where TRule : class, IUpdateRule<double>, new()
    {
        using var buffer = new ParameterBuffer<double>();
        foreach ((string name, nint[] shape) in Tensors)
        {
            buffer.Add(name, shape);
        }

        for (int i = 0; i < buffer.Count; i++)
        {
            (buffer.Values[i], buffer.Gradients[i]) = (Math.Sin(i), Math.Cos(3 * i));
        }

        Optimizer<double, TRule> optimizer = buffer.Optimize(new TRule(), new OptimizerOptions { Threads = threads, Seed = 3 });
        optimizer.Observing = !byDeclaration && !TRule.Schema.Observed.IsEmpty;
        for (int step = 0; step < 2; step++)
        {
            _ = byDeclaration ? optimizer.StepReference(Token) : optimizer.Step(Token);
        }

        return buffer.Values.ToArray();
    }

    /// <summary>By halves, since a sum nested as deeply as it is long is refused.</summary>
    private static string Sum(int first, int last)
        => first == last ? $"v{first}" : $"({Sum(first, (first + last) / 2)} + {Sum(((first + last) / 2) + 1, last)})";

    private static string Source(string what, int count)
    {
        (string member, string input, string attribute) = what switch
        {
            "noises" => ("", "double v", "[Gaussian] "),
            "inputs" => ("", "double v", "[PerParameter] "),
            "reductions" => ("[Reduce(Reduction.Sum)] static double V#(double gradient) => gradient / #.5;", "double v", ""),
            "rows" => ("[Reduce(Reduction.Max, Scope = Scope.Row)] static double V#(double gradient) => gradient * #;", "double v", ""),
            "states" =>
                ("[State] static double V#(double previousV#, double gradient) => 0.5 * previousV# + gradient / #;", "double v", ""),
            _ => ("[Derived] static double V#(double gradient, double parameter) => gradient / #.5 - Math.Sqrt(Math.Abs(parameter) + #);",
                "double v", ""),
        };
        var text = new StringBuilder("[Optimizer] public sealed partial record Large\n{\n");
        for (int i = 1; i <= count; i++)
        {
            text.AppendLine(member.Replace("#", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        string parameters = string.Join(", ", Enumerable.Range(1, count).Select(i => $"{attribute}{input}{i}")), sum = Sum(1, count);
        return text.Append(
            $"[Update] static double Update(double parameter, double gradient, {parameters}) => parameter - 1e-9 * ({sum} + gradient);\n}}\n").ToString();
    }
}

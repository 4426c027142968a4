using System.Reflection;
using OptDsl.Generator.Tests.RandomRules;
using Xunit;

namespace OptDsl.Generator.Tests.Reading;

/// <summary>
/// What is read after a step, and the direction of the step to come, are what the author's method says of the values that its text names:
/// every operation of uniform values, for every kind of them, with hyperparameters that change between the step and the read.
/// </summary>
public class ReadingTests
{
    private const int Steps = 3;

    public static TheoryData<string> Kinds => [.. ReadingRules.Kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_read_and_a_direction_are_what_the_authors_method_says(string kind)
    {
        int index = Array.FindIndex(ReadingRules.Kinds, other => other.Name == kind);
        using var rules = new LoadedRules(ReadingRules.Text(index, reads: true), ReadingRules.Text(index, reads: false));
        foreach (bool reads in (ReadOnlySpan<bool>)[true, false])
        {
            MethodInfo check = typeof(ReadingTests).GetMethod(nameof(Check), BindingFlags.Static | BindingFlags.NonPublic)!;
            check.MakeGenericMethod(rules[ReadingRules.Name(index, reads)]).Invoke(null, [reads, kind]);
        }
    }

    /// <summary>
    /// What was stored of a hyperparameter is what is read, though the hyperparameter is another one by then; where it cannot be read, the
    /// model was stored.
    /// </summary>
    [Theory]
    [InlineData("[Update] double Update() => Rate; [ReadAt] double Model(double update) => update + 10 * Rate;", 0.25 + (10 * 0.75))]
    [InlineData("[State] double Held(double gradient) => Rate; [Update] double Update(double parameter) => parameter; [ReadAt] double Model(double held) => held + 10 * Rate;", 0.25 + (10 * 0.75))]
    [InlineData("[State] double Held(double gradient) => Rate; [Update] double Update(double parameter) => parameter; [ReadAt] double Model(double held) => (int)(held * 10) + Rate;", 2 + 0.25)]
    [InlineData("[State] double Held(double gradient) => Rate; [Derived] double Tens(double held) => (int)(held * 10); [Update] double Update(double parameter) => parameter; [ReadAt] double Model(double update, double tens) => tens + update;", 2.5)]
    public void What_a_step_stored_of_a_hyperparameter_stays(string members, double expected)
    {
        using var rules = new LoadedRules(
            $"[Optimizer] public sealed partial record Copying(double Rate = 0.25) {{ public Copying With(int which, double rate) => this with {{ Rate = rate }}; {members} }}");
        typeof(ReadingTests)
            .GetMethod(nameof(CheckStored), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(rules["Copying"])
            .Invoke(null, [expected]);
    }

    private static void CheckStored<TRule>(double expected)
        where TRule : class, IUpdateRule<double>
    {
        using var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [3]);
        buffer.Values.Fill(0.5);
        var rule = (TRule)Activator.CreateInstance(typeof(TRule), 0.25)!;
        Optimizer<double, TRule> optimizer = buffer.Optimize(rule);
        optimizer.Step(TestContext.Current.CancellationToken);
        optimizer.Rule = With(rule, 0, 0.75);
        double[] model = new double[3];
        optimizer.Read(model);
        Assert.Equal([expected, expected, expected], model);
    }

    private static void Check<TRule>(bool reads, string kind)
        where TRule : class, IUpdateRule<double>
    {
        using var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [3, 5]);
        buffer.Add("b", [2, 7], "another");
        buffer.Add("c", [4]);
        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Values[i] = ((i * 37) % 101 / 50.0) - 1;
        }

        var rule = (TRule)Activator.CreateInstance(typeof(TRule), 0, 1.25, 0.5)!;
        Optimizer<double, TRule> optimizer = buffer.Optimize(rule);
        for (int step = 1; step <= Steps; step++)
        {
            for (int i = 0; i < buffer.Count; i++)
            {
                buffer.Gradients[i] = (((i * 53) + (step * 17)) % 97 / 64.0) - 0.75;
            }

            // A direction reads u as this step makes it.
            double[][] directions = reads ? [] : Targets(optimizer, rule, 2.5, reads);
            TRule then = With(rule, 7 * step, 1.25);
            optimizer.Rule = then;
            optimizer.Step(TestContext.Current.CancellationToken);
            Compare(optimizer, then, reads ? Targets(optimizer, rule, 2.5, reads) : directions, 2.5, reads, kind);
        }
    }

    /// <summary>By operation, what the kernel computes with another value of the hyperparameter than the step had.</summary>
    private static double[][] Targets<TRule>(Optimizer<double, TRule> optimizer, TRule rule, double factor, bool reads)
        where TRule : class, IUpdateRule<double>
        => [.. ReadingRules.Operations.Select((_, which) =>
        {
            var target = new double[optimizer.Parameters.Count];
            optimizer.Rule = With(rule, which, factor);
            if (reads)
            {
                optimizer.Read(target);
            }
            else
            {
                optimizer.ComputeSearchDirection(target);
            }

            return target;
        })];

    private static void Compare<TRule>(Optimizer<double, TRule> optimizer, TRule rule, double[][] actual, double factor, bool reads,
        string kind)
        where TRule : class, IUpdateRule<double>
    {
        MethodInfo target = typeof(TRule).GetMethod("Target")!;
        ParameterBuffer<double> buffer = optimizer.Parameters;
        bool isKept = optimizer.Schema.States.Any(state => state.Role == StateRole.ReadAt);
        for (int which = 0; which < actual.Length; which++)
        {
            // What a buffer of its own keeps is of the step, and of the step's rule.
            TRule then = isKept ? rule : With(rule, which, factor);
            for (int i = 0; i < buffer.Count; i++)
            {
                double first = reads ? buffer.Values[i] : buffer.Gradients[i];
                object[] arguments = kind == "Hyperparameter" ? [first] : [first, Uniform(optimizer, kind, i)];
                double expected = (double)target.Invoke(then, arguments)!;
                Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual[which][i])
                    || (double.IsNaN(expected) && double.IsNaN(actual[which][i])),
                    $"{kind}: {ReadingRules.Operations[which]} at {i} in step {optimizer.StepCount} is {actual[which][i]:R} and not {expected:R}");
            }
        }
    }

    /// <summary>The value of u at a parameter, after the step.</summary>
    private static double Uniform<TRule>(Optimizer<double, TRule> optimizer, string kind, int place)
        where TRule : class, IUpdateRule<double>
    {
        OptimizerSnapshot<double> snapshot = optimizer.Snapshot();
        int tensor = 0, within = place;
        while (within >= optimizer.Tensors[tensor].Length)
        {
            within -= optimizer.Tensors[tensor++].Length;
        }

        ParameterTensor<double> of = optimizer.Tensors[tensor];
        int rows = of.Shape.Length < 2 ? 1 : (int)of.Shape[0], columns = of.Length / rows;
        return kind switch
        {
            "Group" => snapshot.GetUniformState(of.Group, "U"),
            "Tensor" => snapshot.GetTensorState(of.Name, "U")[0],
            "Row" => snapshot.GetTensorState(of.Name, "U")[within / columns],
            "Column" => snapshot.GetTensorState(of.Name, "U")[within % columns],
            "Corrected" => snapshot.GetTensorState(of.Name, "U")[0] * Contract.RunningAverages.Correction(0.5, optimizer.StepCount),
            "CorrectedByMember" => snapshot.GetTensorState(of.Name, "U")[0] * (1 / (1 - Math.Pow(0.5, optimizer.StepCount))),
            "Parameter" => optimizer.State["U"][place],
            _ => (0.3 * optimizer.StepCount) + columns,
        };
    }

    private static TRule With<TRule>(TRule rule, int which, double factor)
        => (TRule)typeof(TRule).GetMethod("With")!.Invoke(rule, [which, factor])!;
}

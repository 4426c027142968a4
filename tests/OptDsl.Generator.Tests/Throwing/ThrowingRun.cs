using Xunit;

namespace OptDsl.Generator.Tests.Throwing;

/// <summary>Steps a rule that throws, beside its declaration.</summary>
internal abstract class ThrowingRun
{
    /// <summary>What is wrong, or null.</summary>
    internal abstract string? Run(Reader reader, int bad, bool throws, int threads);

    internal static ThrowingRun Of(Type rule) => (ThrowingRun)Activator.CreateInstance(typeof(ThrowingRun<>).MakeGenericType(rule))!;
}

/// <inheritdoc/>
internal sealed class ThrowingRun<TRule> : ThrowingRun
    where TRule : class, IUpdateRule<double>
{
    private const int Steps = 4;

    private bool isKept;

    internal override string? Run(Reader reader, int bad, bool throws, int threads)
    {
        using ParameterBuffer<double> tested = Buffer(threads), expected = Buffer(threads);
        Optimizer<double, TRule> kernel = Bind(tested, bad, threads), declaration = Bind(expected, bad, 1);
        kernel.Observing = reader == Reader.Observed;
        isKept = kernel.Schema.States.Any(state => state.Role == StateRole.ReadAt);
        int thrown = 0;
        for (int step = 1; step <= Steps; step++)
        {
            Fill(tested, step);
            Fill(expected, step);
            if ((Direction(kernel, reader, due: throws && step == bad)
                ?? Step(kernel, declaration, reader, step, due: throws && step == bad, ref thrown)
                ?? Read(kernel, reader, due: throws && step == bad)) is { } wrong)
            {
                return $"step {step}, {threads} threads: {wrong}";
            }
        }

        return thrown == (throws && IsDueInStep(reader, bad) ? 1 : 0) ? null : $"{threads} threads: {thrown} steps threw";
    }

    private bool IsDueInStep(Reader reader, int step) => reader switch
    {
        Reader.Read => isKept,
        Reader.Direction => false,
        Reader.Initial => step == 1,
        _ => true,
    };

    private string? Step(Optimizer<double, TRule> kernel, Optimizer<double, TRule> declaration, Reader reader, int step, bool due,
        ref int thrown)
    {
        Content before = new(kernel, reader);
        Exception? actual = Record.Exception(() => Advance(kernel, reference: false));
        Exception? reference = reader == Reader.Observed ? null : Record.Exception(() => Advance(declaration, reference: true));
        if (reader != Reader.Observed && actual?.GetType() != reference?.GetType())
        {
            return $"the kernel threw {actual?.GetType().Name ?? "nothing"}, the declaration {reference?.GetType().Name ?? "nothing"}: {actual} {reference}";
        }

        if ((actual is not null) != (due && IsDueInStep(reader, step)))
        {
            return $"it threw {actual?.ToString() ?? "nothing"}";
        }

        if (actual is not null)
        {
            thrown++;
            if (before.Difference(new Content(kernel, reader)) is { } written)
            {
                return "though it threw, it wrote " + written;
            }

            // The next good step is as if this one had not been.
            kernel.Rule = With(kernel.Rule, 99);
            declaration.Rule = With(declaration.Rule, 99);
            Advance(kernel, reference: false);
            Advance(declaration, reference: true);
        }
        else if (reader == Reader.Observed)
        {
            Advance(declaration, reference: true);
        }

        return new Content(declaration, Reader.Step).Difference(new Content(kernel, Reader.Step)) is { } other
            ? "beside the declaration it wrote another " + other : null;
    }

    private static string? Direction(Optimizer<double, TRule> kernel, Reader reader, bool due)
    {
        if (reader != Reader.Direction)
        {
            return null;
        }

        Content before = new(kernel, reader);
        double[] direction = [.. Enumerable.Repeat(123.0, kernel.Parameters.Count)];
        Exception? thrown = Record.Exception(() => kernel.ComputeSearchDirection(direction));
        return (thrown is not null) != due ? $"the direction threw {thrown?.ToString() ?? "nothing"}"
            : thrown is not null && direction.Any(value => value != 123) ? "though it threw, it wrote a direction"
            : before.Difference(new Content(kernel, reader)) is { } written ? "the direction wrote " + written
            : null;
    }

    private string? Read(Optimizer<double, TRule> kernel, Reader reader, bool due)
    {
        if (reader != Reader.Read)
        {
            return null;
        }

        double[] model = [.. Enumerable.Repeat(123.0, kernel.Parameters.Count)];
        Exception? thrown = Record.Exception(() => kernel.Read(model));
        return (thrown is not null) != (due && !isKept) ? $"the read threw {thrown?.ToString() ?? "nothing"}"
            : thrown is not null && model.Any(value => value != 123) ? "though it threw, it wrote a model"
            : null;
    }

    /// <summary>Tensors of several tiles where threads share them; only some of them have two rows.</summary>
    private static ParameterBuffer<double> Buffer(int threads)
    {
        int wide = threads == 1 ? 1 : 900;
        var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [3, 5 * wide]);
        buffer.Add("b", [2, 7 * wide]);
        buffer.Add("c", [9 * wide]);
        buffer.Add("d", [2, 6 * wide], "another");
        buffer.Add("e", [4, 4 * wide]);
        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Values[i] = ((i * 37) % 101 / 50.0) - 1;
        }

        return buffer;
    }

    private static Optimizer<double, TRule> Bind(ParameterBuffer<double> buffer, int bad, int threads)
    {
        TRule rule = With((TRule)Activator.CreateInstance(typeof(TRule), 2, int.MinValue, int.MaxValue - 3)!, bad);
        Optimizer<double, TRule> optimizer = buffer.Optimize(rule,
            new OptimizerOptions { Threads = threads, OnNonFinite = OnNonFinite.Ignore, Seed = 3 });
        if (optimizer.Schema.Inputs.Any(input => input.Name == "weight"))
        {
            for (int i = 0; i < buffer.Tensors.Count; i++)
            {
                optimizer.SetTensorInput("weight", buffer.Tensors[i], i);
            }
        }

        return optimizer;
    }

    private static TRule With(TRule rule, int bad) => (TRule)typeof(TRule).GetMethod("With")!.Invoke(rule, [bad])!;

    private static void Fill(ParameterBuffer<double> buffer, int step)
    {
        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Gradients[i] = (((i * 53) + (step * 17)) % 97 / 64.0) - 0.75;
        }
    }

    private static void Advance(Optimizer<double, TRule> optimizer, bool reference)
    {
        ParameterBuffer<double> buffer = optimizer.Parameters;
        if (optimizer.Schema.Inputs.Any(input => input.Source == Contract.InputSource.GradientAt))
        {
            double Evaluate()
            {
                for (int i = 0; i < buffer.Count; i++)
                {
                    buffer.Gradients[i] = buffer.Values[i] * (1 + (i % 3));
                }

                return 1;
            }

            _ = reference ? optimizer.StepReference(Evaluate) : optimizer.Step(Evaluate);
        }
        else
        {
            _ = reference ? optimizer.StepReference() : optimizer.Step();
        }
    }

    /// <summary>Everything a step may change.</summary>
    private sealed class Content
    {
        private readonly Dictionary<string, double[]> values = new(StringComparer.Ordinal);

        internal Content(Optimizer<double, TRule> optimizer, Reader reader)
        {
            OptimizerSnapshot<double> snapshot = optimizer.Snapshot();
            values["parameter"] = optimizer.Parameters.Values.ToArray();
            values["count"] = [optimizer.StepCount, snapshot.StepCount, snapshot.Attempts, optimizer.RefusedCount];
            foreach (StateSchema state in optimizer.Schema.States)
            {
                values[state.Name] = state.Kind switch
                {
                    StateKind.PerParameter => optimizer.State[state.Name].ToArray(),
                    StateKind.Uniform => [.. optimizer.Groups.Keys.Select(group => snapshot.GetUniformState(group, state.Name))],
                    _ => [.. optimizer.Tensors.SelectMany(tensor => snapshot.GetTensorState(tensor.Name, state.Name).ToArray())],
                };
            }

            if (reader == Reader.Observed && optimizer.StepCount > 0)
            {
                Observation seen = optimizer.GetObservation("Seen");
                values["observation"] = [seen.Norm, seen.Min, seen.Max, seen.Mean, seen.NonZeroFraction];
            }
        }

        /// <summary>The name of something that differs, or null.</summary>
        internal string? Difference(Content other)
            => values.Keys.FirstOrDefault(name => !values[name].Select(BitConverter.DoubleToInt64Bits)
                .SequenceEqual(other.values[name].Select(BitConverter.DoubleToInt64Bits)));
    }
}

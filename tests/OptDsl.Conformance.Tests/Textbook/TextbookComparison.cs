using System.Numerics;
using Xunit;

namespace OptDsl.Conformance.Tests.Textbook;

/// <summary>
/// A rule beside a method written from its equations with nothing of ours. Kernel and declaration share a parser, which could
/// misread both alike, and an author can misread a paper: only this sees either.
/// </summary>
internal static class TextbookComparison
{
    internal const int Steps = 25;

    /// <summary>
    /// Sums in another order, powers by other means: some hundred roundings to 2^-53, which these problems do not amplify.
    /// </summary>
    internal const double Tolerance = 1e-12;

    /// <summary>Some ten roundings to 2^-24 a step.</summary>
    internal const double SingleTolerance = 10 * Steps * 6e-8;

    /// <summary>Makes the steps of the rule, in double by kernel and declaration and in float by the kernel, and of the textbook.</summary>
    /// <param name="rule">The rule of the first group.</param>
    /// <param name="second">The rule of the second group.</param>
    /// <param name="step">The textbook: gradients are taken at P; it makes the new P.</param>
    /// <param name="read">What the textbook's model is, where it is not P.</param>
    /// <param name="tolerance">In double, relative to max(1, |p|).</param>
    /// <param name="single">In float.</param>
    /// <param name="input">A caller's input of one number a parameter: its name, and the number by step and place.</param>
    internal static void Run<TRule>(
        TRule rule, TRule second, Action<TextbookModel> step, Func<TextbookTensor, double[]>? read = null,
        double tolerance = Tolerance, double single = SingleTolerance, (string Name, Func<int, int, double> Value)? input = null)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
    {
        var model = new TextbookModel();
        using var kernel = new Bound<double, TRule>(rule, second, byDeclaration: false, input);
        using var declaration = new Bound<double, TRule>(rule, second, byDeclaration: true, input);
        using var floats = new Bound<float, TRule>(rule, second, byDeclaration: false, input);
        for (int t = 1; t <= Steps; t++)
        {
            model.T = t;
            model.TakeGradient();
            step(model);
            kernel.Step(t);
            declaration.Step(t);
            floats.Step(t);
            Assert.Equal(declaration.Values, kernel.Values);
            Assert.Equal(declaration.Read(), kernel.Read());
            kernel.RequireNear(model, x => x.P, kernel.Values, tolerance);
            floats.RequireNear(model, x => x.P, floats.Values, single);
            if (read is not null)
            {
                kernel.RequireNear(model, read, kernel.Read(), tolerance);
                floats.RequireNear(model, read, floats.Read(), single);
            }
        }
    }

    private sealed class Bound<T, TRule> : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        private readonly ParameterBuffer<T> buffer = new();
        private readonly Optimizer<T, TRule> optimizer;
        private readonly bool byDeclaration;
        private readonly (string Name, Func<int, int, double> Value)? input;
        private int step;

        internal Bound(TRule rule, TRule second, bool byDeclaration, (string Name, Func<int, int, double> Value)? input)
        {
            var model = new TextbookModel();
            for (int i = 0; i < model.Tensors.Count; i++)
            {
                buffer.Add($"tensor{i}", TextbookModel.Shapes[i].Shape, model.Tensors[i].Second ? "second" : "first");
            }

            model.ForEach((x, i) => buffer.Values[x.First + i] = T.CreateChecked(x.P[i]));
            optimizer = buffer.Optimize(rule);
            optimizer.Groups["second"].Rule = second;
            this.byDeclaration = byDeclaration;
            this.input = input;
        }

        internal T[] Values => buffer.Values.ToArray();

        internal void Step(int t)
        {
            step = t;
            if (input is var (name, value))
            {
                Span<T> numbers = optimizer.GetInput(name);
                for (int i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = T.CreateTruncating(value(t, i));
                }
            }

            if (byDeclaration)
            {
                optimizer.StepReference(TakeGradient, TestContext.Current.CancellationToken);
            }
            else
            {
                optimizer.Step(TakeGradient, TestContext.Current.CancellationToken);
            }
        }

        internal T[] Read()
        {
            var model = new T[buffer.Count];
            optimizer.Read(model);
            return model;
        }

        internal void RequireNear(TextbookModel model, Func<TextbookTensor, double[]> of, T[] actual, double tolerance)
            => model.ForEach((x, i) =>
            {
                double expected = of(x)[i],
                    difference = Math.Abs(double.CreateTruncating(actual[x.First + i]) - expected) / Math.Max(1, Math.Abs(expected));
                Assert.True(difference <= tolerance,
                    $"{typeof(TRule).Name} in {typeof(T).Name}, step {step}, tensor of {x.Rows} x {x.Columns}, element {i}: expected {expected:R}, got {actual[x.First + i]}, off by {difference:E2}");
            });

        private double TakeGradient()
        {
            ReadOnlySpan<T> values = buffer.ReadOnlyValues;
            Span<T> gradients = buffer.Gradients;
            for (int i = 0; i < values.Length; i++)
            {
                gradients[i] = T.CreateTruncating(TextbookModel.Gradient(step, i, double.CreateTruncating(values[i])));
            }

            return 0;
        }

        public void Dispose() => buffer.Dispose();
    }
}

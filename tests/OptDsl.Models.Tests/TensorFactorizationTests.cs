using OptDsl.Rules;

namespace OptDsl.Models.Tests;

/// <summary>
/// CP and hierarchical factorizations against their definitions, written as plain loops, and their gradients against differences.
/// </summary>
public class TensorFactorizationTests
{
    private static readonly PointLoss[] Losses = [PointLoss.Squared, PointLoss.Absolute, PointLoss.Huber(0.4)];

    /// <summary>Sides, components, and the entries observed; the list is in no order and has entries twice.</summary>
    public static TheoryData<int[], int, int> CpShapes => new()
    {
        { [5], 3, 4 },
        { [4, 3], 1, 9 },
        { [1, 1, 1], 9, 2 },
        { [4, 3, 5], 5, 33 },
        { [2, 3, 2, 4], 8, 50 },
        { [3, 1, 2, 2, 3, 2], 17, 40 },
    };

    public static TheoryData<int[], string, int> Trees => new()
    {
        { [3, 4], "balanced", 7 },
        { [3, 4, 2], "chain", 20 },
        { [3, 4, 2, 5], "balanced", 60 },
        { [2, 3, 2, 3, 2], "mixed", 50 },
        { [2, 2, 3, 2, 2, 2], "chain", 41 },
    };

    [Theory]
    [MemberData(nameof(CpShapes))]
    public void The_gradient_of_cp_is_that_of_its_loss(int[] sides, int components, int count)
    {
        foreach (PointLoss loss in Losses)
        {
            using var problem = new CpProblem<double>(sides, components, count, loss);
            TensorAssert.Gradient(problem.Loss, problem.Parameters, problem.Other);
        }
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void The_gradient_of_a_tree_is_that_of_its_loss(int[] sides, string tree, int count)
    {
        foreach (PointLoss loss in Losses)
        {
            using var problem = new TreeProblem<double>(sides, Tree(tree, sides.Length, 3), count, loss);
            TensorAssert.Gradient(problem.Loss, problem.Parameters, problem.Other);
        }
    }

    [Theory]
    [MemberData(nameof(CpShapes))]
    public void Entries_of_cp_are_sums_of_products(int[] sides, int components, int count)
    {
        using var problem = new CpProblem<double>(sides, components, count, PointLoss.Huber(0.4));
        CheckEntries(problem.Data, problem.Loss, problem.Parameters, problem.Factorization.ComputeValues,
            problem.Factorization.ComputeTensor, problem.EntryByDefinition);
        double[] norms = new double[components], expected = new double[components];
        Array.Fill(expected, 1);
        problem.Factorization.ComputeComponentNorms(problem.Parameters, norms);
        for (int mode = 0; mode < sides.Length; mode++)
        {
            for (int r = 0; r < components; r++)
            {
                expected[r] *= Math.Sqrt(Enumerable.Range(0, sides[mode])
                    .Sum(i => Math.Pow(problem.Tensor($"A{mode + 1}")[(i * components) + r], 2)));
            }
        }

        TensorAssert.Near(expected, norms, 1e-14);
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void Entries_of_a_tree_follow_its_recursion(int[] sides, string tree, int count)
    {
        using var problem = new TreeProblem<double>(sides, Tree(tree, sides.Length, 3), count, PointLoss.Huber(0.4));
        CheckEntries(problem.Data, problem.Loss, problem.Parameters, problem.Factorization.ComputeValues,
            problem.Factorization.ComputeTensor, problem.EntryByDefinition);
    }

    /// <summary>A local component scaled by its child's column, or by its own row, has its norm scaled; the others keep theirs.</summary>
    [Fact]
    public void Local_components_are_the_columns_below_and_the_row_of_the_node()
    {
        using var problem = new TreeProblem<double>([3, 4, 2, 5],
            ModeTree.Node(ModeTree.Node(ModeTree.Leaf(0), ModeTree.Leaf(1), 2), ModeTree.Node(ModeTree.Leaf(2), ModeTree.Leaf(3), 3), 4),
                10, default);
        double[] Norms(int node)
        {
            double[] norms = new double[problem.Factorization.Widths[node]];
            problem.Factorization.ComputeComponentNorms(problem.Parameters, node, norms);
            return norms;
        }

        Assert.Equal([2, 3, 4], problem.Factorization.Widths.ToArray());
        double Norm(string tensor, Func<int, bool> which) => Math.Sqrt(problem.Tensor(tensor).Where((_, i) => which(i)).Sum(x => x * x));
        TensorAssert.Near(
            [.. Enumerable.Range(0, 2)
                .Select(r => Norm("A1", i => i % 2 == r) * Norm("A2", i => i % 2 == r) * Norm("B1", i => i / 4 == r))], Norms(0), 1e-14);
        TensorAssert.Near(
            [.. Enumerable.Range(0, 3)
                .Select(r => Norm("A3", i => i % 3 == r) * Norm("A4", i => i % 3 == r) * Norm("B2", i => i / 4 == r))], Norms(1), 1e-14);
        TensorAssert.Near(
            [.. Enumerable.Range(0, 4).Select(r => Norm("B1", i => i % 4 == r) * Norm("B2", i => i % 4 == r) * Norm("B3", i => i == r))],
                Norms(2), 1e-14);
    }

    [Fact]
    public void Float_agrees_with_double()
    {
        using var single = new CpProblem<float>([4, 3, 5], 5, 33, default);
        using var wide = new CpProblem<double>([4, 3, 5], 5, 33, default);
        using var singleTree = new TreeProblem<float>([2, 3, 2, 3, 2], Tree("mixed", 5, 3), 50, default);
        using var wideTree = new TreeProblem<double>([2, 3, 2, 3, 2], Tree("mixed", 5, 3), 50, default);
        foreach ((ILossModel<float> loss, ParameterBuffer<float> parameters, ILossModel<double> wideLoss,
            ParameterBuffer<double> wideParameters) in
            new[] { (single.Loss, single.Parameters, wide.Loss, wide.Parameters),
                (singleTree.Loss, singleTree.Parameters, wideTree.Loss, wideTree.Parameters) })
        {
            double expected = wideLoss.ComputeGradient(wideParameters);
            Assert.Equal(expected, loss.ComputeGradient(parameters), 1e-5 * expected);
            double largest = wideParameters.Gradients.ToArray().Max(Math.Abs);
            for (int i = 0; i < parameters.Count; i++)
            {
                Assert.Equal(wideParameters.Gradients[i], parameters.Gradients[i], 1e-5 * largest);
            }
        }
    }

    /// <summary>
    /// Hundreds of factors near 1, as for images with a mode a pixel: nothing overflows or vanishes, and gradients are right.
    /// </summary>
    [Fact]
    public void A_product_of_784_factors_starts_at_the_number_of_components()
    {
        int[] sides = new int[784];
        Array.Fill(sides, 2);
        var random = new Xoshiro256(1);
        int[] indices = [.. Enumerable.Range(0, 784 * 30).Select(_ => random.NextInt32(2))];
        double[] targets = [.. Enumerable.Range(0, 30).Select(i => 2.0 * (i % 2))];
        var factorization = new CpFactorization<double>(sides, 3);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 1, 1e-3, mean: 1);
        double[] values = new double[30];
        factorization.ComputeValues(parameters, indices, values);
        Assert.All(values, value => Assert.InRange(value, 2.5, 3.5));
        var loss = new CpCompletionLoss<double>(factorization, new TensorEntries<double>(sides, indices, targets));
        loss.ComputeGradient(parameters);
        double[] gradient = parameters.Gradients.ToArray();
        for (int i = 0; i < parameters.Count; i += 101)
        {
            Assert.Equal(TensorAssert.Difference(loss, parameters, i), gradient[i], 1e-6 * Math.Abs(gradient[i]));
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        double[] Gradients(int threads)
        {
            int[] sides = [40, 30, 50];
            var random = new Xoshiro256(8);
            float[] tensor = [.. Enumerable.Range(0, 60000).Select(_ => (float)random.NextGaussian())];
            TensorEntries<float> entries = TensorEntries<float>.Observed(sides, tensor, [.. tensor.Select(value => value > 0)]);
            var cp = new CpFactorization<float>(sides, 20);
            var tree = new HierarchicalFactorization<float>(sides, ModeTree.Balanced(3, 60), "tree");
            using var parameters = new ParameterBuffer<float>();
            cp.AddTo(parameters);
            tree.AddTo(parameters);
            cp.Initialize(parameters, 1, 0.3);
            tree.Initialize(parameters, 2, 0.3);
            double value = new CpCompletionLoss<float>(cp, entries, default, threads).ComputeGradient(parameters);
            double[] first = [value, .. parameters.Gradients.ToArray().Select(x => (double)x)];
            value = new HierarchicalCompletionLoss<float>(tree, entries, default, threads).ComputeGradient(parameters);
            return [.. first, value, .. parameters.Gradients.ToArray().Select(x => (double)x)];
        }

        double[] one = Gradients(1);
        Assert.DoesNotContain(one, double.IsNaN);
        Assert.Equal(one, Gradients(2));
        Assert.Equal(one, Gradients(3));
    }

    /// <summary>Entries cut into parts, whose beginnings share rows with the part before, against the same in one.</summary>
    [Fact]
    public void Many_entries_are_the_mean_of_few()
    {
        int[] sides = [40, 30, 50];
        var random = new Xoshiro256(8);
        double[] tensor = [.. Enumerable.Range(0, 60000).Select(_ => random.NextGaussian())];
        var factorization = new CpFactorization<double>(sides, 20);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 1, 0.3);
        double value = new CpCompletionLoss<double>(factorization, TensorEntries<double>.All(sides, tensor)).ComputeGradient(parameters);
        double[] gradient = parameters.Gradients.ToArray(), expected = new double[gradient.Length];
        double expectedValue = 0;
        for (int part = 0; part < 20; part++)
        {
            bool[] observed = [.. Enumerable.Range(0, 60000).Select(i => i % 20 == part)];
            expectedValue += new CpCompletionLoss<double>(factorization, TensorEntries<double>.Observed(sides, tensor, observed))
                .ComputeGradient(parameters) / 20;
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += parameters.Gradients[i] / 20;
            }
        }

        Assert.Equal(expectedValue, value, 1e-12 * value);
        TensorAssert.Near(expected, gradient, 1e-12);
    }

    [Fact]
    public void Nothing_is_allocated_by_a_gradient_a_step_and_norms()
    {
        using var cp = new CpProblem<float>([6, 5, 7], 12, 60, default);
        using var tree = new TreeProblem<float>([6, 5, 7, 3], ModeTree.Balanced(4, 10), 90, PointLoss.Absolute);
        Optimizer<float, GroupRmsProp> cpSteps = cp.Parameters.Optimize(new GroupRmsProp()),
            treeSteps = tree.Parameters.Optimize(new GroupRmsProp());
        double[] norms = new double[12], local = new double[10];
        void Steps()
        {
            for (int i = 0; i < 20; i++)
            {
                cp.Loss.ComputeGradient(cp.Parameters);
                cpSteps.Step(TestContext.Current.CancellationToken);
                cp.Factorization.ComputeComponentNorms(cp.Parameters, norms);
                tree.Loss.ComputeGradient(tree.Parameters);
                treeSteps.Step(TestContext.Current.CancellationToken);
                tree.Factorization.ComputeComponentNorms(tree.Parameters, 2, local);
            }
        }

        Steps();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Steps();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Point_losses_are_what_they_are_called()
    {
        PointLoss huber = PointLoss.Huber(0.5);
        Assert.Equal(default, PointLoss.Squared);
        Assert.Equal([9, 3, 1.375], new[] { PointLoss.Squared, PointLoss.Absolute, huber }.Select(loss => loss.ComputeValue(-3)));
        Assert.Equal(0.045, huber.ComputeValue(0.3), 1e-16);
        Assert.Equal([-6, -1, -0.5], new[] { PointLoss.Squared, PointLoss.Absolute, huber }.Select(loss => loss.ComputeSlope(-3.0)));
        Assert.Equal(0.25f, huber.ComputeSlope(0.25f));
        Assert.Equal(0, PointLoss.Absolute.ComputeSlope(0.0));
        Assert.All(Losses, loss => Assert.True(double.IsNaN(loss.ComputeSlope(double.NaN)) && double.IsNaN(loss.ComputeValue(double.NaN))));
        Assert.Contains("above 0", Assert.Throws<ArgumentOutOfRangeException>(() => PointLoss.Huber(0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => PointLoss.Huber(double.PositiveInfinity));
    }

    [Fact]
    public void Misuse_names_the_value_and_the_range()
    {
        static void Refused<TException>(string words, Action action)
            where TException : ArgumentException
            => Assert.Contains(words, Assert.Throws<TException>(action).Message, StringComparison.Ordinal);

        Refused<ArgumentException>("at least one mode", () => _ = new CpFactorization<double>([], 2));
        Refused<ArgumentOutOfRangeException>("Mode 1 has 0 indices", () => _ = new CpFactorization<double>([2, 0], 2));
        Refused<ArgumentOutOfRangeException>("components", () => _ = new CpFactorization<double>([2, 2], 0));
        Refused<ArgumentOutOfRangeException>("elements fit", () => _ = new CpFactorization<double>([int.MaxValue, 2], 2));
        Refused<ArgumentOutOfRangeException>("Entry 1 has index 3 in mode 0; it must be between 0 and 2",
            () => _ = new TensorEntries<double>([3, 2], [0, 1, 3, 1], [1, 2]));
        Refused<ArgumentException>("one index per mode", () => _ = new TensorEntries<double>([3, 2], [0, 1, 2], [1, 2]));
        Refused<ArgumentException>("Entry 1 is NaN", () => _ = new TensorEntries<double>([3], [0, 1], [1, double.NaN]));
        Refused<ArgumentException>("No entry is observed", () => _ = new TensorEntries<double>([3], [], []));
        Refused<ArgumentException>("3 x 2, 6 entries, but the span has 5", () => TensorEntries<double>.All([3, 2], new double[5]));
        Refused<ArgumentException>("more than 2^62", () => TensorEntries<double>.All(Enumerable.Repeat(2, 784).ToArray(), new double[5]));

        var entries = new TensorEntries<double>([3, 2], [0, 1], [1]);
        var cp = new CpFactorization<double>([3, 2], 2);
        Refused<ArgumentException>("2 x 3, but the entries belong to a tensor of 3 x 2",
            () => _ = new CpCompletionLoss<double>(new CpFactorization<double>([2, 3], 2), entries));
        Refused<ArgumentOutOfRangeException>("threads", () => _ = new CpCompletionLoss<double>(cp, entries, default, -1));
        Refused<ArgumentOutOfRangeException>("threads",
            () => _ = new HierarchicalCompletionLoss<double>(new([3, 2], ModeTree.Balanced(2, 2)), entries, default, 2000));
        using var parameters = new ParameterBuffer<double>();
        Refused<ArgumentException>("no tensor 'A1'", () => _ = new CpCompletionLoss<double>(cp, entries).ComputeGradient(parameters));
        cp.AddTo(parameters);
        Refused<ArgumentException>("2 components, but the span has 3", () => cp.ComputeComponentNorms(parameters, new double[3]));
        Refused<ArgumentException>("6 entries, but the span has 4", () => cp.ComputeTensor(parameters, new double[4]));
        Refused<ArgumentOutOfRangeException>("Entry 0 has index -1 in mode 1", () => cp.ComputeValues(parameters, [0, -1], new double[1]));
        Refused<ArgumentException>("A1",
            () => _ = new CpCompletionLoss<double>(new CpFactorization<double>([3, 2], 3), entries).ComputeGradient(parameters));
        Refused<ArgumentOutOfRangeException>("mean", () => cp.Initialize(parameters, 1, 1, double.NaN));

        Refused<ArgumentException>("the tree (1 (2 2)) must be",
            () => _ = new HierarchicalFactorization<double>([3, 2, 2],
                ModeTree.Node(ModeTree.Leaf(0), ModeTree.Node(ModeTree.Leaf(1), ModeTree.Leaf(1), 2), 2)));
        Refused<ArgumentException>("at least two modes", () => _ = new HierarchicalFactorization<double>([3], ModeTree.Leaf(0)));
        Refused<ArgumentOutOfRangeException>("width", () => ModeTree.Balanced(3, 0));
        Refused<ArgumentOutOfRangeException>("mode", () => ModeTree.Leaf(-1));
        var tree = new HierarchicalFactorization<double>([3, 2], ModeTree.Balanced(2, 2), "tree");
        Refused<ArgumentException>("no tensor 'treeA1'", () => tree.ComputeTensor(parameters, new double[6]));
        tree.AddTo(parameters);
        Refused<ArgumentOutOfRangeException>("node", () => tree.ComputeComponentNorms(parameters, 1, new double[2]));
        Refused<ArgumentException>("2 components, but the span has 1", () => tree.ComputeComponentNorms(parameters, 0, new double[1]));
    }

    private static ModeTree Tree(string name, int order, int width) => name switch
    {
        "balanced" => ModeTree.Balanced(order, width),
        "chain" => ModeTree.Chain(order, width),
        _ => ModeTree.Node(ModeTree.Leaf(3),
            ModeTree.Node(ModeTree.Node(ModeTree.Leaf(4), ModeTree.Leaf(0), width + 6),
                ModeTree.Node(ModeTree.Leaf(2), ModeTree.Leaf(1), width - 1), width + 1), width),
    };

    private delegate void AtEntries(ParameterBuffer<double> parameters, ReadOnlySpan<int> indices, Span<double> values);

    private delegate void Everywhere(ParameterBuffer<double> parameters, Span<double> tensor);

    private static void CheckEntries(
        EntryData data, ILossModel<double> loss, ParameterBuffer<double> parameters, AtEntries computeValues,
            Everywhere computeTensor, Func<int[], double> definition)
    {
        int order = data.Sides.Length;
        double[] expected = [.. data.Indices.Chunk(order).Select(definition)], got = new double[expected.Length];
        computeValues(parameters, data.Indices, got);
        TensorAssert.Near(expected, got, 1e-13);
        double mean = expected.Zip(data.Values, (a, b) => PointLoss.Huber(0.4).ComputeValue(a - b)).Average();
        Assert.Equal(mean, loss.ComputeLoss(parameters), 1e-13);
        Assert.Equal(mean, loss.ComputeGradient(parameters), 1e-13);
        double[] tensor = new double[data.Sides.Aggregate(1, (product, side) => product * side)];
        computeTensor(parameters, tensor);
        for (int i = 0; i < expected.Length; i++)
        {
            int place = 0;
            for (int mode = 0; mode < order; mode++)
            {
                place = (place * data.Sides[mode]) + data.Indices[(i * order) + mode];
            }

            Assert.Equal(expected[i], tensor[place], 1e-13);
        }
    }
}

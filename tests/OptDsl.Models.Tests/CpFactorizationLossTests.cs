namespace OptDsl.Models.Tests;

/// <summary>The loss over whole tensors against differences, and against the loss over entries, with which it shares no product.</summary>
public class CpFactorizationLossTests
{
    private static readonly PointLoss[] Losses = [PointLoss.Squared, PointLoss.Absolute, PointLoss.Huber(0.4)];

    public static TheoryData<int[], int> Shapes => new()
    {
        { [5], 3 },
        { [4, 3], 1 },
        { [1, 1, 1], 9 },
        { [7, 1], 2 },
        { [4, 3, 5], 5 },
        { [2, 3, 2, 4], 8 },
        { [3, 1, 2, 5, 3], 17 },
    };

    /// <summary>
    /// Several blocks of the half that is kept, the first one and the last, and of the other; several parts; one long mode on either side.
    /// </summary>
    public static TheoryData<int[], int> LargeShapes => new()
    {
        { [300, 7], 5 },
        { [7, 300], 5 },
        { [2, 700, 3], 4 },
        { [270, 300], 20 },
        { [280, 700], 5 },
        { [700, 280], 5 },
        { [70, 40, 30], 17 },
        { [40, 3, 5, 150], 9 },
        { [5, 4, 6, 5, 7], 10 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_gradient_is_that_of_the_loss(int[] sides, int components)
    {
        foreach (PointLoss loss in Losses)
        {
            using var problem = new WholeTensor<double>(sides, components);
            ParameterTensor<double> other = problem.Parameters.Add("other", [3]);
            TensorAssert.Gradient(problem.Dense(loss), problem.Parameters, other);
            TensorAssert.Gradient(problem.DenseOfObserved(loss), problem.Parameters, other);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [MemberData(nameof(LargeShapes))]
    public void All_entries_of_a_list_have_the_same_loss_and_gradient(int[] sides, int components)
    {
        using var problem = new WholeTensor<double>(sides, components);
        TensorEntries<double> all = TensorEntries<double>.All(sides, problem.Tensor),
            observed = TensorEntries<double>.Observed(sides, problem.Tensor, problem.Observed);
        foreach (PointLoss loss in Losses)
        {
            problem.AssertSame(new CpCompletionLoss<double>(problem.Factorization, all, loss), problem.Dense(loss));

            // What is hidden may be anything.
            problem.AssertSame(new CpCompletionLoss<double>(problem.Factorization, observed, loss), problem.DenseOfObserved(loss));
        }
    }

    [Fact]
    public void Float_agrees_with_double()
    {
        using var single = new WholeTensor<float>([13, 9, 11], 7);
        using var wide = new WholeTensor<double>([13, 9, 11], 7);
        foreach (PointLoss loss in Losses)
        {
            double expected = wide.Dense(loss).ComputeGradient(wide.Parameters);
            Assert.Equal(expected, single.Dense(loss).ComputeGradient(single.Parameters), 1e-5 * expected);
            TensorAssert.Near(wide.Parameters.Gradients.ToArray(),
                [.. single.Parameters.Gradients.ToArray().Select(gradient => (double)gradient)], 1e-5);
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        using var problem = new WholeTensor<float>([70, 40, 60], 30);
        float[] Gradients(int threads)
        {
            float loss = (float)problem.Dense(PointLoss.Huber(0.4), threads).ComputeGradient(problem.Parameters);
            return [loss, .. problem.Parameters.Gradients];
        }

        float[] one = Gradients(1);
        Assert.DoesNotContain(one, float.IsNaN);
        Assert.Equal(one, Gradients(2));
        Assert.Equal(one, Gradients(3));
    }

    /// <summary>Not by the first either: packing memory is reserved when a loss is made.</summary>
    [Fact]
    public void Nothing_is_allocated_by_a_gradient()
    {
        using var problem = new WholeTensor<float>([300, 4, 70], 20);

        // The factorization finds its tensors once.
        problem.Dense(PointLoss.Squared, threads: 1).ComputeGradient(problem.Parameters);
        CpFactorizationLoss<float> loss = problem.Dense(PointLoss.Squared, threads: 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        loss.ComputeGradient(problem.Parameters);
        loss.ComputeGradient(problem.Parameters);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>A NaN in one row spoils the loss, whatever a residual costs: it must not pass for a residual within limits.</summary>
    [Fact]
    public void A_parameter_that_is_not_a_number_shows()
    {
        using var problem = new WholeTensor<double>([8, 9], 3);
        problem.Parameters.Values[4] = double.NaN;
        foreach (PointLoss loss in Losses)
        {
            Assert.True(double.IsNaN(problem.Dense(loss).ComputeGradient(problem.Parameters)));
            Assert.True(double.IsNaN(problem.Parameters.Gradients[4]));
        }
    }

    [Fact]
    public void Misuse_names_the_value_and_the_range()
    {
        static void Refused<TException>(string words, Action action)
            where TException : ArgumentException
            => Assert.Contains(words, Assert.Throws<TException>(action).Message, StringComparison.Ordinal);

        var cp = new CpFactorization<double>([3, 2], 2);
        Refused<ArgumentException>("3 x 2, 6 entries, but the span has 5", () => _ = new CpFactorizationLoss<double>(cp, new double[5]));
        Refused<ArgumentException>("3 x 2, 6 entries, but the span has 7",
            () => CpFactorizationLoss<double>.Observed(cp, new double[6], new bool[7]));
        Refused<ArgumentException>("No entry is observed", () => CpFactorizationLoss<double>.Observed(cp, new double[6], new bool[6]));
        Refused<ArgumentException>("Entry 4 is", () => _ = new CpFactorizationLoss<double>(cp, [1, 2, 3, 4, double.PositiveInfinity, 6]));
        Refused<ArgumentException>("Entry 1 is NaN",
            () => CpFactorizationLoss<double>.Observed(cp, [double.NaN, double.NaN, 0, 0, 0, 0], [false, true, true, true, true, true]));
        Refused<ArgumentOutOfRangeException>("threads", () => _ = new CpFactorizationLoss<double>(cp, new double[6], default, -1));
        Refused<ArgumentOutOfRangeException>("threads",
            () => CpFactorizationLoss<double>.Observed(cp, new double[6], new bool[6], default, 1025));
        using var parameters = new ParameterBuffer<double>();
        Refused<ArgumentException>("no tensor 'A1'",
            () => _ = new CpFactorizationLoss<double>(cp, new double[6]).ComputeGradient(parameters));
        cp.AddTo(parameters);
        Refused<ArgumentException>("A1",
            () => _ = new CpFactorizationLoss<double>(new CpFactorization<double>([3, 2], 3), new double[6]).ComputeLoss(parameters));
    }

    /// <summary>The factors fit where the Khatri-Rao product of half of them does not: 2^11 rows of a million components.</summary>
    [Fact]
    public void Working_memory_past_an_array_is_refused_by_name()
    {
        int[] sides = [.. Enumerable.Repeat(2, 22)];
        var cp = new CpFactorization<float>(sides, 1 << 20);
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ = new CpFactorizationLoss<float>(cp, new float[1 << 22]));
        Assert.Equal("factorization", refused.ParamName);
        Assert.Contains("2048 combinations of indices, each of 1048576 elements", refused.Message, StringComparison.Ordinal);
    }
}

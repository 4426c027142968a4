using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>The direction of a step search is that of the step to come, and asking for it leaves no trace.</summary>
public sealed class SearchDirectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void It_is_made_of_the_states_as_the_next_step_would_make_them()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Watched> optimizer = buffer.Optimize(new Watched());
        var square = new double[buffer.Count];
        for (int step = 1; step <= 4; step++)
        {
            Sample.Differentiate(buffer, step);
            var expected = new double[buffer.Count];
            double slope = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                double gradient = buffer.Gradients[i];
                square[i] = (0.999 * square[i]) + (0.001 * gradient * gradient);
                expected[i] = gradient / (Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
                slope += gradient * expected[i];
            }

            var direction = new double[buffer.Count];
            Assert.Equal(slope, optimizer.ComputeSearchDirection(direction), 1e-10);
            Sample.Near(expected, direction, 1e-10);
            optimizer.Step(Token);
        }
    }

    /// <summary>
    /// A uniform state advanced by the asking, or an initial content taken once only, shows in the second answer or the step.
    /// </summary>
    [Fact]
    public void Asked_for_again_it_is_the_same_and_the_step_is_unchanged()
    {
        Check(new Watched());
        Check(new Started());
        Check(new Shaken());

        static void Check<TRule>(TRule rule)
            where TRule : class, IUpdateRule<double>
        {
            using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
            Optimizer<double, TRule> asked = buffer.Optimize(rule), left = other.Optimize(rule);
            double[] first = new double[buffer.Count], second = new double[buffer.Count];
            for (int step = 1; step <= 4; step++)
            {
                // Another point of the search: what it begins with must come from the step's own gradients.
                Sample.Differentiate(buffer, 17);
                asked.ComputeSearchDirection(first);
                Sample.Differentiate(buffer, step);
                Sample.Differentiate(other, step);
                double slope = asked.ComputeSearchDirection(first);
                Assert.Equal(slope, asked.ComputeSearchDirection(second));
                Sample.Same(first, second);
                Assert.Equal(step - 1, asked.StepCount);
                asked.Step(Token);
                left.Step(Token);
                Sample.Same<double>(other.Values, buffer.Values);
                Assert.All(asked.State.Names, name => Sample.Same(left.State[name], asked.State[name]));
            }
        }
    }

    [Fact]
    public void A_state_that_begins_with_a_member_begins_so_for_the_direction_too()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Started> optimizer = buffer.Optimize(new Started());
        var direction = new double[buffer.Count];
        optimizer.ComputeSearchDirection(direction);
        double squares = buffer.Gradients.ToArray().Sum(gradient => 2.25 * gradient * gradient);
        Sample.Near(Array.ConvertAll(buffer.Gradients.ToArray(), gradient => 1.5 * gradient / (1 + Math.Sqrt(squares)) * 4), direction,
            1e-13);
    }

    /// <summary>A direction drawn for the attempt before is not the step's.</summary>
    [Fact]
    public void Its_draws_are_those_of_the_next_step()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Shaken> optimizer = buffer.Optimize(new Shaken());
        var direction = new double[buffer.Count];
        for (int step = 1; step <= 3; step++)
        {
            optimizer.ComputeSearchDirection(direction);
            double[] expected = buffer.Values.ToArray();
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] -= 0.1 * direction[i];
            }

            optimizer.Step(Token);
            Sample.Same<double>(expected, buffer.Values);
        }
    }

    [Fact]
    public void A_rule_without_one_is_named()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Momentum> optimizer = buffer.Optimize(new Momentum());
        Assert.Contains("Momentum",
            Assert.Throws<InvalidOperationException>(() => optimizer.ComputeSearchDirection(new double[buffer.Count])).Message,
                StringComparison.Ordinal);
        Optimizer<double, Watched> watched = buffer.Optimize(new Watched());
        Assert.Throws<ArgumentException>(() => watched.ComputeSearchDirection(new double[buffer.Count - 1]));
    }

    [Fact]
    public void A_direction_that_needs_a_gradient_at_another_point_says_so()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Probing> optimizer = buffer.Optimize(new Probing());
        Assert.Contains("'Direction' needs a gradient at another point",
            Assert.Throws<InvalidOperationException>(() => optimizer.ComputeSearchDirection(new double[buffer.Count])).Message,
                StringComparison.Ordinal);
        Assert.True(optimizer.Step(() => 1, Token));
    }
}

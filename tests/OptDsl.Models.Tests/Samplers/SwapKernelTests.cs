namespace OptDsl.Models.Tests;

/// <summary>
/// The swaps of tempering on finitely many positions: their matrix P, made of the probabilities the samplers draw by, leaves the density
/// they are to sample as it is.
/// </summary>
public class SwapKernelTests
{
    private const double Exact = 1e-13, Wrong = 1e-3;

    private static readonly double[] Ladder = [0.1, 0.35, 0.6, 1], LogWeights = [-1.5, 0.25, -0.5, 0.75], Potentials = [-1, 0.3, 2.5];

    private static readonly SamplerOptions Short = new() { Chains = 1, WarmUp = 0, Draws = 1 };

    [Fact]
    public void Simulated_tempering_keeps_the_joint_density_of_level_and_position()
    {
        using var right = new SimulatedTempering<double>(SamplerTests.Normal<double>(1), Short, Settings);
        Assert.InRange(Change(right), 0, Exact);

        using var reversed = Reversed();
        Assert.True(Change(reversed) > Wrong);
        using var tempered = Tempered();
        Assert.True(Change(tempered) > Wrong);
    }

    [Fact]
    public void Parallel_tempering_keeps_the_product_of_the_levels_densities_in_even_and_in_odd_transitions()
    {
        using var right = new ParallelTempering<double>(SamplerTests.Normal<double>(1), Short);
        using var reversed = ReversedPairs();
        using var tempered = TemperedPairs();
        foreach (int first in new[] { ParallelTempering<double>.FirstOfPairs(2), ParallelTempering<double>.FirstOfPairs(3) })
        {
            Assert.InRange(Change(right, first), 0, Exact);
            Assert.True(Change(reversed, first) > Wrong);
            Assert.True(Change(tempered, first) > Wrong);
        }

        Assert.NotEqual(ParallelTempering<double>.FirstOfPairs(2), ParallelTempering<double>.FirstOfPairs(3));
    }

    internal static SimulatedTemperingSettings Settings => new() { InverseTemperatures = Ladder, LogWeights = LogWeights, SwapRate = 0.7 };

    /// <summary>States: a position and a level.</summary>
    private static double Change(SimulatedTempering<double> sampler)
    {
        int levels = Ladder.Length, count = Potentials.Length * levels;
        double[] density = new double[count];
        double[,] matrix = new double[count, count];
        for (int state = 0; state < count; state++)
        {
            (int position, int level) = (state / levels, state % levels);
            density[state] = Math.Exp(LogWeights[level] - (Ladder[level] * Potentials[position]));
            matrix[state, state] = 1;
            foreach (int next in new[] { level - 1, level + 1 })
            {
                double probability = sampler.SwapProbability(Potentials[position], level, next);
                Assert.True(probability >= 0 && probability <= Settings.SwapRate / 2);
                matrix[state, state] -= probability;
                if (next >= 0 && next < levels)
                {
                    matrix[state, (position * levels) + next] = probability;
                }
            }
        }

        return Change(density, matrix);
    }

    /// <summary>States: the position at every level.</summary>
    private static double Change(ParallelTempering<double> sampler, int first)
    {
        int levels = Ladder.Length, count = (int)Math.Pow(Potentials.Length, levels);
        int At(int state, int level) => state / (int)Math.Pow(Potentials.Length, level) % Potentials.Length;
        double[] density = [.. Enumerable.Range(0, count)
            .Select(state => Math.Exp(-Enumerable.Range(0, levels).Sum(level => Ladder[level] * Potentials[At(state, level)])))];
        double[,] matrix = Identity(count);
        for (int level = first; level < levels - 1; level += 2)
        {
            double[,] swap = new double[count, count];
            for (int state = 0; state < count; state++)
            {
                (int here, int there) = (At(state, level), At(state, level + 1));
                int swapped = state
                    + ((there - here) * ((int)Math.Pow(Potentials.Length, level) - (int)Math.Pow(Potentials.Length, level + 1)));
                double probability = sampler.SwapProbability(Ladder[level], Ladder[level + 1], Potentials[here], Potentials[there]);
                swap[state, swapped] += probability;
                swap[state, state] += 1 - probability;
            }

            matrix = Product(matrix, swap);
        }

        return Change(density, matrix);
    }

    /// <summary>max |pi P - pi|, where pi sums to 1.</summary>
    private static double Change(double[] density, double[,] matrix)
    {
        double sum = density.Sum(), largest = 0;
        for (int to = 0; to < density.Length; to++)
        {
            double after = Enumerable.Range(0, density.Length).Sum(from => density[from] / sum * matrix[from, to]);
            largest = Math.Max(largest, Math.Abs(after - (density[to] / sum)));
        }

        return largest;
    }

    private static double[,] Identity(int count)
    {
        double[,] matrix = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            matrix[i, i] = 1;
        }

        return matrix;
    }

    private static double[,] Product(double[,] left, double[,] right)
    {
        int count = left.GetLength(0);
        double[,] product = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < count; k++)
            {
                for (int j = 0; left[i, k] != 0 && j < count; j++)
                {
                    product[i, j] += left[i, k] * right[k, j];
                }
            }
        }

        return product;
    }

    /// <summary>Mutant: the ratio upside down.</summary>
    private static SimulatedTempering<double> Reversed()
    {
        var sampler = new SimulatedTempering<double>(SamplerTests.Normal<double>(1), Short, Settings);
        sampler.SwapRatio = (potential, from, to) => -sampler.LogSwapRatio(potential, from, to);
        return sampler;
    }

    /// <summary>Mutant: a potential that was tempered by the level before.</summary>
    private static SimulatedTempering<double> Tempered()
    {
        var sampler = new SimulatedTempering<double>(SamplerTests.Normal<double>(1), Short, Settings);
        sampler.SwapRatio = (potential, from, to) => sampler.LogSwapRatio(Ladder[from] * potential, from, to);
        return sampler;
    }

    private static ParallelTempering<double> ReversedPairs() => new(SamplerTests.Normal<double>(1), Short)
    {
        SwapRatio = static (inverse, next, potential, nextPotential) =>
            -ParallelTempering<double>.LogSwapRatio(inverse, next, potential, nextPotential),
    };

    private static ParallelTempering<double> TemperedPairs() => new(SamplerTests.Normal<double>(1), Short)
    {
        SwapRatio = static (inverse, next, potential, nextPotential)
            => ParallelTempering<double>.LogSwapRatio(inverse, next, inverse * potential, next * nextPotential),
    };
}

namespace OptDsl.Models.Tests;

public class InitializerTests
{
    [Fact]
    public void The_generator_gives_the_published_sequence()
    {
        // xoshiro256++ 1.0 from state 1, 2, 3, 4: the first outputs of the authors' C code.
        var random = new Xoshiro256(1, 2, 3, 4);
        Assert.Equal([41943041UL, 58720359UL, 3588806011781223UL, 3591011842654386UL],
            Enumerable.Range(0, 4).Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void Gaussian_numbers_have_the_moments_and_tails_of_a_normal_distribution()
    {
        var random = new Xoshiro256(6);
        const int Count = 200_000;
        double mean = 0, square = 0, fourth = 0;
        int beyondTwo = 0;
        for (int i = 0; i < Count; i++)
        {
            double x = random.NextGaussian();
            mean += x / Count;
            square += x * x / Count;
            fourth += x * x * x * x / Count;
            beyondTwo += Math.Abs(x) > 2 ? 1 : 0;
        }

        Assert.InRange(mean, -0.01, 0.01);
        Assert.InRange(square, 0.985, 1.015);
        Assert.InRange(fourth, 2.9, 3.1);
        Assert.InRange(beyondTwo / (double)Count, 0.0455 - 0.002, 0.0455 + 0.002);
    }

    [Fact]
    public void Gaussian_numbers_are_those_of_the_polar_method_with_the_platforms_logarithm()
    {
        Xoshiro256 random = new(7, 3), uniform = new(7, 3);
        for (int i = 0; i < 10_000; i++)
        {
            double x, y, square;
            do
            {
                (x, y) = ((2 * uniform.NextDouble()) - 1, (2 * uniform.NextDouble()) - 1);
                square = (x * x) + (y * y);
            }
            while (square >= 1 || square == 0);

            double factor = Math.Sqrt(-2 * Math.Log(square) / square);
            Assert.Equal(x * factor, random.NextGaussian(), 1e-14);
            Assert.Equal(y * factor, random.NextGaussian(), 1e-14);
        }
    }

    [Fact]
    public void Tensors_of_one_seed_differ_and_a_tensor_is_the_same_again()
    {
        float[][] Fill()
        {
            using var parameters = new ParameterBuffer<float>();
            ParameterTensor<float> a = parameters.Add("a", [3, 4]), b = parameters.Add("b", [12]);
            a.FillGaussian(5, 0.1);
            b.FillGaussian(5, 0.1);
            return [a.ReadOnlyValues.ToArray(), b.ReadOnlyValues.ToArray()];
        }

        float[][] first = Fill(), second = Fill();
        Assert.Equal(first, second);
        Assert.NotEqual(first[0], first[1]);
    }

    [Fact]
    public void Bounded_integers_are_even_and_bad_arguments_refused()
    {
        var random = new Xoshiro256(9);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.NextInt32(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt32(0));
        Assert.Throws<ArgumentException>(() => new Xoshiro256(0, 0, 0, 0));
        using var parameters = new ParameterBuffer<double>();
        ParameterTensor<double> tensor = parameters.Add("a", [2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.FillGaussian(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.FillGaussian(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.FillConstant(double.PositiveInfinity));
        tensor.FillConstant(2);
        Assert.Equal<double>([2, 2], tensor.ReadOnlyValues.ToArray());
    }
}

namespace OptDsl.Models.Tests.Draws;

public class ChainDiagnosticsTests
{
    /// <summary>
    /// An index, a divisor, the folding, the ties' ranks, Geyer's sequence or the transform's packing gone wrong shows here.
    /// </summary>
    [Theory]
    [InlineData(4, 100, 0.6, 0)]
    [InlineData(3, 101, 0.9, 0)]
    [InlineData(1, 64, 0.3, 0)]
    [InlineData(2, 75, -0.7, 0)]
    [InlineData(5, 16, 0.2, 0)]
    [InlineData(2, 8, 0.2, 0)]
    [InlineData(2, 11, 0.2, 0)]
    [InlineData(2, 12, 0.9, 0)]
    [InlineData(4, 60, 0.5, 1)]
    [InlineData(3, 61, 0.99, 3)]
    public void Everything_agrees_with_the_definitions_written_out(int count, int draws, double phi, double shift)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            double[][] chains = Autoregressive(seed, count, draws, phi);
            for (int i = 0; i < draws; i++)
            {
                chains[0][i] += shift;

                // Ties, between chains too.
                chains[^1][i] = i % 3 == 0 ? Math.Round(chains[^1][i]) : chains[^1][i];
            }

            double[] flat = [.. chains.SelectMany(chain => chain)];
            Same(SlowDiagnostics.RHat(chains), ChainDiagnostics.RHat(flat, count));
            Same(SlowDiagnostics.SplitRHat(chains), ChainDiagnostics.SplitRHat(flat, count));
            Same(SlowDiagnostics.BulkEss(chains), ChainDiagnostics.BulkEss(flat, count));
            Same(SlowDiagnostics.TailEss(chains), ChainDiagnostics.TailEss(flat, count));
            Same(SlowDiagnostics.MeanEss(chains), ChainDiagnostics.MeanEss(flat, count));
            Same(SlowDiagnostics.QuantileEss(chains, 0.3), ChainDiagnostics.QuantileEss(flat, count, 0.3));
        }

        static void Same(double expected, double actual)
            => Assert.Equal(expected, actual, double.IsNaN(expected) ? 0 : Math.Abs(expected) * 1e-10);
    }

    /// <summary>
    /// What the R package posterior 1.4.0 gave for the same draws: rhat, rhat_basic, ess_bulk, ess_tail, ess_mean, ess_quantile of 0.3,
    /// mcse_mean, mcse_sd, mcse_quantile of 0.3, the quantile of 5 % and the standard deviation.
    /// </summary>
    [Theory]
    [InlineData(200, 0.6, new double[] { 0, 0, 0, 0 },
        new double[] { 1.017074580919081, 1.017391643587489, 182.0915303405058, 452.2393321551733, 179.6075630724151, 232.4126026653955,
            0.04611750161485021, 0.02052372447015214, 0.0433579516056439, -1.042223123699307, 0.6180563628640491 })]
    [InlineData(101, 0.9, new double[] { 0, 0, 0.5 },
        new double[] { 1.095685018109941, 1.106012113997907, 22.40913566036975, 62.60392108202011, 21.84841062931572, 19.18619811013637,
            0.2430652891754397, 0.1020863433342874, 0.3610847441654691, -2.008497410004159, 1.136142664560438 })]
    [InlineData(50, -0.4, new double[] { 0, 0 },
        new double[] { 1.004489765870435, 1.001055882217045, 200, 101.1153672825598, 200, 153.4869478680242, 0.04459660722679094,
            0.04652464866956111, 0.09744496903099387, -0.9080139012079432, 0.6306912677595373 })]
    [InlineData(60, 0.5, new double[] { 0, 3, 6 },
        new double[] { 2.40369822177766, 5.403653804638863, 4.242054836597729, 43.40173503673197, 3.590461224885692, 3.990804429965749,
            1.336101328921472, 0.4571427097955812, 1.819956205298714, -0.644552163195329, 2.531713260985237 })]
    public void Everything_agrees_with_another_program(int draws, double phi, double[] shifts, double[] expected)
    {
        int count = shifts.Length;
        double[] all = Flat([.. shifts.Select((shift, chain) => Congruential((uint)chain + 1, draws, phi, shift))]);
        ComponentSummary summary = ChainDiagnostics.Summarize("x", all, count);
        double[] actual =
        [
            summary.RHat, ChainDiagnostics.SplitRHat(all, count), summary.BulkEss, summary.TailEss, ChainDiagnostics.MeanEss(all, count),
            ChainDiagnostics.QuantileEss(all, count, 0.3), summary.MeanError, ChainDiagnostics.StandardDeviationError(all, count),
            ChainDiagnostics.QuantileError(all, count, 0.3), summary.Q05, summary.StandardDeviation,
        ];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Math.Abs(expected[i]) * 1e-10);
        }
    }

    /// <summary>
    /// Of x_t = phi x_(t-1) + noise the autocorrelations are phi^t, so that S draws are worth S (1 - phi) / (1 + phi). The estimate's
    /// own spread is some 3 % at these lengths; an ESS that is off by a factor, as by halves counted as chains, is far outside.
    /// </summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(-0.5)]
    public void Autoregressive_chains_have_the_effective_size_of_the_closed_form(double phi)
    {
        const int Count = 4, Length = 20_000;
        for (ulong seed = 1; seed <= 3; seed++)
        {
            double[] draws = Flat(Autoregressive(seed, Count, Length, phi));
            double expected = Count * Length * (1 - phi) / (1 + phi);
            Assert.Equal(expected, ChainDiagnostics.MeanEss(draws, Count), 0.15 * expected);
            Assert.Equal(expected, ChainDiagnostics.BulkEss(draws, Count), 0.15 * expected);
            Assert.Equal(1, ChainDiagnostics.RHat(draws, Count), 0.004);

            // Deviations of the stationary distribution are 1.
            Assert.Equal(1 / Math.Sqrt(expected), ChainDiagnostics.MeanError(draws, Count), 0.1 / Math.Sqrt(expected));
        }
    }

    /// <summary>
    /// Every error against the spread of what it is the error of, over 400 runs of independent normal draws, whose spread is known to 4 %.
    /// </summary>
    [Fact]
    public void Standard_errors_are_the_spread_of_what_they_belong_to()
    {
        const int Runs = 400, Count = 4, Length = 250;
        double[][] values = [new double[Runs], new double[Runs], new double[Runs]],
            errors = [new double[Runs], new double[Runs], new double[Runs]];
        for (int run = 0; run < Runs; run++)
        {
            double[] draws = Flat(Autoregressive((ulong)run + 1, Count, Length, 0.5));
            ComponentSummary summary = ChainDiagnostics.Summarize("x", draws, Count);
            (values[0][run], values[1][run], values[2][run]) = (summary.Mean, summary.StandardDeviation, summary.Q05);
            (errors[0][run], errors[1][run], errors[2][run]) = (summary.MeanError, ChainDiagnostics.StandardDeviationError(draws, Count),
                ChainDiagnostics.QuantileError(draws, Count, 0.05));
            Assert.Equal(ChainDiagnostics.MeanError(draws, Count), summary.MeanError, 1e-15);
        }

        for (int i = 0; i < 3; i++)
        {
            double mean = values[i].Average(), spread = Math.Sqrt(values[i].Sum(value => (value - mean) * (value - mean)) / (Runs - 1));
            Assert.Equal(1, errors[i].Average() / spread, 0.15);
        }
    }

    /// <summary>Without the split a drift passes, without the folding a scale, without the ranks a distribution without a mean.</summary>
    [Fact]
    public void RHat_finds_chains_of_other_means_scales_and_drifts()
    {
        const int Count = 4, Length = 1000;
        for (ulong seed = 1; seed <= 5; seed++)
        {
            double[] Changed(Func<int, int, double, double> change)
                => Flat([.. Autoregressive(seed, Count, Length, 0)
                    .Select((chain, c) => chain.Select((value, i) => change(c, i, value)).ToArray())]);
            double[] same = Changed((_, _, value) => value), scaled = Changed((chain, _, value) => chain == 0 ? value / 3 : value);
            Assert.Equal(1, ChainDiagnostics.RHat(same, Count), 0.01);
            Assert.True(ChainDiagnostics.RHat(Changed((chain, _, value) => value + (chain == 0 ? 0.5 : 0)), Count) > 1.02);
            Assert.True(ChainDiagnostics.RHat(Changed((_, i, value) => value + i * 1.0 / Length), Count) > 1.02);
            Assert.True(ChainDiagnostics.RHat(scaled, Count) > 1.05);
            Assert.Equal(1, ChainDiagnostics.SplitRHat(scaled, Count), 0.01);

            // Cauchy chains, one of them elsewhere: plain variances say nothing, ranks do.
            double[] cauchy = Changed((chain, _, value) =>
                Math.Tan(Math.PI * (MathNet.Numerics.Distributions.Normal.CDF(0, 1, value) - 0.5)) + (chain == 0 ? 2 : 0));
            Assert.True(ChainDiagnostics.RHat(cauchy, Count) > 1.05);
            Assert.True(ChainDiagnostics.RHat(cauchy, Count) - ChainDiagnostics.SplitRHat(cauchy, Count) > 0.03);
        }
    }

    /// <summary>
    /// Chains that alternate are worth more than their draws, up to S log10 S; without the bound ESS is negative or infinite.
    /// </summary>
    [Fact]
    public void Alternating_chains_are_worth_at_most_their_bound()
    {
        double[] draws = Flat(Autoregressive(1, 4, 500, -0.999));
        Assert.Equal(2000 * Math.Log10(2000), ChainDiagnostics.MeanEss(draws, 4), 1e-9);
    }

    [Fact]
    public void A_summary_has_the_moments_and_quantiles_of_the_draws()
    {
        // 0 to 100: quantiles are the numbers themselves, the variance (n^2 - 1) / 12 n / (n - 1).
        double[] draws = [.. Enumerable.Range(0, 101).Select(i => (double)(i * 37 % 101))];
        ComponentSummary summary = ChainDiagnostics.Summarize("theta.1", draws, 1);
        Assert.Equal(("theta.1", 50.0, 5.0, 50.0, 95.0), (summary.Name, summary.Mean, summary.Q05, summary.Median, summary.Q95));
        Assert.Equal(Math.Sqrt((101.0 * 101 - 1) / 12 * 101 / 100), summary.StandardDeviation, 1e-12);
        Assert.Equal((ChainDiagnostics.RHat(draws, 1), ChainDiagnostics.BulkEss(draws, 1), ChainDiagnostics.TailEss(draws, 1)),
            (summary.RHat, summary.BulkEss, summary.TailEss));

        // Between the first two of 11, at a half of the way.
        Assert.Equal(2, ChainDiagnostics.Summarize("x", [9, 1, 3, 5, 6, 4, 7, 8, 2, 3, 9], 1).Q05 + 0.5, 1e-12);
    }

    public static TheoryData<string, double[], int> Undefined => new()
    {
        { "nothing", [], 2 },
        { "three draws a half", [1, 2, 3, 4, 5, 6, 7], 1 },
        { "one value", [.. Enumerable.Repeat(0.1, 40)], 2 },
        { "a value of its own for each chain", [.. Enumerable.Range(0, 40).Select(i => i / 10 * 0.1)], 4 },
        { "one value but for the middle", [.. Enumerable.Range(0, 41).Select(i => i == 20 ? 1.0 : 0.1)], 1 },
        { "NaN", [.. Enumerable.Range(0, 40).Select(i => i == 17 ? double.NaN : i)], 2 },
        { "infinity", [.. Enumerable.Range(0, 41).Select(i => i == 20 ? double.PositiveInfinity : i)], 1 },
    };

    /// <summary>The sum of 40 times 0.1 is not 4: a variance of rounding errors made a number of this once.</summary>
    [Theory]
    [MemberData(nameof(Undefined))]
    public void Where_nothing_can_be_said_the_answer_is_not_a_number(string what, double[] draws, int chains)
    {
        double[] answers =
        [
            ChainDiagnostics.RHat(draws, chains), ChainDiagnostics.SplitRHat(draws, chains), ChainDiagnostics.BulkEss(draws, chains),
            ChainDiagnostics.TailEss(draws, chains), ChainDiagnostics.MeanEss(draws, chains),
                ChainDiagnostics.QuantileEss(draws, chains, 0.5),
            ChainDiagnostics.MeanError(draws, chains), ChainDiagnostics.StandardDeviationError(draws, chains),
                ChainDiagnostics.QuantileError(draws, chains, 0.5),
        ];
        Assert.All(answers, answer => Assert.True(double.IsNaN(answer), $"{what}: {string.Join(", ", answers)}"));
        ComponentSummary summary = ChainDiagnostics.Summarize("x", draws, chains);
        Assert.Equal(what is "NaN" or "infinity" or "nothing", double.IsNaN(summary.Mean) && double.IsNaN(summary.Q05));
        Assert.True(double.IsNaN(summary.RHat) && double.IsNaN(summary.BulkEss) && double.IsNaN(summary.TailEss)
            && double.IsNaN(summary.MeanError));
    }

    /// <summary>
    /// A chain that moved once, halfway, has halves without a variance: worse than any, and no quotient of rounding errors.
    /// </summary>
    [Fact]
    public void Halves_that_stand_still_at_values_of_their_own_never_agree()
    {
        double[] draws = [.. Enumerable.Range(0, 40).Select(i => i / 10 * 0.1)];
        Assert.Equal(double.PositiveInfinity, ChainDiagnostics.RHat(draws, 2));
        Assert.Equal(double.PositiveInfinity, ChainDiagnostics.SplitRHat(draws, 2));
        Assert.InRange(ChainDiagnostics.BulkEss(draws, 2), 1, 4);
    }

    /// <summary>One chain that stands still is the failure R-hat is for, not one to be silent about.</summary>
    [Fact]
    public void A_stuck_chain_among_others_is_found()
    {
        double[][] chains = Autoregressive(3, 4, 200, 0);
        Array.Fill(chains[2], 0.1);
        Assert.True(ChainDiagnostics.RHat(Flat(chains), 4) > 1.1);
    }

    [Fact]
    public void What_is_no_set_of_chains_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainDiagnostics.RHat([1, 2], 0));
        Assert.Contains("9 draws are not those of 2 chains",
            Assert.Throws<ArgumentException>(() => ChainDiagnostics.Summarize("x", new double[9], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainDiagnostics.QuantileEss(new double[16], 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainDiagnostics.QuantileError(new double[16], 2, double.NaN));
    }

    /// <summary>Stationary from the start, of variance 1.</summary>
    private static double[][] Autoregressive(ulong seed, int count, int draws, double phi) => [.. Enumerable.Range(0, count).Select(chain =>
    {
        var random = new Xoshiro256(seed, (ulong)chain);
        double[] values = new double[draws];
        for (int i = 0; i < draws; i++)
        {
            values[i] = i == 0 ? random.NextGaussian() : phi * values[i - 1] + Math.Sqrt(1 - phi * phi) * random.NextGaussian();
        }

        return values;
    })];

    /// <summary>Exact in any language with doubles: s = 69069 s + 1 modulo 2^32, three of them a step.</summary>
    private static double[] Congruential(uint s, int draws, double phi, double shift)
    {
        double x = 0;
        double[] values = new double[draws];
        for (int i = 0; i < draws; i++)
        {
            double sum = 0;
            for (int k = 0; k < 3; k++)
            {
                s = unchecked(s * 69069 + 1);
                sum += s / 4294967296.0;
            }

            x = phi * x + (sum - 1.5);
            values[i] = x + shift;
        }

        return values;
    }

    private static double[] Flat(double[][] chains) => [.. chains.SelectMany(chain => chain)];
}

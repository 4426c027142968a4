namespace OptDsl.Models.Tests.Draws;

public class SamplesTests
{
    /// <summary>A place computed with the wrong stride, or indices in the wrong order, reads another number.</summary>
    [Fact]
    public void Draws_components_and_names_are_those_of_their_places()
    {
        Samples<float> samples = Numbered<float>();
        Assert.Equal((2, 3, 8), (samples.Chains, samples.Draws, samples.Dimensions));
        Assert.Equal(["mu", "theta.1.1", "theta.1.2", "theta.1.3", "theta.2.1", "theta.2.2", "theta.2.3", "tau.1"], samples.ComponentNames);
        Assert.Equal([120f, 121, 122, 123, 124, 125, 126, 127], samples.GetDraw(1, 2).ToArray());
        Assert.Equal([4.0, 14, 24, 104, 114, 124], samples.GetComponent("theta.2.1"));
        Assert.Equal(samples.GetComponent(7), samples.GetComponent("tau.1"));
        Assert.Equal(["log_density", "acceptance", "level"], samples.StatisticNames);
        Assert.Equal([0.5, 1.5, 2.5, 3.5, 4.5, 5.5], samples.GetStatistic("log_density").ToArray());
        Assert.Equal(samples.ComponentNames, samples.Summarize().Select(row => row.Name));
        Assert.Equal(64, samples.Summarize()[4].Mean);
    }

    [Fact]
    public void Elements_in_Stans_order_have_the_first_index_fastest()
    {
        var variable = new SampledVariable("a", [2, 3, 2]);
        Assert.Equal(
            ["a.1.1.1", "a.2.1.1", "a.1.2.1", "a.2.2.1", "a.1.3.1", "a.2.3.1", "a.1.1.2", "a.2.1.2", "a.1.2.2", "a.2.2.2", "a.1.3.2",
                "a.2.3.2"],
            Enumerable.Range(0, 12).Select(place => variable.GetElementName(variable.FromColumnMajor(place))));
        Assert.Equal(new SampledVariable("a", [2, 3, 2]), variable);
        Assert.NotEqual(new SampledVariable("a", [3, 2, 2]), variable);
    }

    [Fact]
    public void Arrays_that_do_not_fit_are_refused_with_their_names()
    {
        SampledVariable[] two = [new("x", []), new("y", [2])];
        Refused<ArgumentOutOfRangeException>("chains", () => Make(0, 1, two, 0));
        Refused<ArgumentOutOfRangeException>("draws", () => Make(1, 0, two, 0));
        Refused<ArgumentOutOfRangeException>("more than an array can hold", () => Make(50_000, 50_000, two, 0));
        Refused<ArgumentException>("12 values, but there are 11", () => Make(2, 2, two, 11));
        Refused<ArgumentException>("two variables 'x'", () => Make(1, 1, [two[0], two[0]], 2));
        Refused<ArgumentException>("at least 1", () => Make(1, 1, [], 0));
        Refused<ArgumentException>("Statistic 'level' needs one number per draw, 4, but has 3",
            () => Make(2, 2, two, 12, ("level", new double[3])));
        Refused<ArgumentException>("'a.b' is not a valid name of a statistic", () => Make(2, 2, two, 12, ("a.b", new double[4])));
        Refused<ArgumentException>("'lp__' is not a valid name of a statistic", () => Make(2, 2, two, 12, ("lp__", new double[4])));
        Refused<ArgumentException>("'a,b' is not a valid name of a variable", () => new SampledVariable("a,b", []));
        Refused<ArgumentOutOfRangeException>("'x' is [3, 0]", () => new SampledVariable("x", [3, 0]));
        Refused<ArgumentOutOfRangeException>("must be at least 1", () => new SampledVariable("x", [65536, 65536]));
        Assert.Throws<NotSupportedException>(() => new Samples<Half>(1, 1, two, new Half[3], new Dictionary<string, double[]>()));
        Samples<double> fine = Make(2, 2, two, 12);
        Refused<ArgumentException>("no component 'z'; the variables are x [], y [2]", () => fine.GetComponent("z"));
        Refused<ArgumentException>("no statistic 'level'", () => fine.GetStatistic("level").Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => fine.GetDraw(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => fine.GetDraw(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => fine.GetComponent(3));

        static Samples<double> Make(int chains, int draws, SampledVariable[] variables, int values,
            params (string Name, double[] Values)[] statistics)
            => new(chains, draws, variables, new double[values],
                statistics.ToDictionary(statistic => statistic.Name, statistic => statistic.Values));

        static void Refused<E>(string words, Func<object> act)
            where E : Exception
            => Assert.Contains(words, Assert.Throws<E>(act).Message, StringComparison.Ordinal);
    }

    /// <summary>Two chains of three draws, whose values say where they are: 100 chain + 10 draw + place.</summary>
    internal static Samples<T> Numbered<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        => new(
            2, 3, [new("mu", []), new("theta", [2, 3]), new("tau", [1])],
            Enumerable.Range(0, 48).Select(i => T.CreateChecked(i / 24 * 100 + i / 8 % 3 * 10 + i % 8)).ToArray(),
            new Dictionary<string, double[]>
            {
                ["level"] = [0, 1, 0, 0, 1, 1],
                ["acceptance"] = [1, 0.25, 1, 0, 1, 0.1],
                ["log_density"] = [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
            });
}

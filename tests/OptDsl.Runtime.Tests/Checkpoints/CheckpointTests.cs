using System.Text.Json.Nodes;
using OptDsl.Checkpoints;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("optdsl-checkpoint-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void A_file_names_every_tensor_and_says_what_it_is()
    {
        using SingleSample sample = new SingleSample().Step(2);
        byte[] bytes = sample.Bytes;
        JsonObject json = CheckpointBytes.Json(bytes);
        string[] names = [.. json.Select(pair => pair.Key)];
        Assert.Equal(
            [
                "__metadata__", "b", "b/ColumnTotal", "b/RowTotal", "b/TensorTotal", "b/exp_avg", "c", "c/ColumnTotal", "c/RowTotal",
                    "c/TensorTotal", "c/exp_avg",
                "groups/a/Total", "groups/a/correction.0", "groups/b/Total", "groups/b/correction.0", "w", "w/ColumnTotal", "w/RowTotal",
                    "w/TensorTotal", "w/exp_avg",
            ],
            names.Order(StringComparer.Ordinal));
        Assert.Equal("F32", json["w"]!["dtype"]!.GetValue<string>());
        Assert.Equal("[3,4]", json["w"]!["shape"]!.ToJsonString());
        Assert.Equal("F64", json["w/RowTotal"]!["dtype"]!.GetValue<string>());
        Assert.Equal("[3]", json["w/RowTotal"]!["shape"]!.ToJsonString());
        Assert.Equal("[4]", json["w/ColumnTotal"]!["shape"]!.ToJsonString());
        Assert.Equal("[]", json["groups/a/Total"]!["shape"]!.ToJsonString());
        JsonObject metadata = json["__metadata__"]!.AsObject();
        foreach ((string key, string value) in (IEnumerable<(string, string)>)[
            ("format", "optdsl"), ("version", "1"), ("rule", "Everything"), ("element", "F32"), ("arithmetic", "Strict"), ("read_at", ""),
                ("step", "2"), ("attempts", "2"), ("seed", "7"),
            ("loss", "1.5"), ("rule/LearningRate", "0.1"), ("rule/Narrow", "0.25"), ("rule/Period", "3"), ("rule/Flag", "1"),
                ("group/w", "a"), ("place/b", "12")])
        {
            Assert.Equal(value, metadata[key]!.GetValue<string>());
        }

        Assert.Contains("""{"name":"Mean","role":"RunningAverage","kind":"PerParameter","saved_as":"exp_avg"}""",
            metadata["states"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(64, metadata["sha256/w/exp_avg"]!.GetValue<string>().Length);
        Assert.Equal(0, CheckpointBytes.Split(bytes).Header.Length % 8);
    }

    [Fact]
    public void Loading_gives_back_every_byte()
    {
        using DoubleSample original = new DoubleSample().Step(3), other = new DoubleSample(seed: 1).Step(1);
        original.Optimizer.Groups["b"].Rule = new Everything(Flag: false, Period: -5, Narrow: 0.1f, LearningRate: 1.0 / 3);
        other.Optimizer.Groups["a"].Rule = new Everything(LearningRate: 9);
        byte[] bytes = original.Bytes;
        other.Load(bytes);
        Assert.Equal(bytes, other.Bytes);
        Assert.Equal(original.Optimizer.Groups["b"].Rule, other.Optimizer.Groups["b"].Rule);
        Assert.Equal(new Everything(), other.Optimizer.Groups["a"].Rule);
        Assert.Equal(original.Step(2).Bytes, other.Step(2).Bytes);
    }

    [Fact]
    public void Refusals_are_counted_on()
    {
        string path = Path.Combine(directory.FullName, "refused");
        using ParameterBuffer<double> parameters = new(), others = new();
        var options = new OptimizerOptions { OnNonFinite = OnNonFinite.Refuse, RefusalLimit = 2 };
        parameters.Add("x", [2]).Gradients.Fill(double.NaN);
        others.Add("x", [2]).Gradients.Fill(double.NaN);
        Optimizer<double, Adam> original = parameters.Optimize(new Adam(), options), resumed = others.Optimize(new Adam(), options);
        Assert.False(original.Step(Token));
        Assert.False(original.Step(Token));
        original.Save(path, Token);
        resumed.Load(path);
        Assert.Equal(2, resumed.RefusedCount);
        Assert.Throws<NonFiniteException>(() => resumed.Step(Token));
    }

    /// <summary>Catches a name that is taken for another: each of these would collide with a neighbour if it were not escaped.</summary>
    [Fact]
    public void Hostile_names_stay_apart()
    {
        (string, nint[], string)[] tensors =
        [
            ("w", [2], "a"), ("w/exp_avg", [2], "a/Total"), ("w%2Fexp_avg", [2], "groups"), ("__metadata__", [1], "a"),
                ("groups/a/Total", [1], "__metadata__"),
            ("groups", [2], "%"), ("%5F_metadata__", [1], "a"), ("sha256", [1], "rule"), ("\"\\\n\u0000\ud800", [1], "\udfff"),
                ("\ud83d\ude00 é <&'>", [1], "é"), ("rule/", [1], "a"), ("correction.0", [1], "a"),
        ];
        using var original = new DoubleSample(7, tensors);
        using var other = new DoubleSample(8, tensors);
        byte[] bytes = original.Step(2).Bytes;
        other.Load(bytes);
        Assert.Equal(bytes, other.Bytes);
        Assert.Contains("w%2Fexp_avg", CheckpointBytes.Json(bytes).Select(pair => pair.Key));
        Assert.Contains("%5F_metadata__", CheckpointBytes.Json(bytes).Select(pair => pair.Key));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(0.30000000000000004)]
    public void Values_keep_their_bits(double value)
    {
        using ParameterBuffer<double> parameters = new(), others = new();
        parameters.Add("x", [1]);
        others.Add("x", [1]);
        Optimizer<double, Unread> original = parameters.Optimize(new Unread(Note: value)), resumed = others.Optimize(new Unread());
        using var stream = new MemoryStream();
        original.Save(stream, "memory");
        stream.Position = 0;
        resumed.Load(stream, "memory");
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(resumed.Rule.Note));
    }

    [Fact]
    public void A_class_is_made_again_and_what_cannot_be_set_must_agree()
    {
        using ParameterBuffer<double> parameters = new();
        parameters.Add("x", [1]);
        Optimizer<double, PlainClass> plain = parameters.Optimize(new PlainClass { LearningRate = 0.5 });
        using var stream = new MemoryStream();
        plain.Save(stream, "memory");
        plain.Rule = new PlainClass();
        stream.Position = 0;
        plain.Load(stream, "memory");
        Assert.Equal(0.5, plain.Rule.LearningRate);

        Optimizer<double, FixedClass> one = parameters.Optimize(new FixedClass(0.5)), two = parameters.Optimize(new FixedClass(0.25));
        using var saved = new MemoryStream();
        one.Save(saved, "memory");
        saved.Position = 0;
        one.Load(saved, "memory");
        saved.Position = 0;
        CheckpointException refused = Assert.Throws<CheckpointException>(() => two.Load(saved, "memory"));
        Assert.Contains("a rule whose LearningRate is 0.5, but here it is 0.25", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A file that held one value of a name would go on with the other rate.</summary>
    [Fact]
    public void A_value_that_another_hides_is_saved_beside_it()
    {
        using ParameterBuffer<double> parameters = new();
        parameters.Add("x", [1]);
        Optimizer<double, Hiding> hiding = parameters.Optimize(new Hiding { LearningRate = 0.5 }.WithBase(0.75));
        using var stream = new MemoryStream();
        hiding.Save(stream, "memory");
        JsonNode metadata = CheckpointBytes.Json(stream.ToArray())["__metadata__"]!;
        Assert.Equal("0.5", metadata["rule/LearningRate"]!.GetValue<string>());
        Assert.Equal("0.75", metadata["rule/HiddenBase.LearningRate"]!.GetValue<string>());
        hiding.Rule = new Hiding();
        stream.Position = 0;
        hiding.Load(stream, "memory");
        Assert.Equal(0.5, hiding.Rule.LearningRate);
        Assert.Equal(1.5, hiding.Rule.Doubled());

        Optimizer<double, FixedHiding> one = parameters.Optimize(new FixedHiding(0.5)), two = parameters.Optimize(new FixedHiding(0.25));
        using var saved = new MemoryStream();
        one.Save(saved, "memory");
        saved.Position = 0;
        one.Load(saved, "memory");
        saved.Position = 0;
        CheckpointException refused = Assert.Throws<CheckpointException>(() => two.Load(saved, "memory"));
        Assert.Contains("a rule whose FixedBase.LearningRate is 0.5, but here it is 0.25", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_whose_values_are_refused_changes_nothing()
    {
        using var sample = new DoubleSample();
        byte[] before = sample.Bytes;
        byte[] bytes = CheckpointBytes.WithJson(before, json => json["__metadata__"]!["rule/Beta"] = "1.5");
        CheckpointException refused = Assert.Throws<CheckpointException>(() => sample.Load(bytes));
        Assert.Contains("refused", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, sample.Bytes);
    }

    [Fact]
    public void An_optimizer_of_some_tensors_saves_those()
    {
        using ParameterBuffer<float> parameters = new();
        ParameterTensor<float> one = parameters.Add("one", [3]);
        parameters.Add("two", [3]).Gradients.Fill(1);
        one.Gradients.Fill(1);
        Optimizer<float, Adam> optimizer = parameters.Optimize(new Adam(), [one]);
        optimizer.Step(Token);
        using var stream = new MemoryStream();
        optimizer.Save(stream, "memory");
        float[] values = parameters.Values.ToArray();
        optimizer.Step(Token);
        parameters["two"].Values.Fill(5);
        stream.Position = 0;
        optimizer.Load(stream, "memory");
        Assert.Equal(values.AsSpan(0, 3), one.Values);
        Assert.Equal([5, 5, 5], parameters["two"].Values);
    }

    [Fact]
    public void Tensors_may_be_added_in_another_order_where_no_draw_depends_on_it()
    {
        using ParameterBuffer<float> parameters = new(), others = new();
        parameters.Add("one", [2]).Gradients.Fill(1);
        parameters.Add("two", [3]).Gradients.Fill(2);
        others.Add("two", [3]);
        others.Add("one", [2]);
        Optimizer<float, Adam> original = parameters.Optimize(new Adam()), resumed = others.Optimize(new Adam());
        original.Step(Token);
        using var stream = new MemoryStream();
        original.Save(stream, "memory");
        stream.Position = 0;
        resumed.Load(stream, "memory");
        Assert.Equal(parameters["two"].Values, others["two"].Values);

        using SingleSample drawn = new(), moved = new(7, ("b", [5], "b"), ("w", [3, 4], "a"), ("c", [], "a"));
        CheckpointException refused = Assert.Throws<CheckpointException>(() => moved.Load(drawn.Bytes));
        Assert.Contains("tensor 'b' at place '12', and this optimizer has '0'", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A sum over all tensors is taken in their order, though no draw depends on their places.</summary>
    [Fact]
    public void Tensors_in_another_order_are_refused_where_only_a_sum_over_them_depends_on_it()
    {
        using ParameterBuffer<float> parameters = new(), others = new();
        parameters.Add("one", [2]).Gradients.Fill(1);
        parameters.Add("two", [3]).Gradients.Fill(2);
        others.Add("two", [3]);
        others.Add("one", [2]);
        Optimizer<float, ClippedSgd> original = parameters.Optimize(new ClippedSgd());
        original.Step(Token);
        using var stream = new MemoryStream();
        original.Save(stream, "memory");
        stream.Position = 0;
        CheckpointException refused = Assert.Throws<CheckpointException>(() => others.Optimize(new ClippedSgd()).Load(stream, "memory"));
        Assert.Contains("tensor 'two' at place '2', and this optimizer has '0'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_that_are_none_are_refused()
    {
        using var sample = new SingleSample();
        Assert.Throws<ArgumentException>(() => sample.Optimizer.Save("", Token));
        Assert.Throws<ArgumentException>(() => sample.Optimizer.Save("/", Token));
        Assert.Throws<ArgumentNullException>(() => sample.Optimizer.Load(null!));
        Assert.Throws<FileNotFoundException>(() => sample.Optimizer.Load(Path.Combine(directory.FullName, "none")));
        Assert.Throws<DirectoryNotFoundException>(() => sample.Optimizer.Save(Path.Combine(directory.FullName, "none", "file"), Token));
        sample.Parameters.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sample.Optimizer.Save(Path.Combine(directory.FullName, "file"), Token));
        Assert.Empty(directory.EnumerateFileSystemInfos());
    }

    [Fact]
    public void A_message_points_to_the_file_before()
    {
        string path = Path.Combine(directory.FullName, "file");
        using var sample = new SingleSample();
        sample.Optimizer.Save(path, Token);
        sample.Step(1).Optimizer.Save(path, Token);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        CheckpointException damaged = Assert.Throws<CheckpointException>(() => sample.Optimizer.Load(path));
        Assert.Equal(path, damaged.File);
        Assert.NotNull(damaged.Tensor);
        Assert.EndsWith("name an untouched copy, or its .previous.", damaged.Message, StringComparison.Ordinal);
        sample.Optimizer.Load(path + ".previous");
        Assert.Equal(0, sample.Optimizer.StepCount);
        Assert.Equal(CheckpointMetadata.Version, "1");
    }
}

using System.Text;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>Files of another program that hold more, or less, than an optimizer: what their refusals advise is done here.</summary>
public sealed class ImportOthersTests
{
    private static readonly float[] Running = [0.5f, 0.25f];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Two parameters that PyTorch has stepped 3 and 5 times, and a batch norm's buffers: the advice is to import into several.
    /// </summary>
    [Fact]
    public void Parameters_of_different_steps_are_imported_into_several_optimizers()
    {
        byte[] file = Foreign(States("w", 3, 3), States("v", 5, 2),
            [("bn.running_mean", Running), ("bn.num_batches_tracked", new[] { 7L })]);
        using ParameterBuffer<float> together = Buffer(), apart = Buffer();
        CheckpointException refused = Assert.Throws<CheckpointException>(() => Import(together.Optimize(new Adam()), file));
        Assert.Contains(
            "for each number of steps bind an optimizer to its tensors, with Optimize(rule, tensors), and import the file into each",
            refused.Message, StringComparison.Ordinal);
        Assert.Equal(new float[5], together.Values.ToArray());

        Optimizer<float, Adam> first = apart.Optimize(new Adam(), [apart["w"]]), second = apart.Optimize(new Adam(), [apart["v"]]);
        Assert.Equal(["v", "v.exp_avg", "v.exp_avg_sq", "v.step", "bn.running_mean", "bn.num_batches_tracked"], Import(first, file));
        Assert.Equal(["w", "w.exp_avg", "w.exp_avg_sq", "w.step", "bn.running_mean", "bn.num_batches_tracked"], Import(second, file));
        Assert.Equal((3, 5), (first.StepCount, second.StepCount));
        Assert.Equal([1, 2, 3, 1, 2], apart.Values.ToArray());
        Assert.Equal([0.5f, 1, 1.5f], first.State["Mean"].ToArray());
        Assert.Equal([0.25f, 0.5f], second.State["MeanSquare"].ToArray());
    }

    /// <summary>
    /// A buffer of another model part does not stand in the way; a state of a parameter that is here, and that the rule has not, does.
    /// </summary>
    [Fact]
    public void Buffers_are_not_read_and_unknown_states_are_refused()
    {
        using ParameterBuffer<float> buffer = Buffer();
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam());
        (string, Array)[][] states = [States("w", 3, 3), States("v", 3, 2)];
        Assert.Equal(["bn.running_mean"], Import(adam, Foreign([.. states, [("bn.running_mean", Running)]])));
        Assert.Equal(["wide", "wide.exp_avg"], Import(adam, Foreign([.. states, [("wide", Running), ("wide.exp_avg", Running)]])));
        Assert.Empty(Import(adam, Foreign([.. states, [("w.mu_product", new[] { 0.5f })]])));
        CheckpointException refused = Assert.Throws<CheckpointException>(() =>
            Import(adam, Foreign([.. states, [("w.max_exp_avg_sq", new float[] { 1, 2, 3 })]])));
        Assert.Contains("holds 'w.max_exp_avg_sq', which this optimizer does not", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A parameter whose name begins with another's belongs to its own optimizer.</summary>
    [Fact]
    public void The_longest_name_says_whose_a_state_is()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("w", [3]);
        buffer.Add("w.v", [2]);
        Optimizer<float, Adam> outer = buffer.Optimize(new Adam(), [buffer["w"]]), inner = buffer.Optimize(new Adam(), [buffer["w.v"]]);
        byte[] file = Foreign(States("w", 3, 3), States("w.v", 5, 2));
        Assert.Equal(["w.v", "w.v.exp_avg", "w.v.exp_avg_sq", "w.v.step"], Import(outer, file));
        Assert.Equal(4, Import(inner, file).Count);
        Assert.Equal((3, 5), (outer.StepCount, inner.StepCount));
    }

    [Fact]
    public void A_file_of_parameters_alone_begins_anew_with_step_0()
    {
        using ParameterBuffer<float> buffer = Buffer(), other = Buffer();
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam()), fresh = other.Optimize(new Adam());
        byte[] file = Foreign([("w", new float[] { 1, 2, 3 }), ("v", new double[] { 4, 5 })]);
        buffer.Gradients.Fill(1);
        adam.Step(Token);
        CheckpointException refused = Assert.Throws<CheckpointException>(() => Import(adam, file));
        Assert.Contains("give Import the number of steps made as the argument step; 0 begins anew from the parameters", refused.Message,
            StringComparison.Ordinal);
        Assert.Contains("tensor 'w.exp_avg' is missing", Assert.Throws<CheckpointException>(() => Import(adam, file, step: 4)).Message,
            StringComparison.Ordinal);
        Assert.Equal(1, adam.StepCount);

        Assert.Empty(Import(adam, file, step: 0));
        Assert.Equal([1, 2, 3, 4, 5], buffer.Values.ToArray());
        Assert.Equal(0, adam.StepCount);
        Assert.Equal(new float[5], adam.State["Mean"].ToArray());
        buffer.Values.CopyTo(other.Values);
        other.Gradients.Fill(1);
        adam.Step(Token);
        fresh.Step(Token);
        Assert.Equal(other.Values.ToArray(), buffer.Values.ToArray());
    }

    /// <summary>Once they came in as they were, and a number past the largest float as infinity.</summary>
    [Fact]
    public void A_number_that_the_buffer_cannot_hold_is_refused_by_name()
    {
        using ParameterBuffer<float> buffer = Buffer();
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam());
        var w = ("w", (Array)new float[] { 1, 2, 3 });
        CheckpointException past = Assert.Throws<CheckpointException>(() =>
            Import(adam, Foreign([w, ("v", new double[] { 4, 1e300 })]), step: 0));
        Assert.Equal("v", past.Tensor);
        Assert.Contains("has 1E+300 at index 1, which exceeds the largest float", past.Message, StringComparison.Ordinal);
        Assert.Contains("has NaN at index 0",
            Assert.Throws<CheckpointException>(() => Import(adam, Foreign([w, ("v", new float[] { float.NaN, 1 })]), step: 0)).Message,
                StringComparison.Ordinal);
        Assert.Equal(new float[5], buffer.Values.ToArray());
    }

    /// <summary>
    /// Another optimizer's states, another number of steps and states that no file has a name for are no obstacle to beginning anew.
    /// </summary>
    [Fact]
    public void Step_0_takes_the_parameters_of_any_file_into_an_optimizer_of_any_rule()
    {
        using ParameterBuffer<float> buffer = Buffer();
        byte[] file = Foreign(States("w", 3, 3), [("w.max_exp_avg_sq", new float[] { 1, 2, 3 })], States("v", 5, 2));
        Optimizer<float, Lion> lion = buffer.Optimize(new Lion());
        Assert.Contains("give Import step: 0", Assert.Throws<InvalidOperationException>(() => Import(lion, file)).Message,
            StringComparison.Ordinal);
        Assert.Equal(["w.exp_avg", "w.exp_avg_sq", "w.step", "w.max_exp_avg_sq", "v.exp_avg", "v.exp_avg_sq", "v.step"],
            Import(lion, file, step: 0));
        Assert.Equal([1, 2, 3, 1, 2], buffer.Values.ToArray());
        Assert.Equal((0, 0f), (lion.StepCount, lion.State["Mean"][0]));
        Assert.True(lion.Step(Token));
    }

    /// <summary>PyTorch keeps nothing for a parameter that it never stepped.</summary>
    [Fact]
    public void A_parameter_without_states_goes_into_an_optimizer_of_its_own()
    {
        byte[] file = Foreign(States("w", 3, 3), [("v", new float[] { 4, 5 })]);
        using ParameterBuffer<float> together = Buffer(), apart = Buffer();
        CheckpointException refused = Assert.Throws<CheckpointException>(() => Import(together.Optimize(new Adam()), file));
        Assert.Equal("v.exp_avg", refused.Tensor);
        Assert.Contains("bound with Optimize(rule, tensors), with the argument step: 0", refused.Message, StringComparison.Ordinal);
        Import(apart.Optimize(new Adam(), [apart["w"]]), file);
        Import(apart.Optimize(new Adam(), [apart["v"]]), file, step: 0);
        Assert.Equal([1, 2, 3, 4, 5], apart.Values.ToArray());
    }

    [Fact]
    public void What_Save_wrote_is_named_so()
    {
        using ParameterBuffer<float> buffer = Buffer();
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam());
        using var stream = new MemoryStream();
        adam.Save(stream, "memory");
        CheckpointException refused = Assert.Throws<CheckpointException>(() =>
            Import(adam, CheckpointBytes.WithJson(stream.ToArray(), json => json.Remove("w"))));
        Assert.Contains("it was written by Save: take it over with Load", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_element_that_is_not_read_says_which_are()
    {
        using ParameterBuffer<float> buffer = Buffer();
        byte[] file = CheckpointBytes.WithJson(Foreign(States("w", 3, 3), States("v", 3, 2)), json => json["w"]!["dtype"] = "BF16");
        Assert.Contains("in F32 or F64", Assert.Throws<CheckpointException>(() => Import(buffer.Optimize(new Adam()), file)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>2^31 products of decays take minutes; of a rule that carries nothing they take nothing.</summary>
    [Fact]
    public void A_number_of_steps_that_would_take_minutes_to_make_again_is_refused()
    {
        using ParameterBuffer<float> buffer = Buffer();
        const int Most = int.MaxValue;
        byte[] file = Foreign(States("w", Most, 3, inLongs: true), States("v", Most, 2, inLongs: true));
        CheckpointException refused = Assert.Throws<CheckpointException>(() => Import(buffer.Optimize(new NAdam()), file));
        Assert.Contains(
            "says that 2147483647 steps were made, and NAdam computes the values that it keeps per group again with that many steps, but at most 33554432 steps are allowed", refused.Message, StringComparison.Ordinal);
        byte[] bare = Foreign(
            [("w", new float[3]), ("w.exp_avg", new float[3]), ("w.exp_avg_sq", new float[3]), ("v", new float[2]),
                ("v.exp_avg", new float[2]), ("v.exp_avg_sq", new float[2])]);
        Assert.Equal(Most,
            Assert.Throws<ArgumentOutOfRangeException>(() => Import(buffer.Optimize(new NAdam()), bare, step: Most)).ActualValue);

        Optimizer<float, Adam> adam = buffer.Optimize(new Adam());
        Import(adam, file);
        Assert.Equal(Most, adam.StepCount);
        Assert.Contains("2147483647 steps were made, and no more can be counted",
            Assert.Throws<InvalidOperationException>(() => adam.Step(Token)).Message, StringComparison.Ordinal);
    }

    /// <summary>A file that is as it was written is never called changed: it says which tensor is not here, or not there.</summary>
    [Theory]
    [InlineData("W", "tensor 'w' is missing; the file has 'W', but here it is 'w', and names are case-sensitive")]
    [InlineData("u", "tensor 'w' is missing; the file has 'u'")]
    [InlineData("w|more", "holds 'more'")]
    [InlineData("", "tensor 'w' is missing; load it into")]
    public void Another_set_of_tensors_is_not_called_a_changed_file(string saved, string says)
    {
        using ParameterBuffer<float> buffer = new(), other = new();
        foreach (string name in saved.Split('|', StringSplitOptions.RemoveEmptyEntries).Append("x"))
        {
            buffer.Add(name, [2]);
        }

        other.Add("w", [2]);
        other.Add("x", [2]);
        using var stream = new MemoryStream();
        buffer.Optimize(new Adam()).Save(stream, "memory");
        stream.Position = 0;
        CheckpointException refused = Assert.Throws<CheckpointException>(() => other.Optimize(new Adam()).Load(stream, "memory"));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("changed", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A rule's states may be written longer than anything that this optimizer would write; a tensor's name, too.</summary>
    [Fact]
    public void A_file_of_a_rule_of_many_states_or_of_long_names_is_not_called_damaged()
    {
        using ParameterBuffer<double> buffer = new(), other = new();
        buffer.Add("w", [1]);
        using var states = new MemoryStream();
        buffer.Optimize(new ManyStates()).Save(states, "memory");
        states.Position = 0;
        string message = Assert.Throws<CheckpointException>(() => buffer.Optimize(new Sgd()).Load(states, "memory")).Message;
        Assert.Contains("holds the rule 'ManyStates', and this optimizer has 'Sgd'", message, StringComparison.Ordinal);

        other.Add(new string('n', 3000), [1], new string('g', 2000));
        using var names = new MemoryStream();
        other.Optimize(new Sgd()).Save(names, "memory");
        names.Position = 0;
        message = Assert.Throws<CheckpointException>(() => buffer.Optimize(new Sgd()).Load(names, "memory")).Message;
        Assert.Contains("tensor 'w' is missing; the file has 'nnn", message, StringComparison.Ordinal);
    }

    /// <summary>Names of strangers are claims until the file has been read.</summary>
    [Fact]
    public void A_large_header_of_strangers_allocates_no_more_than_its_size()
    {
        var text = new StringBuilder("{");
        for (int i = 0; i < 40_000; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"\"{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}},");
        }

        byte[] file = CheckpointBytes.Join(
            Encoding.UTF8.GetBytes(text + "\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}"), new byte[12]);
        using ParameterBuffer<float> buffer = Buffer();
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<CheckpointException>(() => Import(adam, file, step: 0));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * file.Length);
    }

    private static ParameterBuffer<float> Buffer()
    {
        var buffer = new ParameterBuffer<float>();
        buffer.Add("w", [3]);
        buffer.Add("v", [2]);
        return buffer;
    }

    private static IReadOnlyList<string> Import<TRule>(Optimizer<float, TRule> optimizer, byte[] file, int? step = null)
        where TRule : class, IUpdateRule<float>
        => optimizer.Import(new MemoryStream(file), "memory", step);

    /// <summary>A parameter 1, 2, ... with the states of Adam, halves and quarters of it.</summary>
    private static (string, Array)[] States(string name, int steps, int count, bool inLongs = false)
    {
        float[] values = [.. Enumerable.Range(1, count).Select(i => (float)i)];
        return
        [
            (name, values), (name + ".exp_avg", Array.ConvertAll(values, value => value / 2)),
                (name + ".exp_avg_sq", Array.ConvertAll(values, value => value / 4)),
            (name + ".step", inLongs ? new long[] { steps } : new float[] { steps }),
        ];
    }

    private static byte[] Foreign(params (string Name, Array Values)[][] parts)
    {
        var header = new StringBuilder("{");
        using var data = new MemoryStream();
        foreach ((string name, Array values) in parts.SelectMany(part => part))
        {
            byte[] bytes = new byte[System.Buffer.ByteLength(values)];
            System.Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
            string element = values switch { float[] => "F32", double[] => "F64", _ => "I64" };
            header.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"{(header.Length > 1 ? "," : "")}\"{name}\":{{\"dtype\":\"{element}\",\"shape\":[{values.Length}],\"data_offsets\":[{data.Length},{data.Length + bytes.Length}]}}");
            data.Write(bytes);
        }

        return CheckpointBytes.Join(Encoding.UTF8.GetBytes(header.Append('}').ToString()), data.ToArray());
    }
}

/// <summary>States whose description takes a thousand characters.</summary>
[Optimizer]
internal sealed partial record ManyStates(double Rate = 0.1)
{
    [State]
    static double FirstOfManyStates(double gradient) => gradient;

    [State]
    static double SecondOfManyStates(double gradient, double firstOfManyStates) => gradient + firstOfManyStates;

    [State]
    static double ThirdOfManyStates(double gradient, double secondOfManyStates) => gradient + secondOfManyStates;

    [State]
    static double FourthOfManyStates(double gradient, double thirdOfManyStates) => gradient + thirdOfManyStates;

    [State]
    static double FifthOfManyStates(double gradient, double fourthOfManyStates) => gradient + fourthOfManyStates;

    [State]
    static double SixthOfManyStates(double gradient, double fifthOfManyStates) => gradient + fifthOfManyStates;

    [State]
    static double SeventhOfManyStates(double gradient, double sixthOfManyStates) => gradient + sixthOfManyStates;

    [State]
    static double EighthOfManyStates(double gradient, double seventhOfManyStates) => gradient + seventhOfManyStates;

    [State]
    static double NinthOfManyStates(double gradient, double eighthOfManyStates) => gradient + eighthOfManyStates;

    [State]
    static double TenthOfManyStates(double gradient, double ninthOfManyStates) => gradient + ninthOfManyStates;

    [Update]
    double Update(double parameter, double tenthOfManyStates) => parameter - Rate * tenthOfManyStates;
}
